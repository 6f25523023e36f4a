"""Every installed engine over the same two models; in each environment those that are there.

The development environment has ctransformers and llamacpp, that of `make test-transformers` all
three. The tiny model's weights are F32 and its greedy margins are clear (see `PROMPTS` in the
suite): engines differ in the last digits, by how a prompt is cut into batches and by KV caches of
16-bit floats, and a close race would be decided by that.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_driver import EngineDriver
from sample_models import write_gguf

from procoder_model_host.engines.choice import ENGINES

INSTALLED = [name for name, kind in ENGINES.items() if kind.installed]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float], Path]:
    """A Code-Llama-shaped file of any RoPE base, GGUF v3 as all engines take it."""
    folder = tmp_path_factory.mktemp("tiny")

    def write(rope_base: float) -> Path:
        path = folder / f"tiny-{rope_base:g}.gguf"
        return path if path.exists() else write_gguf(path, rope_base=rope_base)

    return write


@pytest.fixture(scope="session", params=INSTALLED)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each installed engine."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def tiny(engine_name: str, tiny_model: Callable[[float], Path]) -> Iterator[EngineDriver]:
    """The engine over the tiny model at Code Llama's RoPE base."""
    path = tiny_model(1_000_000)
    driver = EngineDriver(engine_name, path, path.parent)
    yield driver
    driver.engine.close()


@pytest.fixture(scope="session")
def smol(engine_name: str, smollm2: Path, model_store: Path) -> Iterator[EngineDriver]:
    """The engine over the real default model."""
    driver = EngineDriver(engine_name, smollm2, model_store / "models" / "adapted", window=2048)
    yield driver
    driver.engine.close()
