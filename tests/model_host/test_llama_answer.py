"""Answers of llama.cpp by scripted events: what a pause forgets, and how errors are told."""

from typing import Any

import pytest

from procoder_model_host.engines.llama_answer import Answer
from procoder_model_host.messages import Delta, Failed, Finished, Generate, Sampling, Text

GREEDY = Sampling(temperature=0)


def _event(text: str, count: int, token: int | None = None, end: str | None = None) -> Any:
    content = [] if token is None else [{"id": token}]
    return {
        "choices": [{"text": text, "finish_reason": end, "logprobs": {"content": content}}],
        "timings": {"cache_n": 1, "prompt_ms": 5.0, "predicted_n": count, "predicted_ms": count},
    }


def _answer(**fields: Any) -> tuple[Answer, list[Any]]:
    emitted: list[Any] = []
    request = Generate(
        id=1,
        prompt=(Text(text="x"),),
        max_tokens=9,
        **{"priority": "prefetch", "sampling": GREEDY, **fields},
    )
    return Answer(request, (7, 8), 9, emitted.append), emitted


def _text(emitted: list[Any]) -> str:
    return "".join(reply.text for reply in emitted if isinstance(reply, Delta))


def test_it_resumes_after_the_tokens_it_knows() -> None:
    answer, emitted = _answer()
    assert answer.body()["prompt"] == [7, 8]
    for event in (_event("a", 1, 21), _event("b", 2, 22)):
        assert not answer.take(event)
    answer.pause()
    body = answer.body()
    assert (body["prompt"], body["n_predict"]) == ([7, 8, 21, 22], 7)
    assert answer.take(_event("c", 1, 23, "stop"))
    assert _text(emitted) == "abc"
    assert emitted[-1] == Finished(id=1, finish_reason="stop", completion_tokens=3, decode_ms=3.0)


def test_tokens_that_llama_cpp_did_not_name_are_made_again_and_not_shown_again() -> None:
    answer, emitted = _answer()
    answer.body()
    # One event for the three tokens of a character: the first two are not named.
    for event in (_event("a", 1, 21), _event("\N{CRAB}", 4, 24), _event("b", 5, 25)):
        answer.take(event)
    answer.pause()
    assert answer.body()["prompt"] == [7, 8, 21]
    for event in (_event("\N{CRAB}", 3, 24), _event("b", 4, 25)):
        answer.take(event)
    answer.take(_event("c", 5, 26, "length"))
    assert _text(emitted) == "a\N{CRAB}bc"
    assert emitted[-1].completion_tokens == 6


def test_a_pause_before_the_gap_is_made_up_for_repeats_nothing() -> None:
    answer, emitted = _answer()
    answer.body()
    answer.take(_event("\N{CRAB}", 3, 24))
    answer.take(_event("bcd", 4, 25))
    for _ in range(2):
        answer.pause()
        answer.body()
        answer.take(_event("\N{CRAB}", 3, 24))
    answer.take(_event("bcde", 4, 25, "stop"))
    assert _text(emitted) == "\N{CRAB}bcde"


@pytest.mark.parametrize(
    "fields", [{"sampling": Sampling(seed=1)}, {"json_schema": {}}], ids=["seeded", "grammar"]
)
def test_what_has_a_state_starts_anew_and_shows_only_the_end(fields: dict[str, Any]) -> None:
    answer, emitted = _answer(**fields)
    answer.body()
    answer.take(_event("1", 1, 21))
    answer.pause()
    assert answer.body()["prompt"] == [7, 8]
    answer.take(_event("1", 1, 21))
    assert _text(emitted) == ""
    answer.take(_event("2", 2, 22, "stop"))
    assert _text(emitted) == "12"
    assert emitted[-1].completion_tokens == 2


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("exceed_context_size_error", "context_length_exceeded"),
        ("invalid_request_error", "invalid_request"),
        ("server_error", "internal_error"),
        (None, "internal_error"),
    ],
)
def test_errors(kind: str | None, code: str) -> None:
    answer, emitted = _answer()
    answer.body()
    assert answer.take({"error": {"type": kind, "message": "no"}})
    assert emitted == [Failed(id=1, code=code, message="llama.cpp: no")]


@pytest.mark.parametrize("texts", [("Paris",), ('{"a":', "oh")])
def test_what_is_not_json_is_not_passed_for_it(texts: tuple[str, ...]) -> None:
    answer, emitted = _answer(json_schema={}, priority="chat")
    answer.body()
    for count, text in enumerate(texts, 1):
        answer.take(_event(text, count, 20, "stop" if count == len(texts) else None))
    assert emitted[-1].type == "failed"
