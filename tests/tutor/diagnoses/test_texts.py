"""The texts: one for every finding, complete, filled, plain, and true of their own examples."""

import inspect
import re
import sys

import pytest
from pyflakes import messages
from reading_level import grade

from procoder_tutor.diagnoses import diagnose, diagnosis_markdown, diagnosis_text
from procoder_tutor.diagnoses.catalogue import entries, every_text
from procoder_tutor.findings import Finding
from procoder_tutor.lint import lint
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.symbols import Document, Snapshot

TEXTS = list(every_text())
FIELDS = ("title", "meaning", "reason", "search", "remedy")
WITHOUT_EXAMPLE = {
    "TooDeep", "too-many-levels", "too-many-brackets", "nested-too-deeply", "invisible-character",
    "null-character", "invalid-syntax", "unknown",
}  # fmt: skip
"""What would take pages to show, cannot be seen, or has no one cause."""
NOT_REPORTED = {
    "UnusedImport.package",  # depends on the name of the file
    "DoctestSyntaxError",  # pyflakes looks at doctests only when asked to
    "TooManyExpressionsInStarredAssignment",  # takes 256 names
    "EagerUseOfLazyImport", "LazyImportNotAtModuleScope", "LazyImportStarNotPermitted",  # 3.15
    "empty-block-unnamed",  # Python names the block whenever it can
}  # fmt: skip
SINCE = {
    "TStringMissingPlaceholders": (3, 14),
    "duplicate-type-parameter": (3, 12),
    "f-string-lambda": (3, 12),
    "type-default-order": (3, 13),
}
BEFORE_3_12 = {"f-string-backslash", "f-string-comment", "f-string-nested", "f-string-code"}
NEWER_SYNTAX = {
    "LazyImportStarNotPermitted", "LazyImportNotAtModuleScope", "TStringMissingPlaceholders",
    "duplicate-type-parameter", "type-default-order",
}  # fmt: skip
"""Repaired examples that the running Python may be too old to parse."""


def ids_of(code: str) -> list[str]:
    document = Document.parse(Snapshot(code))
    return [diagnose(document, finding).id for finding in lint(document)]


def is_reported(text_id: str) -> bool:
    if sys.version_info < SINCE.get(text_id, (3, 11)):
        return False
    return text_id not in NOT_REPORTED and not (
        text_id in BEFORE_3_12 and sys.version_info >= (3, 12)
    )


def test_every_message_class_of_pyflakes_has_a_text() -> None:
    classes = {
        name
        for name, item in inspect.getmembers(messages, inspect.isclass)
        if issubclass(item, messages.Message) and item is not messages.Message
    }
    assert classes - entries().keys() == set()


def test_there_are_many_texts_for_syntax_errors() -> None:
    assert len([text for text in TEXTS if text.message or text.told]) >= 100


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.id)
def test_a_text_is_complete_and_short(text) -> None:
    for field in FIELDS:
        sentences = re.findall(r"[.!?](?=\s|$)", getattr(text, field))
        assert (0 if field == "title" else 1) <= len(sentences) <= 3, field
        assert text.title, field
    assert bool(text.before) == (text.id not in WITHOUT_EXAMPLE)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.id)
def test_a_text_can_be_read_in_the_ninth_grade(text) -> None:
    parts = [getattr(text, field) for field in FIELDS[1:]]
    assert grade(" ".join(parts)) <= 9
    assert max(grade(part) for part in parts) <= 12


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 2
    assert grade("Interpreter initialization necessitates comprehensive configuration.") > 12


@pytest.mark.parametrize("text", [t for t in TEXTS if t.before], ids=lambda text: text.id)
def test_an_example_has_the_problem_and_its_repair_does_not(text) -> None:
    before, after = text.before.strip("\n"), text.after.strip("\n")
    assert (text.id in ids_of(before)) == is_reported(text.id)
    assert text.id not in ids_of(after)
    assert parse_fragment(after) is not None or text.id in NEWER_SYNTAX


@pytest.mark.parametrize(
    ("rule", "message", "shown"),
    [
        ("NewRule", "use of `x` is <b>odd</b>", "``use of `x` is <b>odd</b>``"),
        ("SyntaxError", "SyntaxError: a new [wording]", "`a new [wording]`"),
    ],
)
def test_an_unknown_message_is_explained_by_its_own_words(rule, message, shown) -> None:
    finding = Finding("X1", rule, message, "error", 1, 0, 1, 1)
    diagnosis = diagnose(Document.parse(Snapshot("x = 1\n")), finding)
    assert diagnosis.id == "unknown"
    assert f"say: {shown}." in diagnosis.meaning


def test_a_diagnosis_as_markdown_and_as_text() -> None:
    document = Document.parse(Snapshot("import os\n"))
    (finding,) = lint(document)
    diagnosis = diagnose(document, finding)
    markdown = diagnosis_markdown(diagnosis)
    assert markdown.startswith("**This import is not used** (`F401`)\n\nLine 1 imports `os`,")
    assert markdown.count("```") == 4
    for part in (diagnosis.meaning, diagnosis.reason, diagnosis.search, diagnosis.remedy):
        assert part in markdown
        assert part in diagnosis_text(diagnosis)


def test_names_of_the_code_cannot_break_out_of_their_code_span() -> None:
    document = Document.parse(Snapshot("x = {'`![a](b)': 1, '`![a](b)': 2}\n"))
    meaning = diagnose(document, lint(document)[0]).meaning
    assert "The key ``'`![a](b)'`` on" in meaning
