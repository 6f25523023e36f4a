"""What to ask next: offered with every answer in a chat, as commands that a client can run."""

from collections.abc import Mapping, Sequence
from typing import Any

from lsprotocol import types

from procoder_server.asking import Answer
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Kind, Level
from procoder_tutor.symbols import Symbol

CHAT = "procoder.chat"
_LEVELS = tuple(Level)
_LEVELLED = frozenset({Kind.EXPLAIN, Kind.BLOCKS, Kind.CHAT})
"""Kinds whose answers differ by level."""


def next_steps(
    kind: Kind,
    level: Level,
    argument: Mapping[str, Any],
    answer: Answer,
    findings: Sequence[Finding],
) -> list[types.Command]:
    """Return what makes sense after an answer to the chat's `argument`."""
    steps = []
    if kind in _LEVELLED:
        steps += _levels(level, argument)
    if kind is Kind.EXPLAIN:
        steps.append(_step("Part by part", argument, text=_again(argument, "/parts")))
    if kind is Kind.ERROR:
        steps.append(_step("Fix it", argument, text=_again(argument, "/fix")))
    stuck_at = _line_of_a_problem(answer, findings)
    if stuck_at:
        steps.append(hint_step("Hint", argument, stuck_at))
    return steps


def question_about(symbol: Symbol, kind: Kind) -> dict[str, Any]:
    """Return the chat's argument that asks for the explanation of some code."""
    argument: dict[str, Any] = {"uri": symbol.snapshot.uri}
    if symbol.kind == "module":
        mention = "@file"
    elif symbol.kind == "range":
        mention = "@selection"
        start, end = ({"line": n, "character": 0} for n in (symbol.line - 1, symbol.end_line))
        argument["range"] = {"start": start, "end": end}
    else:
        mention = f"@symbol:{symbol.name}"
    command = "/parts" if kind is Kind.BLOCKS else "/explain"
    return {**argument, "text": f"{command} {mention}"}


def hint_step(title: str, argument: Mapping[str, Any], line: int) -> types.Command:
    """Return the step to the next hint about a line, 1-based."""
    kept = {name: value for name, value in argument.items() if name != "range"}
    return _step(title, kept, text="/hint", line=line - 1)


def again(argument: Mapping[str, Any], conversation: str, turn: int | None) -> types.Command:
    """Return what asks the model once more, in place of the turn that was answered."""
    changed: dict[str, Any] = {"conversation": conversation, "refresh": True}
    if turn is not None:
        changed["replaces"] = turn
    return _step("Again", argument, **changed)


def _levels(level: Level, argument: Mapping[str, Any]) -> list[types.Command]:
    index = _LEVELS.index(level)
    steps = []
    if index > 0:
        steps.append(_step("Simpler", argument, level=_LEVELS[index - 1].value))
    if index + 1 < len(_LEVELS):
        steps.append(_step("Deeper", argument, level=_LEVELS[index + 1].value))
    return steps


def _again(argument: Mapping[str, Any], command: str) -> str:
    """Return another command about what was mentioned."""
    words = str(argument["text"]).split()
    return " ".join([command, *(word for word in words if word.startswith("@"))])


def _line_of_a_problem(answer: Answer, findings: Sequence[Finding]) -> int | None:
    if findings:
        return findings[0].line
    return answer.facts.traps[0].line if answer.facts.traps else None


def _step(title: str, argument: Mapping[str, Any], **changed: Any) -> types.Command:
    return types.Command(title=title, command=CHAT, arguments=[{**argument, **changed}])
