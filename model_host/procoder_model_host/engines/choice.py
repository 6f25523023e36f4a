"""Which engine serves a model.

`auto` takes ctransformers for what it reads or can adapt, llamacpp for other GGUF files, and
transformers for folders.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from procoder_model_host.engines.base import Emit, Engine, LoadOptions, OpenEngine
from procoder_model_host.errors import EngineError, ModelFileError, ModelHostError, TokenizerError

log = logging.getLogger(__name__)

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class EngineKind:
    """Where an engine's code is, and what must be installed for it."""

    opener: str
    """`module:name` of an OpenEngine; imported only when asked for."""
    library: str
    """The package that it imports."""
    extra: str | None = None
    """The extra of ours that installs it; None for what is always there."""
    adapters: bool = False
    """Whether it can apply a LoRA adapter."""

    @property
    def installed(self) -> bool:
        """Tell whether its library is there, without importing it."""
        return find_spec(self.library) is not None

    def open(self, options: LoadOptions, emit: Emit) -> Engine:
        """Load a model; raises ModelHostError."""
        if options.adapter is not None and not self.adapters:
            raise EngineError(
                f"{self.library} cannot apply an adapter", "Use --engine transformers."
            )
        if not self.installed:
            extra = f"procoder[{self.extra}]" if self.extra else "procoder"
            raise EngineError(
                f"the engine for {options.path.name} needs {self.library}, which is not installed",
                f"Install it: pip install '{extra}'.",
            )
        module, _, name = self.opener.partition(":")
        opener: OpenEngine = getattr(import_module(module), name)
        return opener(options, emit)


_PACKAGE = "procoder_model_host.engines"
ENGINES: Mapping[str, EngineKind] = {
    "ctransformers": EngineKind(f"{_PACKAGE}.ctransformers:open_engine", "ctransformers"),
    "llamacpp": EngineKind(f"{_PACKAGE}.llamacpp:LlamaCppEngine", "xllamacpp", "llamacpp"),
    "transformers": EngineKind(
        f"{_PACKAGE}.transformers:open_engine", "transformers", "transformers", adapters=True
    ),
}
"""By name, as `--engine` takes them."""


def open_engine(
    name: str, options: LoadOptions, emit: Emit, engines: Mapping[str, EngineKind] = ENGINES
) -> tuple[str, Engine]:
    """Load a model with the engine of this name, and tell which one that is.

    Raises ModelHostError with what to do.
    """
    if name == AUTO:
        return _open_suitable(options, emit, engines)
    if name not in engines:
        raise EngineError(f"unknown engine {name!r}", f"Use one of {', '.join((AUTO, *engines))}.")
    return name, engines[name].open(options, emit)


def _open_suitable(
    options: LoadOptions, emit: Emit, engines: Mapping[str, EngineKind]
) -> tuple[str, Engine]:
    if options.path.is_dir() or options.adapter is not None:
        return "transformers", engines["transformers"].open(options, emit)
    try:
        return "ctransformers", engines["ctransformers"].open(options, emit)
    except (ModelFileError, TokenizerError, EngineError) as refusal:
        if not engines["llamacpp"].installed:
            raise _with_advice(refusal) from refusal
        log.warning("%s; the llamacpp engine takes it", refusal)
    return "llamacpp", engines["llamacpp"].open(options, emit)


def _with_advice(refusal: ModelHostError) -> EngineError:
    return EngineError(
        str(refusal), refusal.advice or "Use another engine: pip install 'procoder[llamacpp]'."
    )
