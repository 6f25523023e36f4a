"""KV caches within a memory budget."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_driver import EngineDriver

from procoder_model_host.engines import ctransformers, memory
from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.engines.ctransformers import CTransformersEvaluator
from procoder_model_host.errors import EngineError
from procoder_model_host.files.gguf import GGUFHeader, read_header
from procoder_model_host.messages import Failed

TinyModel = Callable[[float], Path]


@pytest.mark.parametrize(
    ("blocks", "width", "heads", "kv_heads", "window", "expected"),
    [
        # Code Llama 7B: half a megabyte a token.
        (32, 4096, 32, None, 2048, 2**30),
        # SmolLM2-135M: grouped heads.
        (30, 576, 9, 3, 2048, 2 * 30 * 192 * 2048 * 2),
        (0, 0, 0, None, 2048, 0),
    ],
)
def test_bytes_of_a_cache(  # noqa: PLR0913, PLR0917 - a table of six columns
    blocks: int, width: int, heads: int, kv_heads: int | None, window: int, expected: int
) -> None:
    metadata = {
        "general.architecture": "llama",
        "llama.block_count": blocks,
        "llama.embedding_length": width,
        "llama.attention.head_count": heads,
        **({} if kv_heads is None else {"llama.attention.head_count_kv": kv_heads}),
    }
    assert memory.kv_bytes(GGUFHeader(2, metadata, {}, (), 32, 0), window) == expected


def _options(path: Path, folder: Path, budget: int | None) -> LoadOptions:
    return LoadOptions(path, read_header(path), folder, 512, 1, memory_budget=budget)


@pytest.mark.parametrize(
    ("budget", "lanes"), [(None, 3), (3 * 2**18, 3), (3 * 2**18 - 1, 2), (2**18, 1), (0, 1)]
)
def test_lanes_that_fit(
    tiny_model: TinyModel,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    budget: int | None,
    lanes: int,
) -> None:
    # The tiny model's cache: 2 kinds, 2 blocks, 64 features, 512 tokens, 2 bytes.
    evaluator = CTransformersEvaluator(_options(tiny_model(1e6), tmp_path, budget))
    assert evaluator.lanes == lanes
    assert ("lose each other's prefix" in caplog.text) == (lanes < 3)
    evaluator.close()


def test_a_context_that_cannot_fit_is_refused_with_advice(
    tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctransformers, "available_memory", lambda: 1000)
    with pytest.raises(EngineError, match="512 tokens") as raised:
        CTransformersEvaluator(_options(tiny_model(1e6), tmp_path, None))
    assert "--context" in raised.value.advice


def test_what_the_machine_has_is_known_here() -> None:
    available = memory.available_memory()
    assert available is not None
    assert 2**20 < available < 2**50
    assert memory.spare_memory(0) in range(available // 4, available)
    assert memory.spare_memory(2**60) == 0


def test_a_containers_limit_counts(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("400\n")
    assert memory._cgroup(tmp_path) == 600
    (tmp_path / "memory.max").write_text("max\n")
    assert memory._cgroup(tmp_path) is None
    assert memory._cgroup(tmp_path / "none") is None


def test_priorities_that_share_one_lane_all_answer(
    tiny_model: TinyModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    driver = EngineDriver("ctransformers", tiny_model(1e6), tmp_path, memory_budget=0)
    prefetch = driver.start("def add(a, b):", 64, priority="prefetch")
    answers = [driver.ask("x", 16, priority=name).text for name in ("interactive", "chat")]
    assert answers[0] == answers[1]
    assert driver.answer(prefetch).outcome == ("length", 64)
    driver.engine.close()


def test_a_lane_too_many_is_out_of_memory_and_the_others_go_on(
    tiny_model: TinyModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny_model(1e6)
    driver = EngineDriver("ctransformers", path, tmp_path)

    def refuse(_evaluator: CTransformersEvaluator) -> None:
        raise EngineError("Failed to create LLM")

    monkeypatch.setattr(CTransformersEvaluator, "_open_context", refuse)
    failed = driver.replies.wait(driver.start("x", 4, priority="chat"), Failed)
    assert failed.code == "out_of_memory"
    assert driver.ask("x", 4).outcome == ("length", 4)
    driver.engine.close()
