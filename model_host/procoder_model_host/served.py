"""Which model a host serves: a catalogue id or the path of a GGUF file."""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from procoder_model_host.catalogue import CATALOGUE
from procoder_model_host.errors import ModelNotFoundError
from procoder_model_host.messages import Loaded
from procoder_model_host.store import ModelStore
from procoder_protocol.wire import ModelCard, ModelProfile

_DEFAULT_STYLE = "docstring"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model file and what is known about it before it is loaded."""

    id: str
    path: Path
    digest: str
    prompt_style: str
    chat_template: str | None
    """From the catalogue; None lets the file's metadata decide."""

    def card(self, loaded: Loaded) -> ModelCard:
        """Return its entry of `/v1/models`, completed by what loading it told."""
        chat = self.chat_template or loaded.chat_template
        return ModelCard(
            id=self.id,
            object="model",
            created=int(self.path.stat().st_mtime) if self.path.exists() else int(time.time()),
            owned_by="procoder",
            procoder=ModelProfile(
                kind="chat" if chat else "completion",
                prompt_style=self.prompt_style,
                context_window=loaded.context_window,
                digest=self.digest,
                engine=loaded.engine,
            ),
        )


def find_model(name: str, store: ModelStore) -> ServedModel:
    """Resolve `--model`; raises ModelNotFoundError, or OSError for an unreadable file."""
    entry = CATALOGUE.get(name)
    if entry is not None:
        path = store.path(name)
        return ServedModel(
            id=name,
            path=path,
            digest=entry.digest or file_digest(path, store.adapted_dir),
            prompt_style=entry.prompt_style,
            chat_template=entry.chat_template,
        )
    path = Path(name).expanduser()
    if not path.is_file():
        raise ModelNotFoundError(
            f"{name} is neither a model of the catalogue ({', '.join(CATALOGUE)}) nor a file"
        )
    return ServedModel(
        id=path.stem,
        path=path.resolve(),
        digest=file_digest(path.resolve(), store.adapted_dir),
        prompt_style=_DEFAULT_STYLE,
        chat_template=None,
    )


def file_digest(path: Path, cache_folder: Path) -> str:
    """Return `sha256:<hex>` of a file, remembered by its size and time: 4 GB take many seconds."""
    status = path.stat()
    stamp = [str(path), status.st_size, status.st_mtime_ns]
    key = hashlib.sha256(json.dumps(stamp).encode()).hexdigest()
    note = cache_folder / f"{key}.digest"
    try:
        remembered = note.read_text(encoding="ascii").strip()
        if remembered.startswith("sha256:"):
            return remembered
    except (OSError, UnicodeDecodeError):
        pass
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    digest = f"sha256:{hasher.hexdigest()}"
    cache_folder.mkdir(parents=True, exist_ok=True)
    note.write_text(digest, encoding="ascii")
    return digest
