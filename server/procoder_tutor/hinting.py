"""The next hint about a line of a document: a finding, a trap, or what the learner expected."""

import asyncio

from procoder_tutor.conversations import Conversations
from procoder_tutor.diagnoses.fixes import known_fix
from procoder_tutor.edits.text import apply_edits
from procoder_tutor.errors import InputError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.findings import Finding
from procoder_tutor.hints.ladder import Hint, HintLadder
from procoder_tutor.hints.problems import (
    Problem,
    expectation_problem,
    finding_problem,
    trap_problem,
)
from procoder_tutor.hints.state import HintState, Rung
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Symbol

_NOTE = "hints"


async def next_hint(
    conversations: Conversations,
    document: Document,
    line: int,
    *,
    expectation: str = "",
    max_rung: Rung = Rung.SOLUTION,
) -> Hint:
    """Return the next hint about what is wrong in a line, and remember that it was given.

    `expectation` is what the learner expected instead, where neither the linter nor the facts
    find anything. Raises InputError when there is nothing to give hints about.
    """
    ladder = await asyncio.to_thread(_ladder, document, line, expectation, max_rung)
    state = HintState.from_json(await conversations.note(_NOTE))
    hint, after = ladder.next(state)
    await conversations.write_note(_NOTE, after.to_json())
    return hint


def solutions(document: Document, symbol: Symbol) -> tuple[str, ...]:
    """Return what a symbol becomes by each certain fix of what the linter finds in it, as code."""
    found = []
    for finding in lint(document):
        inside = symbol.line <= finding.line <= symbol.end_line
        fix = known_fix(document, finding) if inside else None
        if fix is not None:
            lines = apply_edits(document.snapshot.text, fix.edits).splitlines()
            grown = len(lines) - len(document.snapshot.text.splitlines())
            found.append("\n".join(lines[symbol.line - 1 : symbol.end_line + grown]))
    return tuple(found)


def _ladder(document: Document, line: int, expectation: str, max_rung: Rung) -> HintLadder:
    here = [f for f in lint(document) if f.line <= line <= f.end_line]
    if here:
        finding = min(here, key=lambda f: (f.severity != "error", f.column))
        solution = _solution(document, finding)
        return HintLadder(finding_problem(document, finding), solution=solution, max_rung=max_rung)
    return HintLadder(_other_problem(document, line, expectation), max_rung=max_rung)


def _other_problem(document: Document, line: int, expectation: str) -> Problem:
    symbol = document.enclosing(line)
    facts = instant_facts(document, symbol)
    for trap in facts.traps:
        if trap.line == line:
            return trap_problem(document, facts, trap)
    if not expectation:
        raise InputError(
            f"Nothing in line {line} looks wrong from outside",
            "Say what you expected, and what happens instead.",
        )
    return expectation_problem(document, symbol, facts, expectation)


def _solution(document: Document, finding: Finding) -> str | None:
    """Return the lines of a certain fix as they are afterwards."""
    fix = known_fix(document, finding)
    if fix is None:
        return None
    before = document.snapshot.text.splitlines()
    after = apply_edits(document.snapshot.text, fix.edits).splitlines()
    grown = len(after) - len(before)
    last = max(edit.end.line for edit in fix.edits) + grown
    return "\n".join(after[min(edit.start.line for edit in fix.edits) - 1 : last]) or None
