"""Every kind of question through the tutor, with a scripted model."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from scripted_model import Scripted

from procoder_tutor.answering.previewing import Preview
from procoder_tutor.check import Checker
from procoder_tutor.conversations import Role
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.events import BlockReady, Delta, Done, Event, Explanation, Failed, Proposed
from procoder_tutor.lint import lint
from procoder_tutor.questions import Kind, Question
from procoder_tutor.settings import load_settings
from procoder_tutor.symbols import Document, Snapshot
from procoder_tutor.tutor import Tutor, create_tutor

CODE = """\
def area(width, height):
    if width < 0:
        raise ValueError("negative")
    size = width * height
    return size
"""
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8"
SECRET = f'TOKEN = "{TOKEN}"\n\ndef login(client):\n    return client.open(TOKEN)\n'
Make = Callable[..., Tutor]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Tutor] = []

    def build(backend: Scripted, **settings: object) -> Tutor:
        paths = {
            "cache": {"path": str(tmp_path / "cache.sqlite3")},
            "conversations": {"path": str(tmp_path / "conversations.sqlite3")},
        }
        loaded, problems = load_settings({"prose": "all", **paths, **settings})
        assert not problems
        made.append(create_tutor(loaded, backend=backend))
        return made[-1]

    yield build
    for tutor in made:
        await tutor.aclose()


async def ask(
    tutor: Tutor, code: str, name: str, kind: Kind, path: Path | None = None, **asked: object
) -> list[Event]:
    document = Document.parse(Snapshot(code, path.as_uri() if path else "untitled:a", path))
    question = Question(document.by_name(name), kind, **asked)  # type: ignore[arg-type]
    return [event async for event in tutor.ask(document, question)]


def explanation(events: list[Event]) -> Explanation:
    done = events[-1]
    assert isinstance(done, Done), done
    return done.explanation


def proposal(events: list[Event]) -> ProposedEdit | Rejected:
    (found,) = [event.proposal for event in events if isinstance(event, Proposed)]
    return found


async def test_secrets_stay_here_and_come_back(make: Make, tmp_path: Path) -> None:
    backend = Scripted(f"Opens `client` with `{'REDACTED_GITHUB_TOKEN_1'}` as `TOKEN`.")
    tutor = make(backend)
    events = await ask(tutor, SECRET, "login", Kind.EXPLAIN)
    assert TOKEN not in "".join(backend.prompts)
    assert "REDACTED" in backend.prompts[0]
    assert TOKEN not in "".join(explanation(events).sent)
    again = await ask(make(Scripted("")), SECRET, "login", Kind.EXPLAIN)
    assert explanation(again).cached
    assert explanation(again).markdown == explanation(events).markdown
    files = [file.read_bytes() for file in tmp_path.iterdir()]  # noqa: ASYNC240 - small
    assert files
    assert not any(TOKEN.encode() in data for data in files)


async def test_what_the_asker_types_is_redacted_too(make: Make, tmp_path: Path) -> None:
    backend = Scripted("It opens `client`.")
    tutor = make(backend)
    conversation = (await tutor.conversations.open_for("untitled:a")).id
    question = f"Is {TOKEN} safe? Write to jane.doe@bank-mail.com"
    asked = {"text": question, "conversation": conversation}
    await ask(tutor, SECRET, "login", Kind.CHAT, **asked)
    turns = await tutor.conversations.turns(conversation)
    for text in (*backend.prompts, *(turn.text for turn in turns)):
        assert TOKEN not in text
        assert "jane.doe" not in text


async def test_a_conversation_goes_on(make: Make) -> None:
    backend = Scripted("It multiplies `width` by `height`.", "It raises `ValueError` then.")
    tutor = make(backend)
    conversation = (await tutor.conversations.open_for("untitled:a")).id
    numbers = []
    for text in ("What does it do?", "And a negative width?"):
        events = await ask(tutor, CODE, "area", Kind.CHAT, text=text, conversation=conversation)
        numbers += [event.turn for event in events if isinstance(event, Done)]
    assert "What does it do?" in backend.prompts[1]
    assert "It multiplies `width` by `height`." in backend.prompts[1]
    turns = await tutor.conversations.turns(conversation)
    assert [turn.role for turn in turns] == [Role.USER, Role.TUTOR] * 2
    assert turns[2].text == "And a negative width?"
    assert numbers == [turns[0].number, turns[2].number]
    assert turns[3].model == "scripted"


async def test_answers_without_the_model_are_part_of_the_conversation(make: Make) -> None:
    code = "def f():\n    x = f'a'\n    return x\n"
    backend = Scripted("It makes `x`.", "It is unused.")
    tutor = make(backend)
    conversation = (await tutor.conversations.open_for("untitled:a")).id
    (finding, *_) = lint(Document.parse(Snapshot(code, "untitled:a")))
    await ask(tutor, code, "f", Kind.EXPLAIN)
    await ask(tutor, code, "f", Kind.EXPLAIN, conversation=conversation)
    await ask(tutor, code, "f", Kind.ERROR, finding=finding, conversation=conversation)
    assert len(backend.prompts) == 1
    await ask(tutor, code, "f", Kind.CHAT, text="Why?", conversation=conversation)
    assert "It makes `x`." in backend.prompts[1]
    assert "f-string" in backend.prompts[1]
    turns = await tutor.conversations.turns(conversation)
    assert [turn.kind for turn in turns[::2]] == ["explain", "error", "chat"]


async def test_turns_about_code_that_changed_are_marked(make: Make) -> None:
    backend = Scripted("It multiplies `width` by `height`.")
    tutor = make(backend)
    conversation = (await tutor.conversations.open_for("untitled:a")).id
    for code in (CODE, CODE.replace("*", "+")):
        await ask(tutor, code, "area", Kind.CHAT, text="What?", conversation=conversation)
    assert "changed since" not in backend.prompts[0]
    assert "changed since" in backend.prompts[1]


@pytest.mark.parametrize("chats", [True, False])
async def test_models_that_do_not_converse_complete_an_answer(make: Make, *, chats: bool) -> None:
    backend = Scripted("It multiplies `width` by `height`.", style="purpose", chats=chats)
    await ask(make(backend), CODE, "area", Kind.CHAT, text="What does it do?")
    assert backend.prompts[0].endswith("# answer:") is not chats
    assert ("[system]" in backend.prompts[0]) is chats


async def test_parts_have_the_lines_of_now(make: Make) -> None:
    answers = (
        "Multiplies `width` by `height`.",
        "raises `ValueError` when `width` is negative, then sets `size`.",
    )
    tutor = make(Scripted(*answers, style="purpose"))
    first = await ask(tutor, CODE, "area", Kind.BLOCKS)
    moved = await ask(tutor, f"import os\n\n{CODE}", "area", Kind.BLOCKS)
    blocks = [event for event in first if isinstance(event, BlockReady)]
    assert [(block.line, block.end_line) for block in blocks] == [(2, 5)]
    assert explanation(moved).cached
    again = [event for event in moved if isinstance(event, BlockReady)]
    assert [(block.line, block.end_line) for block in again] == [(4, 7)]
    assert [block.text for block in again] == [block.text for block in blocks]


async def test_parts_that_do_not_hold_are_said_by_the_facts(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`.", "calls `nope` twice.", style="purpose")
    events = await ask(make(backend), CODE, "area", Kind.BLOCKS)
    (block,) = [event for event in events if isinstance(event, BlockReady)]
    assert "ValueError" in block.text
    assert explanation(events).blocks == ("",)


async def test_small_models_are_not_asked_about_parts(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`.")
    events = await ask(make(backend), CODE, "area", Kind.BLOCKS)
    assert len(backend.jobs) == 1
    assert any(isinstance(event, BlockReady) and event.text for event in events)


WRONG = 'import os\n\n\ndef f():\n    return f"x"\n'


@pytest.mark.parametrize(("kind", "answer"), [(Kind.ERROR, "f-string"), (Kind.FIX, 'return "x"')])
async def test_findings_need_no_model(make: Make, kind: Kind, answer: str) -> None:
    backend = Scripted("never asked")
    finding = lint(Document.parse(Snapshot(WRONG)))[-1]
    events = await ask(make(backend), WRONG, "f", kind, finding=finding)
    assert not backend.jobs
    if kind is Kind.ERROR:
        assert answer in explanation(events).markdown
    else:
        fix = proposal(events)
        assert isinstance(fix, ProposedEdit)
        assert answer in apply_edits(WRONG, fix.edits)


async def test_a_question_about_no_finding_is_refused(make: Make) -> None:
    events = await ask(make(Scripted("")), CODE, "area", Kind.ERROR)
    assert isinstance(events[-1], Failed)


BROKEN = (
    "def f(items):\n    total = 0\n    for item in items:\n        total += itm\n    return total\n"
)


@pytest.mark.parametrize(
    ("answer", "offered"),
    [
        (BROKEN.replace("itm", "item"), True),
        (f"Here it is:\n```python\n{BROKEN.replace('itm', 'item')}```", True),
        (BROKEN, False),
        ("def f(items):\n    return 0\n", False),
        ("I cannot do that.", False),
    ],
)
async def test_a_models_fix_is_offered_if_it_mends(
    make: Make, monkeypatch: pytest.MonkeyPatch, answer: str, *, offered: bool
) -> None:
    monkeypatch.setattr("procoder_tutor.answering.instant.known_fix", lambda *_: None)
    (finding,) = lint(Document.parse(Snapshot(BROKEN)))
    events = await ask(make(Scripted(answer)), BROKEN, "f", Kind.FIX, finding=finding)
    fix = proposal(events)
    assert isinstance(fix, ProposedEdit) is offered
    if isinstance(fix, ProposedEdit):
        assert apply_edits(BROKEN, fix.edits) == BROKEN.replace("itm", "item")
    else:
        assert fix.reason


async def test_a_docstring_joins_the_sentence_and_the_facts(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`.")
    events = await ask(make(backend), CODE, "area", Kind.DOCUMENT)
    edit = proposal(events)
    assert isinstance(edit, ProposedEdit)
    edited = apply_edits(CODE, edit.edits)
    assert '"""Multiplies `width` by `height`.' in edited
    assert "ValueError: When" in edited


async def test_a_docstring_may_say_what_a_hover_would_not(make: Make) -> None:
    tutor = make(Scripted("Multiplies `width` by `height`."), prose="strict")
    hover = await ask(tutor, CODE, "area", Kind.EXPLAIN)
    assert explanation(hover).markdown == ""
    edit = proposal(await ask(tutor, CODE, "area", Kind.DOCUMENT))
    assert isinstance(edit, ProposedEdit)
    assert "Multiplies `width` by `height`." in apply_edits(CODE, edit.edits)


async def test_no_docstring_without_a_sentence_that_holds(make: Make) -> None:
    events = await ask(make(Scripted("Calls `nope` always.")), CODE, "area", Kind.DOCUMENT)
    assert isinstance(proposal(events), Rejected)


async def test_tests_go_into_the_projects_file(make: Make, tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pyproject.toml").touch()
    written = "def test_area():\n    assert area(2, 3) == 6\n"
    backend = Scripted(f"```python\n{written}```")
    events = await ask(make(backend), CODE, "area", Kind.TESTS, tmp_path / "shapes.py")
    edit = proposal(events)
    assert isinstance(edit, ProposedEdit)
    assert edit.new_file is not None
    assert edit.new_file.path == tmp_path / "tests" / "test_shapes.py"
    assert "from shapes import area" in edit.new_file.text


async def test_tests_follow_from_the_code_where_the_model_fails(make: Make, tmp_path: Path) -> None:
    events = await ask(make(Scripted("no")), CODE, "area", Kind.TESTS, tmp_path / "shapes.py")
    edit = proposal(events)
    assert isinstance(edit, ProposedEdit)
    assert edit.new_file is not None
    assert "pytest.raises(ValueError)" in edit.new_file.text


async def test_code_in_no_file_gets_no_tests(make: Make) -> None:
    assert isinstance(proposal(await ask(make(Scripted("")), CODE, "area", Kind.TESTS)), Rejected)


FLAWED = "def f(items):\n    if len(items) is 0:\n        return None\n    return items[0]\n"


async def test_a_capped_learner_is_not_given_the_solution(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The checker drops code that is not in the code: this is the guard behind it.
    monkeypatch.setattr(Checker, "_judge", lambda _self, sentence, **_: iter([sentence]))
    backend = Scripted("It compares with `is`. Write `if len(items) == 0:` there.")
    capped, free = (make(backend, hints_up_to=cap) for cap in ("pattern", "solution"))
    for tutor, told in ((capped, False), (free, True)):
        events = await ask(tutor, FLAWED, "f", Kind.CHAT, text="What is wrong?")
        answer = explanation(events).markdown
        assert ("len(items) == 0" in answer) is told
        assert ("Ask for a hint" in answer) is not told


async def test_wording_in_other_languages_is_not_checked(make: Make) -> None:
    backend = Scripted("Multiplica `width` por `height`.", style="purpose")
    events = await ask(make(backend), CODE, "area", Kind.EXPLAIN, language="es")
    assert not explanation(events).checks.language_checked
    kept = await ask(make(backend), CODE, "area", Kind.EXPLAIN, language="es")
    assert explanation(kept).cached
    assert "not checked" in explanation(kept).checks.summary


async def test_a_slow_model_writes_less_and_that_is_not_kept(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`.")
    backend.decode_ms = 60_000.0
    tutor = make(backend, patience=5.0)
    await ask(tutor, CODE, "area", Kind.EXPLAIN)
    backend.finish_reason = "length"
    await ask(tutor, CODE.replace("area", "size_of"), "size_of", Kind.EXPLAIN)
    assert backend.jobs[1].max_tokens < backend.jobs[0].max_tokens
    kept = await ask(tutor, CODE.replace("area", "size_of"), "size_of", Kind.EXPLAIN)
    assert not explanation(kept).cached


async def test_what_was_sent_is_told(make: Make) -> None:
    backend = Scripted("Multiplies `width` by `height`.")
    events = await ask(make(backend), CODE, "area", Kind.EXPLAIN)
    assert list(explanation(events).sent) == backend.prompts
    kept = await ask(make(backend), CODE, "area", Kind.EXPLAIN)
    assert explanation(kept).cached
    assert list(explanation(kept).sent) == backend.prompts


async def test_deltas_add_up(make: Make) -> None:
    events = await ask(make(Scripted("It opens `client`.")), SECRET, "login", Kind.CHAT, text="?")
    shown = "".join(event.text for event in events if isinstance(event, Delta))
    assert shown == explanation(events).markdown


PREVIEWED = [
    (Kind.EXPLAIN, {}),
    (Kind.BLOCKS, {}),
    (Kind.CHAT, {"text": "why?"}),
    (Kind.SIMPLIFY, {}),
    (Kind.DOCUMENT, {}),
    (Kind.TESTS, {}),
]


@pytest.mark.parametrize("chats", [True, False])
@pytest.mark.parametrize(("kind", "asked"), PREVIEWED)
async def test_a_preview_is_what_is_sent(
    make: Make, tmp_path: Path, kind: Kind, asked: dict[str, str], *, chats: bool
) -> None:
    backend = Scripted("It multiplies `width` by `height`.", chats=chats)
    tutor = make(backend)
    path = tmp_path / "areas.py"
    document = Document.parse(Snapshot(CODE, path.as_uri(), path))
    question = Question(document.by_name("area"), kind, **asked)  # type: ignore[arg-type]
    seen = await tutor.preview(document, question, {"question": question.text})
    assert backend.jobs == []
    done = explanation([event async for event in tutor.ask(document, question)])
    assert seen.prompt == done.sent[0]
    assert (seen.model, seen.window) == ("scripted", 2048)
    assert seen.answer_tokens == backend.jobs[0].max_tokens
    assert seen.tokens == len(seen.prompt.split())
    assert seen.parts["question"] == len(question.text.split())
    assert 0 < seen.parts["code"] <= seen.tokens


async def test_a_preview_counts_the_conversation_and_holds_no_secret(make: Make) -> None:
    tutor = make(Scripted("It opens `client`."))
    conversation = (await tutor.conversations.open_for("untitled:a")).id
    asked = {"text": f"Is {TOKEN} safe?", "conversation": conversation}
    await ask(tutor, SECRET, "login", Kind.CHAT, **asked)
    document = Document.parse(Snapshot(SECRET, "untitled:a"))
    question = Question(document.by_name("login"), Kind.CHAT, **asked)  # type: ignore[arg-type]
    seen = await tutor.preview(document, question, {})
    assert seen.parts["conversation"] == len(
        ["Is", "REDACTED", "safe?", "It", "opens", "`client`."]
    )
    assert "It opens `client`." in seen.prompt
    assert TOKEN not in seen.prompt
    assert len(await tutor.conversations.turns(conversation)) == 2


async def test_a_preview_of_what_is_known_sends_nothing(make: Make) -> None:
    backend = Scripted("It multiplies `width` by `height`.")
    tutor = make(backend)
    await ask(tutor, CODE, "area", Kind.EXPLAIN)
    document = Document.parse(Snapshot(CODE, "untitled:a"))
    kept = await tutor.preview(document, Question(document.by_name("area")), {})
    assert (kept.cached, kept.prompt) == (True, "")
    code = "def f():\n    x = 1\n"
    document = Document.parse(Snapshot(code, "untitled:a"))
    (finding, *_) = lint(document)
    question = Question(document.by_name("f"), Kind.ERROR, finding=finding)
    assert await tutor.preview(document, question, {}) == Preview()
    assert len(backend.jobs) == 1


async def test_code_in_an_answer_stands_alone(make: Make) -> None:
    backend = Scripted("It multiplies `width` by `height`.\n```python\nprint(area(2, 3))\n```\n")
    events = await ask(make(backend), CODE, "area", Kind.CHAT, text="How do I call it?")
    first, block = [event.text for event in events if isinstance(event, Delta)]
    assert first == "It multiplies `width` by `height`."
    assert block.startswith("\n\n```python\nprint(area(2, 3))\n```\n\n*Code by the model")


async def test_tokens_of_an_answer_that_loops_are_counted(make: Make) -> None:
    backend = Scripted("It multiplies `width` by `height`. " * 5 + "And no end.")
    events = await ask(make(backend), CODE, "area", Kind.CHAT, text="What does it do?")
    usage = explanation(events).usage
    assert usage.prompt_tokens == len(backend.prompts[0].split())
    assert 5 < usage.completion_tokens < len(backend.answers[0].split())


BETTER = """\
def area(width, height):
    if width < 0 or height < 0:
        raise ValueError("negative")
    size = width * height
    return size
"""


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        (BETTER, True),
        (CODE, False),
        (BETTER.replace("area(width, height)", "area(width)"), False),
        (BETTER.replace("area", "volume"), False),
        (BETTER.replace("return size", "return sise"), False),
        (f"{BETTER}\nprint(area(1, 2))\n", False),
        ("area(1, 2)\n", False),
        ("def area(:\n", False),
    ],
)
async def test_a_version_that_an_answer_shows_can_be_applied(
    make: Make, code: str, *, offered: bool
) -> None:
    tutor = make(Scripted(f"Test `height` as well:\n\n```python\n{code}```\n"))
    asked = {"text": "How do I refuse a negative height?"}
    events = await ask(tutor, CODE, "area", Kind.CHAT, **asked)
    found = [event.proposal for event in events if isinstance(event, Proposed)]
    assert len(found) == offered
    if offered:
        (edit,) = found
        assert isinstance(edit, ProposedEdit)
        assert apply_edits(CODE, edit.edits) == BETTER
        assert "```" in explanation(events).markdown
