"""The model store: one folder per model, pulled or added, complete or absent.

<root>/<id>/model.gguf     the original file (a GGML `.bin` too: the first bytes tell); appears by
                           an atomic rename, never changes; a link where the user has the file
<root>/<id>/model.json     its digest and where it came from
<root>/<id>/profile.json   the user's corrections to its profile
<root>/<id>/model.partial  a download under way or broken off
<root>/<id>.lock           held while the model is pulled or removed
<root>/adapted/            copies rewritten for ctransformers (adapt.py)
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from filelock import FileLock, Timeout

from procoder_model_host.errors import (
    DownloadError,
    ModelFileError,
    ModelNotFoundError,
    StoreError,
)
from procoder_model_host.files.digests import replace_text, sha256_of
from procoder_model_host.files.model_files import read_model
from procoder_model_host.files.profile import Overrides
from procoder_model_host.store.catalogue import CATALOGUE, CatalogueEntry
from procoder_model_host.store.linking import link_or_copy
from procoder_model_host.store.overrides import read_overrides, write_overrides
from procoder_model_host.store.sources.base import (
    Fetched,
    Progress,
    ProgressListener,
    Source,
    SourceUnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA_DIR_VARIABLE = "PROCODER_DATA_DIR"
_POLL_SECONDS = 0.2
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_RESERVED = frozenset({"adapted"})


@dataclass(frozen=True, slots=True)
class Record:
    """What the store notes about a model it holds."""

    digest: str
    """`sha256:<hex>` of the original file, checked when it was pulled."""
    origin: str


def default_root() -> Path:
    """Return `$PROCODER_DATA_DIR/models`, or `models` in the user's data folder."""
    configured = os.environ.get(DATA_DIR_VARIABLE)
    folder = Path(configured) if configured else platformdirs.user_data_path("procoder")
    return folder / "models"


def _ignore(_: Progress) -> None:
    """Show nothing."""


def _catalogue_sources(entry: CatalogueEntry) -> Iterable[Source]:
    # The HTTP client costs 200 ms to import, which only a pull should pay.
    from procoder_model_host.store.sources.known import sources_of  # noqa: PLC0415 - see above

    return sources_of(entry)


class ModelStore:
    """Fetches models of the catalogue, keeps them and the user's own; safe across processes."""

    def __init__(
        self,
        root: Path | None = None,
        *,
        catalogue: Mapping[str, CatalogueEntry] = CATALOGUE,
        sources: Callable[[CatalogueEntry], Iterable[Source]] = _catalogue_sources,
    ) -> None:
        self.root = default_root() if root is None else root
        self._catalogue = catalogue
        self._sources = sources

    @property
    def adapted_dir(self) -> Path:
        """The folder for copies rewritten for ctransformers; it may not exist yet."""
        return self.root / "adapted"

    def entry(self, model: str) -> CatalogueEntry:
        """Return the catalogue's entry; raises ModelNotFoundError for an unknown id."""
        try:
            return self._catalogue[model]
        except KeyError:
            known = ", ".join(self._catalogue)
            raise ModelNotFoundError(
                f"there is no model {model!r} in the catalogue", f"Use one of: {known}."
            ) from None

    def knows(self, model: str) -> bool:
        """Tell whether this is an id: of the catalogue, or of a model that the user added."""
        return model in self._catalogue or self._added(model)

    def path(self, model: str) -> Path:
        """Return the model's file; raises ModelNotFoundError unless it is here."""
        if not self._added(model):
            self.entry(model)
        path = self._file(model)
        if path.is_file():
            return path
        if path.is_symlink():
            raise ModelNotFoundError(
                f"the file of {model} is gone: {path.readlink()}",
                f"Run `procoder models rm {model}`, and add or pull it again.",
            )
        raise ModelNotFoundError(
            f"the model {model} is not on this machine", f"Run `procoder models pull {model}`."
        )

    def installed(self) -> tuple[str, ...]:
        """Return the ids of the models that are here: the catalogue's in its order, then added."""
        known = [model for model in self._catalogue if self._file(model).is_file()]
        return (*known, *self.added())

    def added(self) -> tuple[str, ...]:
        """Return the ids of the models that the user added, sorted."""
        folders = self.root.iterdir() if self.root.is_dir() else ()
        return tuple(sorted(folder.name for folder in folders if self._added(folder.name)))

    def overrides(self, model: str) -> Overrides:
        """Return the user's corrections to a model's profile; raises ProfileError if spoiled."""
        return read_overrides(self._corrections(model))

    def set_overrides(self, model: str, overrides: Overrides) -> None:
        """Keep the user's corrections to the profile of a model that is here."""
        self.path(model)
        with self._folder_errors():
            write_overrides(self._corrections(model), overrides)

    def add(self, file: Path, model: str, progress: ProgressListener = _ignore) -> Path:
        """Check a file of the user's and register it as `model`; link it, or copy if need be.

        Raises ModelFileError for a file that is no model, StoreError for an id that cannot be or
        is taken.
        """
        if not _ID.fullmatch(model) or model in _RESERVED:
            raise StoreError(
                f"{model!r} cannot be an id", "Use letters, digits, '.', '-' and '_': --id NAME."
            )
        if model in self._catalogue:
            raise StoreError(f"{model} is a model of the catalogue", "Use another id: --id NAME.")
        if not file.is_file():
            raise ModelFileError(file, "is not a file", "A folder is served by its path: --model.")
        file = file.resolve()
        read_model(file)
        with self._folder_errors(), self._locked(model, progress):
            if self._added(model):
                raise StoreError(f"{model} is there already", f"Use --id NAME, or remove {model}.")
            digest = self._check(file, None, progress)
            target = self._file(model)
            target.parent.mkdir(exist_ok=True)
            partial = target.with_suffix(".partial")
            link_or_copy(file, partial, progress)
            partial.replace(target)
            # The note comes last: with it the model is there.
            replace_text(self._note(model), json.dumps(asdict(Record(digest, str(file)))))
        return target

    def record(self, model: str) -> Record:
        """Return what is noted about a model that is here."""
        self.path(model)
        return self._read_note(model)

    def _read_note(self, model: str) -> Record:
        try:
            fields = json.loads(self._note(model).read_text(encoding="utf-8"))
            return Record(digest=str(fields["digest"]), origin=str(fields["origin"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"the store's note on {model} is unreadable ({self._note(model)})",
                f"Run `procoder models rm {model}` and pull it again.",
            ) from error

    def pull(self, model: str, progress: ProgressListener = _ignore) -> Path:
        """Fetch the model unless it is here, and return its file.

        Raises DownloadError, ModelFileError or StoreError; an interrupted download is gone on
        with next time.
        """
        entry = self.entry(model)
        path = self._file(model)
        if path.is_file():
            return path
        with self._folder_errors(), self._locked(model, progress):
            if not path.is_file():
                path.parent.mkdir(exist_ok=True)
                self._fetch(entry, progress)
        return path

    def verify(self, model: str, progress: ProgressListener = _ignore) -> Record:
        """Read the whole file and check its digest and header; raises ModelFileError."""
        path = self.path(model)
        record = self.record(model)
        entry = self._catalogue.get(model)
        expected = (entry.digest if entry else None) or record.digest
        self._check(path, expected, progress)
        return record

    def remove(self, model: str) -> None:
        """Delete the model, its adapted copies and what is left of a broken download.

        Of a file that the user added, only the link goes.
        """
        entry = self._catalogue.get(model)
        folder = self._file(model).parent
        if not self._added(model) and not (entry and folder.is_dir()):
            self.path(model)
        with self._folder_errors(), self._locked(model, _ignore):
            digests = {entry.digest} if entry and entry.digest else set()
            if self._note(model).is_file():
                digests.add(self._read_note(model).digest)
            for digest in digests:
                for copy in self.adapted_dir.glob(f"{digest.removeprefix('sha256:')}-*"):
                    copy.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=False)

    def _added(self, model: str) -> bool:
        plain = bool(_ID.fullmatch(model)) and model not in self._catalogue
        return plain and model not in _RESERVED and self._note(model).is_file()

    def _corrections(self, model: str) -> Path:
        return self.root / model / "profile.json"

    def _file(self, model: str) -> Path:
        return self.root / model / "model.gguf"

    def _note(self, model: str) -> Path:
        return self.root / model / "model.json"

    def _fetch(self, entry: CatalogueEntry, progress: ProgressListener) -> None:
        partial = self._file(entry.id).with_suffix(".partial")
        fetched = self._first_source(entry, partial, progress)
        expected = entry.digest or fetched.digest
        try:
            digest = self._check(partial, expected, progress)
        except ModelFileError as error:
            partial.unlink()
            raise DownloadError(
                f"what {fetched.origin} delivered is not the model: {error.reason}",
                "It was removed; pull again, and report it when it happens again.",
            ) from error
        replace_text(self._note(entry.id), json.dumps(asdict(Record(digest, fetched.origin))))
        partial.replace(self._file(entry.id))

    def _first_source(
        self, entry: CatalogueEntry, partial: Path, progress: ProgressListener
    ) -> Fetched:
        reasons = []
        for source in self._sources(entry):
            try:
                return source.fetch(partial, progress)
            except SourceUnavailableError as error:
                reasons.append(str(error))
        raise DownloadError(
            f"{entry.id} could not be found: {'; '.join(reasons)}",
            "Check the network (and HTTPS_PROXY), and pull it again.",
        )

    def _check(self, path: Path, expected: str | None, progress: ProgressListener) -> str:
        size = path.stat().st_size
        digest = sha256_of(path, lambda done: progress(Progress("checking", done, size)))
        if expected is not None and digest != expected:
            raise ModelFileError(
                path,
                f"has the digest {digest}, not {expected}",
                "Remove it with `procoder models rm` and pull it again.",
            )
        read_model(path)
        return digest

    @contextmanager
    def _locked(self, model: str, progress: ProgressListener) -> "Iterator[None]":
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / f"{model}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(Progress("waiting for another pull of this model"))
            lock.acquire(poll_interval=_POLL_SECONDS)
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _folder_errors(self) -> "Iterator[None]":
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"the store {self.root} cannot be written: {error.strerror or error}",
                f"Make it writable, or set {DATA_DIR_VARIABLE} to another folder.",
            ) from error
