"""Which model a host serves: an id of the store, or the path of a model."""

import hashlib
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

from procoder_model_host.errors import ModelNotFoundError
from procoder_model_host.files.adapters import check_adapter
from procoder_model_host.files.digests import remembered_sha256
from procoder_model_host.files.model_files import read_model
from procoder_model_host.files.model_folder import folder_digest
from procoder_model_host.files.profile import NO_OVERRIDES, Overrides, Profile, read_profile
from procoder_model_host.messages import Loaded
from procoder_model_host.store.catalogue import CATALOGUE
from procoder_model_host.store.store import ModelStore
from procoder_protocol.wire import ModelCard, ModelProfile

_CHAT_STYLE, _COMPLETION_STYLE = "docstring", "purpose"
"""The tutor's prompts that did best, measured, with a small chat model and with Code Llama."""


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model file and what is known about it before it is loaded."""

    id: str
    path: Path
    digest: str
    prompt_style: str
    profile: Profile
    """From the file, corrected by the catalogue and then by the user."""
    overrides: Overrides = NO_OVERRIDES
    """These corrections: what the engine child must be told."""

    @property
    def chat_template(self) -> str | None:
        """Name of the chat template in the fixed table; None for a model that completes."""
        return self.profile.chat_template

    def card(self, loaded: Loaded) -> ModelCard:
        """Return its entry of `/v1/models`, completed by what loading it told."""
        return ModelCard(
            id=self.id,
            object="model",
            created=int(self.path.stat().st_mtime) if self.path.exists() else int(time.time()),
            owned_by="procoder",
            procoder=ModelProfile(
                kind=self.profile.kind,
                prompt_style=self.prompt_style,
                context_window=loaded.context_window,
                digest=self.digest,
                engine=loaded.engine,
            ),
        )


def find_model(name: str, store: ModelStore) -> ServedModel:
    """Resolve `--model`; raises ModelHostError, or OSError for an unreadable file."""
    if store.knows(name):
        overrides = effective_overrides(name, store)
        path = store.path(name)
        entry = CATALOGUE.get(name)
        style = entry.prompt_style if entry else None
        digest = _corrected_digest(store.record(name).digest, store.overrides(name))
        return _served(name, path, digest, overrides, style)
    path = Path(name).expanduser()
    if not path.exists():
        known = ", ".join(dict.fromkeys((*CATALOGUE, *store.installed())))
        raise ModelNotFoundError(
            f"{name} is neither a known model nor a file",
            f"Use one of {known}, or the path of a model.",
        )
    path = path.resolve()
    if path.is_dir():
        digest = folder_digest(path, store.adapted_dir)
        return _served(path.name, path, digest, NO_OVERRIDES, None)
    digest = remembered_sha256(path, store.adapted_dir)
    return _served(path.stem, path, digest, NO_OVERRIDES, None)


def with_adapter(model: ServedModel, adapter: Path, store: ModelStore) -> ServedModel:
    """Return the model as it is with a LoRA adapter: another model to every cache.

    Raises ModelFileError.
    """
    check_adapter(adapter)
    both = f"{model.digest}\n{folder_digest(adapter, store.adapted_dir)}\n"
    digest = f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"
    return replace(model, id=f"{model.id}+{adapter.name}", digest=digest)


def effective_overrides(name: str, store: ModelStore) -> Overrides:
    """Return the user's corrections, and the catalogue's where there is none."""
    overrides = store.overrides(name)
    entry = CATALOGUE.get(name)
    if entry is None or overrides.chat_template is not None:
        return overrides
    return replace(overrides, chat_template=entry.chat_template or "none")


def _corrected_digest(digest: str, corrections: Overrides) -> str:
    """Return the digest of a model as the user corrected it: another model to every cache."""
    if corrections == NO_OVERRIDES:
        return digest
    both = f"{digest}\n{json.dumps(corrections.given(), sort_keys=True)}\n"
    return f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"


def _served(
    name: str, path: Path, digest: str, overrides: Overrides, style: str | None
) -> ServedModel:
    profile = read_profile(read_model(path), overrides)
    default = _CHAT_STYLE if profile.kind == "chat" else _COMPLETION_STYLE
    return ServedModel(name, path, digest, style or default, profile, overrides)
