"""What only the llamacpp engine does: slots, grammars, paused prefetch.

What all engines have in common is in `engines/`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from engine_driver import GREEDY, EngineDriver

from procoder_model_host.messages import Delta, Failed, Finished, Generate, Sampling, Text

COUNTING, CAPITAL = "1 2 3 4 5", "The capital of France is"
PROMPTS = (COUNTING, CAPITAL, "def add(a, b):\n    return", "Monday, Tuesday, Wednesday,")
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "kind": {"enum": ["function", "class"]},
        "lines": {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 1, "maxItems": 3},
    },
    "required": ["name", "kind", "lines"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def driver(smollm2: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineDriver]:
    """The engine over the real default model."""
    driver = EngineDriver("llamacpp", smollm2, tmp_path_factory.mktemp("unused"), window=1024)
    yield driver
    driver.engine.close()


def _until(driver: EngineDriver, request: int, deltas: int) -> None:
    """Wait for so many pieces of an answer."""
    assert driver.replies.until(lambda: len(driver.replies.of(request, Delta)) >= deltas)


def test_greedy_answers_are_equal(driver: EngineDriver) -> None:
    first, second = (driver.ask(COUNTING, 24) for _ in range(2))
    assert first.text == second.text
    assert second.prefilled.cached_tokens == len(driver.engine.tokenize(COUNTING)) - 1


def test_answers_are_made_at_the_same_time(driver: EngineDriver) -> None:
    alone = [driver.ask(prompt, 12).text for prompt in PROMPTS]
    requests = [driver.start(prompt, 12, priority="chat") for prompt in PROMPTS]
    assert [driver.answer(request).text for request in requests] == alone
    order = [r.id for r in driver.replies.all if isinstance(r, Delta) and r.id in requests]
    assert order != sorted(order), "one after another"


def test_a_cancel_gives_the_slot_to_who_waits(driver: EngineDriver) -> None:
    *running, waiting = [
        driver.start(COUNTING, 900, priority="chat") for _ in range(driver.engine.parallel + 1)
    ]
    for request in running:
        driver.replies.wait(request, Delta)
    assert not driver.replies.of(waiting, Delta)
    driver.engine.cancel(running[0])
    driver.replies.wait(waiting, Delta)
    assert driver.replies.of(running[0], Finished)
    for request in (*running[1:], waiting):
        assert not driver.replies.of(request, Finished)
        driver.engine.cancel(request)
        driver.replies.wait(request, Finished)


def test_a_question_never_waits_for_chats(driver: EngineDriver) -> None:
    chats = [
        driver.start(COUNTING, 900, priority="chat") for _ in range(driver.engine.parallel + 1)
    ]
    driver.replies.wait(chats[0], Delta)
    assert driver.ask(CAPITAL, 4).text.startswith(" Paris")
    for chat in chats:
        assert not driver.replies.of(chat, Finished)
        driver.engine.cancel(chat)
        driver.replies.wait(chat, Finished)


def test_who_waits_can_be_cancelled(driver: EngineDriver) -> None:
    chats = [
        driver.start(COUNTING, 900, priority="chat") for _ in range(driver.engine.parallel + 1)
    ]
    driver.engine.cancel(chats[-1])
    finished = driver.replies.wait(chats[-1], Finished)
    assert (finished.finish_reason, finished.completion_tokens) == ("cancelled", 0)
    for chat in chats[:-1]:
        driver.engine.cancel(chat)
        driver.replies.wait(chat, Finished)


@pytest.mark.parametrize("sampling", [GREEDY, Sampling(seed=4)], ids=["greedy", "seeded"])
@pytest.mark.parametrize("priority", ["interactive", "prefetch"])
def test_a_grammar_holds_the_answer_to_its_schema(
    driver: EngineDriver, sampling: Sampling, priority: str
) -> None:
    answer = driver.ask(
        "Describe a function as JSON:\n",
        200,
        json_schema=SCHEMA,
        sampling=sampling,
        priority=priority,
    )
    assert answer.finished.finish_reason == "stop"
    jsonschema.validate(json.loads(answer.text), SCHEMA)


@pytest.mark.parametrize(
    "schema", [{"type": "nonsense"}, {"properties": 3}, {"type": "array", "items": "x"}]
)
def test_what_is_no_schema_is_refused(driver: EngineDriver, schema: dict[str, object]) -> None:
    refused = driver.replies.wait(driver.start("x", 8, json_schema=schema), Failed)
    assert refused.code == "invalid_request"
    assert refused.message.startswith("not a JSON schema: ")


def test_a_schema_that_llama_cpp_drops_is_told(driver: EngineDriver) -> None:
    schema = {"$ref": "#/nowhere"}
    refused = driver.replies.wait(driver.start(CAPITAL, 200, json_schema=schema), Failed)
    assert "JSON schema" in refused.message


@pytest.mark.parametrize(
    ("prompt", "fields"),
    [
        (COUNTING, {}),
        ('def mean(values):\n    """', {}),
        (COUNTING, {"stop": ("27",)}),
        ("Once upon a time", {"sampling": Sampling(seed=11)}),
        ("Describe a function as JSON:\n", {"json_schema": SCHEMA}),
    ],
    ids=["greedy", "prose", "stop", "seeded", "grammar"],
)
def test_paused_prefetch_gives_the_same_text(
    driver: EngineDriver, prompt: str, fields: dict[str, object]
) -> None:
    unpaused = driver.ask(prompt, 60, priority="prefetch", **fields)
    prefetch = driver.start(prompt, 60, priority="prefetch", **fields)
    for pause in range(3):
        if driver.replies.of(prefetch, Finished):
            break
        if not (fields.keys() & {"sampling", "json_schema"}):
            _until(driver, prefetch, 4 * pause + 3)
        assert driver.ask(CAPITAL, 3).text.startswith(" Paris")
    paused = driver.answer(prefetch)
    assert (paused.text, paused.outcome) == (unpaused.text, unpaused.outcome)


def test_an_id_in_use_is_refused(driver: EngineDriver) -> None:
    request = driver.start(COUNTING, 400)
    driver.replies.wait(request, Delta)
    driver.engine.generate(Generate(id=request, prompt=(Text(text="x"),), max_tokens=1))
    assert driver.replies.wait(request, Failed).message == "this id is already in use"
    driver.engine.cancel(request)
    assert driver.replies.until(lambda: bool(driver.replies.of(request, Finished)))
