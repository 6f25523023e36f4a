"""Replies grow out of events; errors are sentences."""

import json

import pytest

from procoder_companion.errors import RefusedError, UnknownKeyError, UnreachableError
from procoder_companion.replies import Reply, grown
from procoder_companion.widgets.places import references
from procoder_companion.wire import problem


def after(*events: tuple[str, object]) -> Reply:
    reply = Reply()
    for name, data in events:
        reply = grown(reply, name, json.dumps(data))
    return reply


def test_words_are_appended() -> None:
    assert after(("delta", {"text": "One."}), ("delta", {"text": " Two."})).markdown == "One. Two."


def test_progress_ends_with_a_failure() -> None:
    reply = after(
        ("working", {"stage": "reading", "tokens": 3}), ("failed", {"detail": "No model. Get one."})
    )
    assert (reply.progress, reply.trouble) == (None, "No model. Get one.")


def test_events_of_a_newer_api_change_nothing() -> None:
    assert after(("applause", {})) == Reply()


def test_an_event_of_another_shape_is_told() -> None:
    with pytest.raises(UnreachableError, match="same version"):
        after(("delta", {"words": 1}))


@pytest.mark.parametrize(
    ("body", "status", "kind", "sentence"),
    [
        (b'{"detail": "Too much."}', 429, RefusedError, "Too much."),
        (b'{"detail": "Wrong key."}', 401, UnknownKeyError, "Wrong key."),
        (b"<html>", 502, RefusedError, "The API answered with status 502."),
        (b"[]", 500, RefusedError, "The API answered with status 500."),
    ],
)
def test_refusals(body: bytes, status: int, kind: type[RefusedError], sentence: str) -> None:
    error = problem(body, status)
    assert type(error) is kind
    assert str(error) == sentence


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Raises (line 12), see lines 3-5 and line 12.", ["3-5", "12"]),
        ("lines 7 to 9", ["7-9"]),
        ("lines 9 to 7", []),
        ("deadline 4, online 5", []),
    ],
)
def test_lines_that_a_text_names(text: str, labels: list[str]) -> None:
    assert [place.label for place in references(text)] == labels
