"""What an edit is asked for: the argument of an edit command, and the data of a code action.

One object; all but `uri` may be left out:
    uri      the document
    symbol   qualified name of what is to be edited, e.g. `Account.deposit`
    line     0-based: where the symbol begins, or any line inside of it
    finding  for a fix: what `finding_keys` says of the finding; else the first of the line is fixed
    version  the document's, when the menu was opened
The data of a code action have `command` beside, which names the edit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from procoder_server.analysis import Analysis
from procoder_server.arguments import read_arguments
from procoder_server.commands import find_symbol
from procoder_server.errors import InvalidArgumentsError
from procoder_server.finding_keys import find_again
from procoder_server.protocol import PARTIAL_RESULT_TOKEN
from procoder_tutor.errors import InputError
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Kind, Level, Question

FIX: Final = "procoder.fix"
DOCUMENT: Final = "procoder.document"
SIMPLIFY: Final = "procoder.simplify"
TESTS: Final = "procoder.tests"
KINDS: Final[Mapping[str, Kind]] = {
    FIX: Kind.FIX,
    DOCUMENT: Kind.DOCUMENT,
    SIMPLIFY: Kind.SIMPLIFY,
    TESTS: Kind.TESTS,
}
"""The edit commands."""
_FIELDS = {"uri": str, "symbol": str, "line": int, "finding": dict, "version": int}


@dataclass(frozen=True, slots=True)
class EditRequest:
    """An edit that somebody asked for."""

    command: str
    uri: str
    symbol: str | None = None
    line: int | None = None
    finding: Mapping[str, Any] | None = None
    version: int | None = None

    @classmethod
    def parse(cls, command: str, arguments: Sequence[Any] | None) -> "EditRequest":
        """Check the argument of a command; raises InvalidArgumentsError."""
        given = read_arguments(command, arguments, _FIELDS, required=["uri"])
        given.pop(PARTIAL_RESULT_TOKEN, None)
        return cls(command, **given)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "EditRequest":
        """Check the data of a code action; raises InvalidArgumentsError."""
        command = data.get("command")
        if not isinstance(command, str) or command not in KINDS:
            raise InvalidArgumentsError(message="This code action is none of ProCoder's.")
        return cls.parse(command, [{k: v for k, v in data.items() if k != "command"}])

    @property
    def kind(self) -> Kind:
        """What the tutor is asked for."""
        return KINDS[self.command]

    def argument(self) -> dict[str, Any]:
        """Return the argument of the command."""
        values = {name: value for name, value in asdict(self).items() if value is not None}
        del values["command"]
        return values

    def data(self) -> dict[str, Any]:
        """Return the data of a code action."""
        return {"command": self.command, **self.argument()}

    def question(self, analysis: Analysis, level: Level, language: str) -> Question:
        """Find what is to be edited in the document as it is now.

        Raises InputError for a finding that is gone, and NoSymbolError for a symbol that is.
        """
        document = analysis.document
        if self.kind is not Kind.FIX:
            symbol = find_symbol(document, self.symbol, self.line)
            return Question(symbol, self.kind, level=level, language=language)
        finding = self._found(analysis)
        symbol = document.enclosing(finding.line)
        return Question(symbol, self.kind, level=level, language=language, finding=finding)

    def _found(self, analysis: Analysis) -> Finding:
        if self.finding is None:
            return first_on_line(analysis.findings, self.line or 0)
        found = find_again(analysis.findings, self.finding)
        if found is None:
            changed = self.version is not None and self.version != analysis.version
            why = "It has changed since the menu was opened." if changed else ""
            raise InputError("This problem is not in the document", why)
        return found


def first_on_line(findings: Sequence[Finding], line: int) -> Finding:
    """Return the first finding on a line (0-based), errors first; raises InputError for none."""
    here = [f for f in findings if f.line <= line + 1 <= f.end_line]
    if not here:
        raise InputError(f"Nothing is marked on line {line + 1}", "Go to a marked line.")
    return min(here, key=lambda f: (f.severity != "error", f.column))
