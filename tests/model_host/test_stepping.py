"""The step scheduler with a scripted evaluator, whose every call is seen and can be held up."""

import string
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from engine_driver import Replies

from procoder_model_host.engines.base import position_seed
from procoder_model_host.engines.stepping import SteppingEngine
from procoder_model_host.errors import EngineError
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import (
    Accepted,
    Delta,
    Failed,
    Finished,
    Generate,
    Prefilled,
    Prefilling,
    Sampling,
    Text,
)

LETTERS = string.ascii_lowercase
FIRST, END = 4, 2
METADATA = {
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": ("<unk>", "<s>", "</s>", "▁", *LETTERS),
    "tokenizer.ggml.token_type": (2, 3, 3, *[1] * (len(LETTERS) + 1)),
    "tokenizer.ggml.scores": (0.0,) * (len(LETTERS) + 4),
    "tokenizer.ggml.bos_token_id": 1,
    "tokenizer.ggml.eos_token_id": END,
    "tokenizer.ggml.add_space_prefix": False,
}


class Alphabet:
    """An evaluator that answers with the letters that follow, and ends after z."""

    batch = 4

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.caches: list[list[int]] = [[] for _ in range(lanes)]
        self.evaluated: list[tuple[int, int]] = []
        """Lane and count of every call."""
        self.seeds: list[int] = []
        self.failure: Exception | None = None
        self.closed = False
        self.reached, self.allowed = threading.Semaphore(0), threading.Semaphore(0)
        self.held_up = False

    def reuse(self, lane: int, tokens: Sequence[int]) -> int:
        cache = self.caches[lane]
        pairs = zip(cache, tokens[:-1], strict=False)
        shared = next((at for at, (a, b) in enumerate(pairs) if a != b), None)
        kept = min(len(cache), len(tokens) - 1) if shared is None else shared
        del cache[kept:]
        return kept

    def evaluate(self, lane: int, tokens: Sequence[int]) -> None:
        if self.held_up:
            self.reached.release()
            assert self.allowed.acquire(timeout=30)
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        self.evaluated.append((lane, len(tokens)))
        self.caches[lane] += tokens

    def logits(self, lane: int) -> Sequence[float]:
        raise NotImplementedError

    def sample(self, lane: int, sampling: Sampling, seed: int) -> int:
        self.seeds.append(seed)
        last = self.caches[lane][-1]
        return last + 1 if last < FIRST + len(LETTERS) - 1 else END

    def close(self) -> None:
        self.closed = True


class Scripted:
    """An engine over an Alphabet."""

    def __init__(self, lanes: int) -> None:
        self.model = Alphabet(lanes)
        self.replies = Replies()
        self.engine = SteppingEngine(self.model, Tokenizer(METADATA), 64, self.replies)

    def start(self, number: int, prompt: str, max_tokens: int | None, **fields: Any) -> int:
        parts = (Text(text=prompt),)
        self.engine.generate(Generate(id=number, prompt=parts, max_tokens=max_tokens, **fields))
        return number

    def text(self, number: int) -> str:
        self.replies.wait(number, Finished)
        return "".join(delta.text for delta in self.replies.of(number, Delta))

    def cached(self, number: int) -> int:
        return self.replies.wait(number, Prefilled).cached_tokens

    def pass_step(self) -> None:
        """Let the evaluation that is held up go on, and wait for the next."""
        self.model.allowed.release()
        assert self.model.reached.acquire(timeout=30)

    def release(self) -> None:
        self.model.held_up = False
        self.model.allowed.release()


Start = Callable[..., Scripted]


@pytest.fixture
def start() -> Iterator[Start]:
    engines = []

    def begin(lanes: int = 3, *, held_up: bool = False) -> Scripted:
        scripted = Scripted(lanes)
        scripted.model.held_up = held_up
        engines.append(scripted)
        return scripted

    yield begin
    for scripted in engines:
        scripted.engine.close()
        assert scripted.model.closed


def test_the_replies_of_an_answer_come_in_order(start: Start) -> None:
    engine = start()
    engine.start(1, "abcdefghi", 3)
    assert engine.text(1) == "jkl"
    kinds = [(type(reply), getattr(reply, "evaluated", None)) for reply in engine.replies.all]
    assert kinds == [
        (Accepted, None),
        *((Prefilling, count) for count in (4, 8, 10)),
        (Prefilled, None),
        *[(Delta, None)] * 3,
        (Finished, None),
    ]
    # The beginning of the sequence, nine letters, and all of the answer but its last token.
    assert sum(count for _, count in engine.model.evaluated) == 12


def test_a_token_that_shows_nothing_yet_is_a_sign_of_life(start: Start) -> None:
    engine = start()
    engine.start(1, "a", 4, stop=("bcdez",))
    assert engine.text(1) == "bcde"
    shown = [delta.text for delta in engine.replies.of(1, Delta)]
    assert shown == ["", "", "", "", "bcde"]


@pytest.mark.parametrize(
    ("prompt", "fields", "text", "reason", "tokens"),
    [
        ("w", {"max_tokens": 9}, "xyz", "stop", 4),
        ("w", {"max_tokens": None}, "xyz", "stop", 4),
        ("a", {"max_tokens": 9, "stop": ("ef", "x")}, "bcd", "stop", 5),
        ("a", {"max_tokens": 4, "stop": ("ef",)}, "bcde", "length", 4),
        ("a", {"max_tokens": 1}, "b", "length", 1),
        ("a", {"max_tokens": 0}, "", "length", 0),
    ],
)
def test_ends(  # noqa: PLR0913, PLR0917 - a table of five columns
    start: Start, prompt: str, fields: dict[str, Any], text: str, reason: str, tokens: int
) -> None:
    engine = start()
    engine.start(1, prompt, **fields)
    assert engine.text(1) == text
    finished = engine.replies.wait(1, Finished)
    assert (finished.finish_reason, finished.completion_tokens) == (reason, tokens)


def test_the_next_step_is_the_most_urgents_and_the_preempted_resumes(start: Start) -> None:
    engine = start(held_up=True)
    engine.start(1, "a", 6, priority="prefetch")
    assert engine.model.reached.acquire(timeout=30)
    for _ in range(3):
        engine.pass_step()
    before = len(engine.replies.of(1, Delta))
    engine.start(2, "n", 3, priority="chat")
    engine.start(3, "t", 3)
    engine.pass_step()
    # Of prefetch: the token that was under way. Then the interactive request's whole run.
    assert [lane for lane, _ in engine.model.evaluated[-1:]] == [2]
    assert len(engine.replies.of(1, Delta)) == before
    engine.release()
    assert [engine.text(number) for number in (1, 2, 3)] == ["bcdefg", "opq", "uvw"]
    over = [reply.id for reply in engine.replies.all if isinstance(reply, Finished)]
    assert over == [3, 2, 1]
    # Nothing was evaluated twice: two tokens of each prompt, and each answer but its last token.
    assert sum(count for _, count in engine.model.evaluated) == 3 * 2 + 5 + 2 + 2


def test_prefill_is_preempted_between_batches(start: Start) -> None:
    engine = start(held_up=True)
    engine.start(1, "abcdefghijklmnop", 1, priority="prefetch")
    assert engine.model.reached.acquire(timeout=30)
    engine.start(2, "t", 1)
    engine.release()
    assert (engine.text(1), engine.text(2)) == ("q", "u")
    assert [count for _, count in engine.model.evaluated] == [4, 2, 4, 4, 4, 1]


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_lost_its_lane_is_evaluated_again(start: Start, lanes: int) -> None:
    engine = start(lanes, held_up=True)
    engine.start(1, "abc", 8, priority="prefetch")
    assert engine.model.reached.acquire(timeout=30)
    engine.pass_step()
    engine.start(2, "nop", 3, priority="chat")
    engine.release()
    assert (engine.text(2), engine.text(1)) == ("qrs", "defghijk")


def test_within_a_priority_one_after_another(start: Start) -> None:
    engine = start()
    for number, letter in enumerate("agm", 1):
        engine.start(number, letter, 5)
    for number in (1, 2, 3):
        engine.replies.wait(number, Finished)
    shown = [reply.id for reply in engine.replies.all if isinstance(reply, Delta)]
    assert shown == sorted(shown)


def test_a_preempted_request_is_cancelled_at_once(start: Start) -> None:
    engine = start(held_up=True)
    engine.start(1, "a", 9, priority="prefetch")
    assert engine.model.reached.acquire(timeout=30)
    engine.pass_step()
    engine.start(2, "n", 9)
    engine.pass_step()
    engine.engine.cancel(1)
    engine.pass_step()
    assert engine.replies.wait(1, Finished).finish_reason == "cancelled"
    assert not engine.replies.of(2, Finished)
    engine.engine.cancel(99)
    engine.release()
    assert engine.text(2) == "opqrstuvw"


def test_a_warm_up_of_prefetch_serves_the_question(start: Start) -> None:
    engine = start()
    engine.start(1, "abcdefghijkl", 0, priority="prefetch")
    assert engine.text(1) == ""
    engine.start(2, "abcdefghijklxy", 1)
    assert engine.text(2) == "z"
    assert engine.cached(2) == 13
    # And it stays with the one who asked: the next prefetch goes elsewhere.
    engine.start(3, "mnopqr", 1, priority="prefetch")
    engine.text(3)
    engine.start(4, "abcdefghijklno", 1)
    engine.text(4)
    assert engine.cached(4) == 13


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (MemoryError(), "out_of_memory"),
        (EngineError("broken"), "internal_error"),
        (ZeroDivisionError("odd"), "internal_error"),
    ],
)
def test_a_failure_ends_its_request_only(start: Start, failure: Exception, code: str) -> None:
    engine = start()
    engine.start(1, "abcdefgh", 1)
    engine.text(1)
    engine.model.failure = failure
    engine.start(2, "abcdefghi", 1)
    assert engine.replies.wait(2, Failed).code == code
    engine.start(3, "abcdefgh", 2)
    assert engine.text(3) == "ij"


def test_each_position_has_a_seed_of_its_own(start: Start) -> None:
    engine = start()
    for number in (1, 2):
        engine.start(number, "a", 4, sampling=Sampling(seed=number))
        engine.text(number)
    assert engine.model.seeds == [position_seed(seed, at) for seed in (1, 2) for at in range(4)]
    assert len(set(engine.model.seeds)) == 8


@pytest.mark.parametrize(
    ("prompt", "fields", "code"),
    [
        ("a" * 63, {"max_tokens": 1}, "context_length_exceeded"),
        ("a" * 63, {"max_tokens": None}, "context_length_exceeded"),
        ("a", {"max_tokens": 63}, "context_length_exceeded"),
        ("a", {"max_tokens": 1, "json_schema": {}}, "invalid_request"),
    ],
)
def test_refusals_come_while_others_run(
    start: Start, prompt: str, fields: dict[str, Any], code: str
) -> None:
    engine = start(held_up=True)
    engine.start(1, "a", 2)
    assert engine.model.reached.acquire(timeout=30)
    engine.start(2, prompt, **fields)
    assert [reply.code for reply in engine.replies.of(2, Failed)] == [code]
    engine.release()
    assert engine.text(1) == "bc"


def test_a_prompt_may_fill_the_window_when_nothing_is_generated(start: Start) -> None:
    engine = start()
    engine.start(1, "a" * 63, 0)
    assert engine.text(1) == ""
