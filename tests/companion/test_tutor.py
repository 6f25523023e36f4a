"""The tutor's page: code, questions, answers as they grow, hints and repairs."""

import pytest
from companion_pages import Open, press, session_of, settle, texts
from running_api import ANSWER, Api

from procoder_companion.state import Code, Session
from procoder_companion.values import Lines

AREA = "def area(width, height):\n    return width * height\n"
TWO = Lines(line=2, end_line=2)
UNUSED = "def f(a):\n    b = a\n    return a\n"


def with_code(text: str) -> Session:
    return Session(code=Code(text))


def test_an_empty_page_invites(open_page: Open) -> None:
    app = open_page("screens/tutor.py")
    assert "pick up where your editor left off" in texts(app)
    press(app, "Try an example")
    session = session_of(app)
    assert session.code.text.startswith("def merge(")
    assert session.code.symbol == "merge"
    assert "**Line 8**" in texts(app)


def test_a_file_is_opened_explained_and_talked_about(open_page: Open, api: Api) -> None:
    app = open_page("screens/tutor.py")
    app.file_uploader[0].upload("shapes.py", AREA.encode()).run()
    assert session_of(app).code.filename == "shapes.py"
    press(app, "Explain")
    session = settle(app)
    shown = texts(app)
    assert "def area(width, height)" in shown
    assert all(sentence in shown for sentence in ANSWER.split(". "))
    assert "Gives back" in shown
    answer = session.exchanges[0].reply.answer
    assert answer is not None
    assert answer.verdict.summary.endswith("checked")
    app.chat_input[0].set_value("And for a square?").run()
    settle(app)
    assert "Explain" in str(api.model.jobs[-1].prompt)
    assert "And for a square?" in str(api.model.jobs[-1].prompt)
    assert session.conversation is not None
    assert len(session.api().conversation(session.conversation.id).turns) == 4


@pytest.mark.parametrize(
    ("code", "place"),
    [
        (Code(AREA), {}),
        (Code(AREA, symbol="area"), {"symbol": "area"}),
        (
            Code(AREA, symbol="area", selection=Lines(line=2, end_line=2)),
            {"line": 2, "end_line": 2},
        ),
    ],
)
def test_what_is_asked_about(code: Code, place: dict[str, object]) -> None:
    assert code.place() == place


def test_simpler_deeper_and_again(open_page: Open, api: Api) -> None:
    app = open_page("screens/tutor.py", with_code(AREA))
    app.segmented_control[0].set_value("intermediate").run()
    press(app, "Explain")
    settle(app)
    for label, level in (("Simpler", "beginner"), ("In more depth", "intermediate")):
        press(app, label)
        session = settle(app)
        assert session.exchanges[-1].body["level"] == level
    asked = len(api.model.jobs)
    press(app, "Write it again")
    settle(app)
    assert len(api.model.jobs) > asked


def test_stopping_frees_the_model(open_page: Open, api: Api) -> None:
    api.model.gate.clear()
    app = open_page("screens/tutor.py", with_code(AREA))
    press(app, "Explain")
    assert session_of(app).exchanges[0].running
    press(app, "Stop")
    session = settle(app)
    assert session.exchanges[0].reply.stopped
    assert "Stopped." in texts(app)
    assert api.model.running == 0


def test_hints_climb_the_ladder(open_page: Open) -> None:
    app = open_page("screens/tutor.py", with_code(UNUSED))
    press(app, "Hint")
    rungs = ["question"]
    for label in ("Next hint", "Next hint", "Next hint", "Show the solution"):
        assert "return a" not in "".join(str(code.value) for code in app.code)
        press(app, label)
        hint = session_of(app).exchanges[-1].hint
        assert hint is not None
        rungs.append(hint.rung)
    assert rungs == ["question", "region", "concept", "pattern", "solution"]
    assert not any(button.label == "Next hint" for button in app.button)


def test_who_is_stuck_says_what_should_happen(open_page: Open) -> None:
    app = open_page("screens/tutor.py", with_code(AREA))
    app.number_input[0].set_value(2)
    app.text_input[0].set_value("It should add, and it multiplies.")
    press(app, "Give me a hint")
    press(app, "Next hint")
    given = [exchange.hint for exchange in session_of(app).exchanges]
    assert [hint.rung for hint in given if hint] == ["question", "region"]


def test_a_repair_is_put_into_the_editor(open_page: Open) -> None:
    app = open_page("screens/tutor.py", with_code("import os\nprint(1)\n"))
    press(app, "Repair")
    session = settle(app)
    press(app, "Put it into the editor")
    assert session.code.text == "print(1)\n"
    assert not session.findings.findings


def test_sentences_highlight_their_lines(open_page: Open) -> None:
    app = open_page("screens/tutor.py", with_code(AREA))
    press(app, "Explain")
    session = settle(app)
    press(app, ":primary[2]")
    assert session.code.highlighted == (TWO,)


def test_a_model_in_trouble_is_told_and_facts_stay(open_page: Open, api: Api) -> None:
    app = open_page("screens/tutor.py", with_code(AREA))
    api.model.error = RuntimeError("broken")
    press(app, "Explain")
    settle(app)
    assert "def area(width, height)" in texts(app)
    assert app.warning


def test_code_that_does_not_parse(open_page: Open) -> None:
    app = open_page("screens/tutor.py", with_code("def f(:\n"))
    assert "**Line 1**" in texts(app)
    press(app, "What does it mean?")
    settle(app)
    assert "Line 1" in texts(app)
