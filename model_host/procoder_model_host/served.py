"""Which model a host serves: a catalogue id or the path of a GGUF file."""

import time
from dataclasses import dataclass
from pathlib import Path

from procoder_model_host.catalogue import CATALOGUE
from procoder_model_host.digests import remembered_sha256
from procoder_model_host.errors import ModelNotFoundError
from procoder_model_host.messages import Loaded
from procoder_model_host.store import ModelStore
from procoder_protocol.wire import ModelCard, ModelProfile

_DEFAULT_STYLE = "docstring"


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
            digest=store.record(name).digest,
            prompt_style=entry.prompt_style,
            chat_template=entry.chat_template,
        )
    path = Path(name).expanduser()
    if not path.is_file():
        raise ModelNotFoundError(
            f"{name} is neither a model of the catalogue nor a file",
            f"Use one of {', '.join(CATALOGUE)}, or the path of a .gguf file.",
        )
    return ServedModel(
        id=path.stem,
        path=path.resolve(),
        digest=remembered_sha256(path.resolve(), store.adapted_dir),
        prompt_style=_DEFAULT_STYLE,
        chat_template=None,
    )
