"""Every kind of problem has a question, a concept and an example that shows it, and its repair."""

import ast
import inspect
import string
from collections import Counter

import pytest
from pyflakes import messages

from procoder_tutor.edits.fix_edit import fix_edit
from procoder_tutor.edits.model import ProposedEdit
from procoder_tutor.edits.region import Region
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.facts.model import TrapKind
from procoder_tutor.findings import Finding
from procoder_tutor.hints.topics import GENERAL, Topic, topic_of, topics
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot

TRAPS = frozenset(TrapKind.__args__)
NOT_FOUND_HERE = {"lazy-import", "doctest"}
"""Of later Pythons, and of an option of pyflakes that is off."""
SHOWN_BY_FACTS = TRAPS | {"finding", "expectation", "exercise"}


def found(code: str) -> list[tuple[str, str]]:
    return [(f.rule, f.message) for f in lint(Document.parse(Snapshot(code)))]


@pytest.mark.parametrize("topic", topics(), ids=[topic.id for topic in topics()])
def test_the_example_has_the_problem_and_the_repair_has_not(topic: Topic) -> None:
    shown = {topic_of(rule, message).id for rule, message in found(topic.before)}
    repaired = {topic_of(rule, message).id for rule, message in found(topic.after)}
    expected = not SHOWN_BY_FACTS.intersection(topic.rules) and topic.id not in NOT_FOUND_HERE
    assert not expected or topic.id in shown, found(topic.before)
    assert topic.id not in repaired
    assert Document.parse(Snapshot(topic.after)).tree is not None


ANOTHER_SIGNATURE = {"local-before-value", "redefined"}
"""Repaired by a change that a fix may not make by itself."""
SHOWN = [
    (topic, finding)
    for topic in topics()
    for finding in lint(Document.parse(Snapshot(topic.before)))
    if topic_of(finding.rule, finding.message) is topic and topic.id not in ANOTHER_SIGNATURE
]


@pytest.mark.parametrize(("topic", "finding"), SHOWN, ids=[t.id for t, _ in SHOWN])
def test_the_repair_passes_the_checks_of_a_fix(topic: Topic, finding: Finding) -> None:
    document = Document.parse(Snapshot(topic.before))
    found = fix_edit(document, finding, topic.after, Region(1, document.source.line_count))
    assert isinstance(found, ProposedEdit), found
    repaired = apply_edits(topic.before, found.edits)
    assert ast.dump(ast.parse(repaired)) == ast.dump(ast.parse(topic.after))


@pytest.mark.parametrize("topic", topics(), ids=[topic.id for topic in topics()])
def test_the_sentences_are_whole_and_short(topic: Topic) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(topic.question) if name}
    assert fields <= {"name", "line", "symbol"}
    assert topic.question.endswith(("?", "."))
    assert "?" in topic.question
    for text in (topic.question, topic.concept, topic.remark):
        assert text[-1] in ".?"
        assert len(text.split()) <= 50
    assert topic.before != topic.after


def test_ids_and_rules_are_told_apart() -> None:
    assert Counter(topic.id for topic in topics()).most_common(1)[0][1] == 1
    assert Counter(rule for topic in topics() for rule in topic.rules).most_common(1)[0][1] == 1


def test_every_rule_has_a_topic_of_its_own() -> None:
    classes = {
        name
        for name, item in inspect.getmembers(messages, inspect.isclass)
        if issubclass(item, messages.Message) and item is not messages.Message
    }
    rules = classes | TRAPS | {"InvalidEscapeSequence"}
    assert [rule for rule in sorted(rules) if topic_of(rule).id == GENERAL] == []
    assert topic_of("NoSuchRule").id == GENERAL


SYNTAX = [
    ("x = (", "unclosed"), ("x = [1)", "unclosed"), ("x = 1)", "unclosed"),
    ("if x\n    y", "colon"), ("class A\n    x = 1", "colon"), ("x = 'a", "text-end"),
    ("x = '''a", "text-end"), ("f'{}'", "f-string-part"), ("if x:\ny", "block-missing"),
    ("x\n y", "indentation"), ("if x:\n    y\n  z", "indentation"),
    ("if x:\n        a\n\tb", "tabs"), ("f(a b)", "comma"), ("if x = 1: pass", "equals"),
    ("f() = 1", "assignment-target"), ("1 = x", "assignment-target"),
    ("del f()", "assignment-target"),
    ("print 'a'", "print-statement"), ("x = “a”", "strange-character"),
    ("x = \\ 1", "strange-character"),
    ("x = 'a\0'", "strange-character"), ("def f(a=1, b): ...", "parameter-order"),
    ("f(a=1, b)", "parameter-order"), ("print(a=1, a=2)", "parameter-order"), ("1st = 2", "number"),
    ("x = 0123", "number"), ("nonlocal x", "scope-word"), ("{1: }", "dictionary-entry"),
    ("x = *[1]", "star"), ("f(x for x in y, 1)", "generator-brackets"), ("class = 1", "syntax"),
    ("try:\n    x\ny", "except-order"), ("break", "outside-loop"), ("return", "outside-function"),
    ("for x in y:\n    try: pass\n    except A, B as e: pass", "except-order"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "topic"), SYNTAX)
def test_syntax_errors_are_grouped_by_sense(code: str, topic: str) -> None:
    findings = found(code)
    compiler = [(rule, message) for rule, message in findings if message.startswith(rule)]
    rule, message = (compiler or findings)[0]
    assert topic_of(rule, message).id == topic, message
