"""Choosing the text for a finding, and filling it with the names of the code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from procoder_tutor.diagnoses.broken import BrokenLine
from procoder_tutor.diagnoses.catalogue import Entry, entries
from procoder_tutor.diagnoses.circumstances import circumstances
from procoder_tutor.diagnoses.misspelt import misspelt_keyword
from procoder_tutor.diagnoses.model import Diagnosis
from procoder_tutor.diagnoses.trapped import TRAPS, trap_diagnosis
from procoder_tutor.findings import Finding
from procoder_tutor.sanitize import code_span
from procoder_tutor.symbols import Document

SYNTAX_RULES = frozenset({"SyntaxError", "IndentationError", "TabError"})
_LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Case:
    """The entry that a finding is an instance of, and what its templates are filled with."""

    entry: Entry
    values: Mapping[str, str]


def diagnose(document: Document, finding: Finding) -> Diagnosis:
    """Explain a finding of this document; one that no entry knows is explained by its message."""
    if finding.rule in TRAPS:
        return trap_diagnosis(finding)
    case = recognize(document, finding)
    entry = case.entry
    values = {name: _shown(value) for name, value in _common(document, finding).items()}
    values |= {name: _shown(value) for name, value in case.values.items()}
    return Diagnosis(
        id=entry.id,
        code=finding.code,
        rule=finding.rule,
        title=entry.title.format_map(values),
        meaning=entry.meaning.format_map(values),
        reason=entry.reason.format_map(values),
        search=entry.search.format_map(values),
        remedy=entry.remedy.format_map(values),
        example_before=entry.before.strip("\n"),
        example_after=entry.after.strip("\n"),
    )


def recognize(document: Document, finding: Finding) -> Case:
    """Find the entry for a finding; `unknown` when there is none."""
    if finding.rule in SYNTAX_RULES:
        return _syntax_case(document, finding)
    entry = entries().get(finding.rule)
    if entry is None:
        return Case(entries()["unknown"], {"message": finding.message})
    found = circumstances(document, finding)
    named = dict(zip(entry.names, finding.arguments, strict=False))
    return Case(entry.variant(found.variant), named | found.values)


def _syntax_case(document: Document, finding: Finding) -> Case:
    message = finding.message.removeprefix(f"{finding.rule}: ")
    line = BrokenLine.of(document, finding)
    for entry in entries().values():
        values = _match(entry, message, line)
        if values is None:
            continue
        if entry.vague and (wrong := misspelt_keyword(line)) is not None:
            named = {"name": wrong.word, "near": wrong.keyword}
            return Case(entries()["keyword-typo"], named)
        return Case(entry, values)
    return Case(entries()["unknown"], {"message": message})


def _match(entry: Entry, message: str, line: BrokenLine) -> dict[str, str] | None:
    """Return what the entry's patterns name in the message and the line; None for no match."""
    if entry.told and (told := re.search(entry.told, message)):
        return _named(told)
    said = re.search(entry.message, message) if entry.message else None
    if said is None or (entry.raw and not line.search_unmasked(entry.raw)):
        return None
    if not entry.line:
        return _named(said)
    for pattern in entry.line:
        if (found := line.search(pattern)) is not None:
            return _named(said) | found
    return None


def _named(match: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in match.groupdict().items() if value}


def _common(document: Document, finding: Finding) -> dict[str, str]:
    """Values that every template may use."""
    lines = document.source.lines
    above = finding.line - 1
    while above > 1 and not lines[above - 1].strip():
        above -= 1
    code = _marked(document, finding)
    return {"line": str(finding.line), "above": str(max(above, 1)), "code": code, "name": code}


def _marked(document: Document, finding: Finding) -> str:
    """The code that a finding marks, its first line where there are several."""
    source = document.source
    text = source.lines[finding.line - 1]
    start = source.column_in_text(finding.line, finding.column)
    end = len(text)
    if finding.end_line == finding.line:
        end = source.column_in_text(finding.line, finding.end_column)
    return text[start:end].strip()


def _shown(value: str) -> str:
    """A value inside a sentence: a number as it is, code in a code span."""
    if value.isdecimal():
        return value
    short = value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
    return code_span(short) or "the end of the line"
