"""The generated Code-Llama-shaped files are what other tests take them for (by llama.cpp)."""

import json
import urllib.request
from pathlib import Path

import pytest
import xllamacpp
from sample_models import CODE_LLAMA_ROPE_BASE, INFILLING, write_full_gguf, write_gguf
from sample_models.shape import TINY

from procoder_model_host.files.adapt import adapted_copy
from procoder_model_host.files.compatibility import require_loadable
from procoder_model_host.files.gguf import read_header

PROMPT = [1, *range(300, 340)]
CLEAR_MARGIN = 0.1
"""Between the logits of the two likeliest tokens; engines differ by less than a third of it."""


def greedy(model: Path) -> tuple[list[int], float]:
    """Return 24 tokens after the prompt, and the narrowest margin, by llama.cpp."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_ctx = 128
    parameters.warmup = False
    parameters.port = 0
    parameters.cpuparams.n_threads = 1
    server = xllamacpp.Server(parameters)
    body = {"prompt": PROMPT, "n_predict": 24, "temperature": 0, "n_probs": 2}
    request = urllib.request.Request(
        f"{server.listening_address}/completion",
        json.dumps(body | {"return_tokens": True}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    pairs = [step["top_logprobs"] for step in answer["completion_probabilities"]]
    return answer["tokens"], min(best["logprob"] - next_["logprob"] for best, next_ in pairs)


def test_all_forms_answer_the_same_and_clearly(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    answers = [
        greedy(write_gguf(path, weight_type=kind, version=version))
        for kind in ("F32", "F16", "Q4_1")
        for version in (2, 3)
    ]
    assert {tuple(tokens) for tokens, _ in answers} == {tuple(answers[0][0])}
    assert len(set(answers[0][0])) > 12, "a loop would prove little"
    assert min(margin for _, margin in answers) > CLEAR_MARGIN


@pytest.mark.parametrize("base", [10_000.0, None])
def test_the_rope_base_decides_the_answer(tmp_path: Path, base: float | None) -> None:
    right, _ = greedy(write_gguf(tmp_path / "right.gguf"))
    wrong, _ = greedy(write_gguf(tmp_path / "wrong.gguf", rope_base=base))
    assert wrong != right


def test_the_layout_is_code_llamas(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "model.gguf", version=2)
    header = read_header(path)
    names = header.metadata["tokenizer.ggml.tokens"]
    assert isinstance(names, tuple)
    assert len(set(names)) == len(names) == 32_016
    assert names[:3] == ("<unk>", "<s>", "</s>")
    assert {name: names.index(name) for name in INFILLING} == INFILLING
    assert header.metadata["llama.rope.freq_base"] == CODE_LLAMA_ROPE_BASE
    assert adapted_copy(path, header, tmp_path) == path


def test_the_full_writer_writes_what_ctransformers_loads(tmp_path: Path) -> None:
    path = write_full_gguf(tmp_path / "model.gguf", shape=TINY)
    header = read_header(path)
    require_loadable(path, header)
    assert {tensor.type for tensor in header.tensors} == {0, 3}
