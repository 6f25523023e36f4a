"""One suite over every engine: the same tokens, the same manners."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from engine_driver import EngineDriver
from numpy.typing import NDArray
from sample_models.reference import ReferenceModel

from procoder_model_host.engines.base import Evaluator, LoadOptions, position_seed
from procoder_model_host.engines.choice import ENGINES
from procoder_model_host.engines.ctransformers import CTransformersEvaluator
from procoder_model_host.engines.transformers import TransformersEvaluator
from procoder_model_host.files.gguf import read_header
from procoder_model_host.files.profile import FIM_FAMILIES
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Failed,
    Finished,
    Prefilled,
    Prefilling,
    Sampling,
    Special,
    Text,
)
from procoder_model_host.web.infill import infill_prompt

WRONG_BASE = 10_000.0
CODE_LLAMA_BASE = 1_000_000.0
COUNT = 48
PROMPTS = ("def add(a, b):\n    return a + b\n" * 3, "x")
"""Over 48 tokens the likeliest leads by 0.07 at least; engines differ by 0.02 at most."""
CLEAR_MARGIN = 0.05
LOGIT_TOLERANCE = 0.05
"""Of logits between -18 and 18; measured: 0.02."""

_EVALUATORS: dict[str, Callable[[LoadOptions], Evaluator]] = {
    "ctransformers": CTransformersEvaluator,
    "transformers": TransformersEvaluator,
}
"""Engines that show their logits; llama.cpp's server shows probabilities of the likeliest."""
INSTALLED_EVALUATORS = [name for name in _EVALUATORS if ENGINES[name].installed]

IN_FLIGHT = {"llamacpp": 2}
"""Tokens of prefetch that may still come when somebody else asks: that of the step that runs;
llama.cpp's server looks whether it shall stop when it has sent a token."""


@pytest.fixture(scope="session")
def tokenizer(tiny_model: Callable[[float], Path]) -> Tokenizer:
    return Tokenizer(read_header(tiny_model(CODE_LLAMA_BASE)).metadata)


Expected = Callable[[str, float], str]


@pytest.fixture(scope="session")
def expected(tokenizer: Tokenizer) -> Expected:
    """The reference's greedy continuation of a prompt."""

    def compute(prompt: str, rope_base: float = CODE_LLAMA_BASE) -> str:
        tokens = tokenizer.encode_prompt((Text(text=prompt),))
        answer, margin = ReferenceModel(rope_base=rope_base).greedy(tokens, COUNT)
        assert margin > CLEAR_MARGIN or rope_base != CODE_LLAMA_BASE
        return b"".join(map(tokenizer.piece, answer)).decode()

    return compute


@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy_answers_are_the_references(
    tiny: EngineDriver, expected: Expected, prompt: str
) -> None:
    answer = tiny.ask(prompt, COUNT)
    assert answer.text == expected(prompt, CODE_LLAMA_BASE)
    assert answer.outcome == ("length", COUNT)


@pytest.mark.parametrize(
    ("prefix", "suffix"), [("def add(a, b):", "\n"), ("a = 1\n", "\nprint(a)")]
)
def test_a_gap_is_filled_from_the_references_tokens(
    tiny: EngineDriver, tokenizer: Tokenizer, prefix: str, suffix: str
) -> None:
    parts = infill_prompt(FIM_FAMILIES["code-llama"], prefix, suffix)
    tokens = tokenizer.encode_prompt(parts)
    expected, margin = ReferenceModel().greedy(tokens, 12)
    assert margin > CLEAR_MARGIN
    request = tiny.start(parts, 12)
    assert tiny.answer(request).text == b"".join(map(tokenizer.piece, expected)).decode()
    assert tiny.replies.wait(request, Accepted).prompt_tokens == len(tokens)


def test_the_wrong_rope_base_would_be_noticed(
    engine_name: str, tiny_model: Callable[[float], Path], expected: Expected, tmp_path: Path
) -> None:
    driver = EngineDriver(engine_name, tiny_model(WRONG_BASE), tmp_path)
    answers = [driver.ask(prompt, COUNT).text for prompt in PROMPTS]
    driver.engine.close()
    for prompt, answer in zip(PROMPTS, answers, strict=True):
        right, wrong = expected(prompt, CODE_LLAMA_BASE), expected(prompt, WRONG_BASE)
        assert answer[:16] == wrong[:16]
        assert answer != right


@pytest.fixture(scope="module", params=INSTALLED_EVALUATORS)
def evaluator(
    request: pytest.FixtureRequest,
    tiny_model: Callable[[float], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Evaluator]:
    """Each installed evaluator over the tiny model."""
    path = tiny_model(CODE_LLAMA_BASE)
    folder = tmp_path_factory.mktemp("adapted")
    evaluator = _EVALUATORS[request.param](LoadOptions(path, read_header(path), folder, 512, 1))
    yield evaluator
    evaluator.close()


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("batch", [1, 7, 64])
def test_logits_are_the_references(
    evaluator: Evaluator, tokenizer: Tokenizer, prompt: str, batch: int
) -> None:
    tokens = tokenizer.encode_prompt((Text(text=prompt),))
    for start in range(evaluator.reuse(0, tokens), len(tokens), batch):
        evaluator.evaluate(0, tokens[start : start + batch])
    logits = np.array(evaluator.logits(0))
    assert np.abs(logits - ReferenceModel().logits(tokens)).max() < LOGIT_TOLERANCE
    wrong = ReferenceModel(rope_base=WRONG_BASE).logits(tokens)
    assert np.abs(logits - wrong).max() > 5 * LOGIT_TOLERANCE


def test_a_lane_is_cut_to_what_it_shares(evaluator: Evaluator) -> None:
    tokens = list(range(300, 340))
    fresh = _logits(evaluator, 1, tokens)
    _logits(evaluator, 1, [*tokens[:20], *range(400, 440)])
    assert evaluator.reuse(1, tokens) == 20
    evaluator.evaluate(1, tokens[20:])
    assert np.abs(np.array(evaluator.logits(1)) - fresh).max() < LOGIT_TOLERANCE
    # The last token is evaluated again: without it there would be no logits.
    assert evaluator.reuse(1, tokens) == 39


def test_lanes_do_not_disturb_each_other(evaluator: Evaluator) -> None:
    tokens = list(range(300, 340))
    before = _logits(evaluator, 0, tokens)
    _logits(evaluator, 1, list(range(500, 600)))
    assert np.array_equal(np.array(evaluator.logits(0)), before)
    assert evaluator.reuse(0, [*tokens, 7]) == 40


def test_draws_follow_the_seed_and_are_not_repeated(evaluator: Evaluator) -> None:
    _logits(evaluator, 0, [300, 301])
    even = Sampling(temperature=1000.0)

    def draw(seed: int) -> list[int]:
        return [evaluator.sample(0, even, position_seed(seed, place)) for place in range(40)]

    assert draw(7) == draw(7)
    assert len(set(draw(7))) > 30
    assert draw(7) != draw(8)


def _logits(evaluator: Evaluator, lane: int, tokens: list[int]) -> NDArray[np.float64]:
    evaluator.evaluate(lane, tokens[evaluator.reuse(lane, tokens) :])
    return np.array(evaluator.logits(lane))


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("1 2 3 4 5", " 6 7 8 9 10 11 12 13 14 "),
        ("The capital of France is", " Paris.\n\nThe"),
        ('def add(a, b):\n    """Add two numbers."""\n    return', " a + b\n\n# Example usage:\n"),
        ("Monday, Tuesday, Wednesday,", " and Thursday) to create a 3-day weekend."),
    ],
)
def test_a_real_model_answers_the_same(smol: EngineDriver, prompt: str, answer: str) -> None:
    # Further on engines may part: the weights are rounded to 4 bits, and activations differently.
    assert smol.ask(prompt, 24).text.startswith(answer)


@pytest.mark.parametrize(
    "text", ["", " ", "  a\n\n\tb", "def f(x): return x**2", "naïve 日本語 \N{CRAB}\x00", "</s><s>"]
)
def test_tokens_are_the_models(
    tiny: EngineDriver, smol: EngineDriver, tokenizer: Tokenizer, smollm2: Path, text: str
) -> None:
    assert tiny.engine.tokenize(text) == tokenizer.encode(text)
    assert smol.engine.tokenize(text) == Tokenizer(read_header(smollm2).metadata).encode(text)


def test_seeds(smol: EngineDriver) -> None:
    def draw(seed: int | None) -> str:
        return smol.ask("Once upon a time", 16, sampling=Sampling(seed=seed)).text

    assert draw(1) == draw(1)
    assert len({draw(seed) for seed in (1, 2, 3, None)}) > 1


@pytest.mark.parametrize(
    ("stop", "answer"),
    [(("10 11",), " 6 7 8 9 "), (("x", " 8", "9"), " 6 7"), ((" 6",), ""), (("none",), None)],
)
def test_stops(smol: EngineDriver, stop: tuple[str, ...], answer: str | None) -> None:
    result = smol.ask("1 2 3 4 5", 24, stop=stop)
    if answer is None:
        assert (result.text, result.outcome) == (" 6 7 8 9 10 11 12 13 14 ", ("length", 24))
    else:
        assert (result.text, result.finished.finish_reason) == (answer, "stop")


def test_white_space_in_front_is_dropped_when_asked(smol: EngineDriver) -> None:
    assert smol.ask("1 2 3 4 5", 4, trim_start=True).text.startswith("6 7")


@pytest.mark.parametrize(
    ("prompt", "max_tokens", "code"),
    [
        ("word " * 600, 1, "context_length_exceeded"),
        ("x", 512, "context_length_exceeded"),
        ("x", 10**9, "context_length_exceeded"),
        ((Special(special="<none>"),), 1, "invalid_request"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    tiny: EngineDriver, prompt: str | tuple[Special], max_tokens: int, code: str
) -> None:
    refused = tiny.replies.wait(tiny.start(prompt, max_tokens), Failed)
    assert refused.code == code


def test_an_answer_may_fill_the_window_to_the_last_token(tiny: EngineDriver) -> None:
    prompt_tokens = tiny.replies.wait(first := tiny.start("x", None), Accepted).prompt_tokens
    assert tiny.answer(first).outcome == ("length", 512 - prompt_tokens)


def test_a_cancel_while_it_prefills(smol: EngineDriver) -> None:
    request = smol.start("word " * 1500, 8)
    smol.replies.wait(request, Accepted)
    smol.engine.cancel(request)
    assert smol.replies.wait(request, Finished).finish_reason == "cancelled"
    assert not smol.replies.of(request, Delta)
    assert smol.ask("1 2 3 4 5", 4).text.startswith(" 6")


def test_a_cancel_while_it_decodes(smol: EngineDriver) -> None:
    request = smol.start("1 2 3 4 5", 1500)
    smol.replies.wait(request, Delta)
    smol.engine.cancel(request)
    finished = smol.replies.wait(request, Finished)
    assert finished.finish_reason == "cancelled"
    assert finished.completion_tokens < 1500
    assert smol.ask("1 2 3 4 5", 4).text.startswith(" 6")


DOCUMENT = "def total(prices):\n    return sum(prices)\n\n" * 4


def test_a_warm_up_leaves_only_the_tail_to_pay(smol: EngineDriver) -> None:
    document = "# warmed up\n" + DOCUMENT
    size = len(smol.engine.tokenize(document))
    warm_up = smol.ask(document, 0, priority="prefetch")
    assert (warm_up.text, warm_up.outcome) == ("", ("length", 0))
    for tail in ("# It adds", "# The second question is", "# And"):
        request = smol.start(document + tail, 4)
        answer = smol.answer(request)
        prompt = smol.replies.wait(request, Accepted).prompt_tokens
        assert answer.prefilled.cached_tokens >= min(size, prompt) - 2


def test_prefixes_are_kept_across_priorities(smol: EngineDriver) -> None:
    documents = {
        "interactive": "# first\n" + DOCUMENT,
        "chat": "# 2nd\n" + DOCUMENT,
        "prefetch": "# III\n" + DOCUMENT,
    }
    for priority, document in documents.items():
        smol.ask(document + "# It", 2, priority=priority)
    for priority, document in documents.items():
        again = smol.ask(document + "# This", 2, priority=priority)
        assert again.prefilled.cached_tokens >= len(smol.engine.tokenize(document)) - 2


def test_a_user_preempts_prefetch_which_goes_on_where_it_was(
    smol: EngineDriver, engine_name: str
) -> None:
    alone = smol.ask("1 2 3 4 5", 60).text
    prefetch = smol.start("1 2 3 4 5", 60, priority="prefetch")
    smol.replies.wait(prefetch, Delta)
    urgent = smol.start("The capital of France is", 8)
    asked = len(smol.replies.all)
    smol.answer(urgent)
    replies = smol.replies.all[asked:]
    begun = next(at for at, reply in enumerate(replies) if reply.id == urgent)
    ended = next(at for at, r in enumerate(replies) if r.id == urgent and isinstance(r, Finished))
    late = [r for r in replies[:ended] if isinstance(r, Delta) and r.id == prefetch]
    assert len(late) <= IN_FLIGHT.get(engine_name, 1)
    assert begun <= IN_FLIGHT.get(engine_name, 1)
    assert smol.answer(prefetch).text == alone


def test_a_user_preempts_the_prefill_of_prefetch(smol: EngineDriver, engine_name: str) -> None:
    prefetch = smol.start("# long\n" + "some words " * 150, 2, priority="prefetch")
    smol.replies.wait(prefetch, Prefilling)
    urgent = smol.ask("The capital of France is", 8)
    assert urgent.outcome == ("length", 8)
    assert not smol.replies.of(prefetch, Prefilled)
    assert smol.answer(prefetch).outcome == ("length", 2)
