"""What Python's own compiler and pyflakes find wrong with a document."""

import ast
import re
from typing import Final

from pyflakes import checker, messages

from procoder_tutor.findings import Finding, Severity
from procoder_tutor.parsing import Warned, among_threads, compile_error
from procoder_tutor.positions import Position, Span
from procoder_tutor.symbols import Document

__all__ = ["FLAKE8_CODES", "Finding", "lint"]

FLAKE8_CODES: Final[dict[str, str]] = {
    "UnusedImport": "F401",
    "ImportShadowedByLoopVar": "F402",
    "ImportStarUsed": "F403",
    "LateFutureImport": "F404",
    "ImportStarUsage": "F405",
    "ImportStarNotPermitted": "F406",
    "FutureFeatureNotDefined": "F407",
    "PercentFormatInvalidFormat": "F501",
    "PercentFormatExpectedMapping": "F502",
    "PercentFormatExpectedSequence": "F503",
    "PercentFormatExtraNamedArguments": "F504",
    "PercentFormatMissingArgument": "F505",
    "PercentFormatMixedPositionalAndNamed": "F506",
    "PercentFormatPositionalCountMismatch": "F507",
    "PercentFormatStarRequiresSequence": "F508",
    "PercentFormatUnsupportedFormatCharacter": "F509",
    "StringDotFormatInvalidFormat": "F521",
    "StringDotFormatExtraNamedArguments": "F522",
    "StringDotFormatExtraPositionalArguments": "F523",
    "StringDotFormatMissingArgument": "F524",
    "StringDotFormatMixingAutomatic": "F525",
    "FStringMissingPlaceholders": "F541",
    "TStringMissingPlaceholders": "F542",
    "MultiValueRepeatedKeyLiteral": "F601",
    "MultiValueRepeatedKeyVariable": "F602",
    "TooManyExpressionsInStarredAssignment": "F621",
    "TwoStarredExpressions": "F622",
    "AssertTuple": "F631",
    "IsLiteral": "F632",
    "InvalidPrintSyntax": "F633",
    "IfTuple": "F634",
    "BreakOutsideLoop": "F701",
    "ContinueOutsideLoop": "F702",
    "YieldOutsideFunction": "F704",
    "ReturnOutsideFunction": "F706",
    "DefaultExceptNotLast": "F707",
    "DoctestSyntaxError": "F721",
    "ForwardAnnotationSyntaxError": "F722",
    "RedefinedWhileUnused": "F811",
    "UndefinedName": "F821",
    "UndefinedExport": "F822",
    "UndefinedLocal": "F823",
    "UnusedIndirectAssignment": "F824",
    "DuplicateArgument": "F831",
    "UnusedVariable": "F841",
    "UnusedAnnotation": "F842",
    "RaiseNotImplemented": "F901",
}
"""flake8's code of each pyflakes message class (its documentation, "Error / Violation Codes")."""

_ERRORS = frozenset({
    "F404", "F406", "F407", "F501", "F502", "F503", "F505", "F506", "F507", "F508", "F509", "F521",
    "F524", "F525", "F621", "F622", "F633", "F701", "F702", "F704", "F706", "F707", "F821", "F822",
    "F823", "F831", "F901",
})  # fmt: skip
"""What fails when it runs; the rest is a warning."""
_COMPILED = frozenset({
    "F404", "F406", "F407", "F621", "F622", "F701", "F702", "F704", "F706", "F707", "F831",
})  # fmt: skip
"""Errors that Python's compiler reports as well."""
_WORD = re.compile(r"\w+")
_WHOLE = (messages.MultiValueRepeatedKeyLiteral, messages.MultiValueRepeatedKeyVariable)
"""Messages about a whole expression, not about the name in their arguments."""


def lint(document: Document) -> tuple[Finding, ...]:
    """List the findings in the order of the text; a text that does not parse has exactly one."""
    if document.tree is None:
        return (document.syntax_error,) if document.syntax_error else ()
    error, warned = compile_error(document.source, document.tree)
    found = _flakes(document, document.tree)
    if error is not None and not any(f.line == error.line and f.code in _COMPILED for f in found):
        found.append(error)
    found += _escapes(document, (*document.warned, *warned))
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda f: (f.line, f.column, f.code)))


def _flakes(document: Document, tree: ast.Module) -> list[Finding]:
    try:
        reported = among_threads(lambda: _messages(tree))
    except (RecursionError, MemoryError):
        message = "nested too deeply for pyflakes: only the syntax was checked"
        return [Finding("TooDeep", "TooDeep", message, "warning", 1, 0, 1, 1)]
    if not reported:
        return []
    places = _Places(document, tree)
    return [_finding(places, message) for message in reported]


def _messages(tree: ast.Module) -> list[messages.Message]:
    """Run pyflakes, and take it to pieces.

    A checker holds its own methods, and a scope the names that say in which scope they are used:
    left whole, they and the tree are memory until the next full search for garbage.
    """
    done = checker.Checker(tree, filename="<document>")
    found: list[messages.Message] = done.messages
    for scope in (*done.scopeStack, *done.deadScopes):
        scope.clear()
    vars(done).clear()
    return found


def _finding(places: "_Places", message: messages.Message) -> Finding:
    rule = type(message).__name__
    code = FLAKE8_CODES.get(rule, rule)
    start, end = places.span(message)
    text = message.message % message.message_args
    severity: Severity = "error" if code in _ERRORS else "warning"
    return Finding(code, rule, text, severity, *start, *end, _arguments(message))


def _arguments(message: messages.Message) -> tuple[str, ...]:
    """What the message is filled with; pyflakes gives a lone one without its tuple at times."""
    given = message.message_args
    return tuple(str(item) for item in (given if isinstance(given, tuple) else (given,)))


class _Places:
    """Finds the stretch of text a message is about: pyflakes gives only where a node begins."""

    def __init__(self, document: Document, tree: ast.Module) -> None:
        self._source = document.source
        self._nodes: dict[tuple[int, int], list[ast.AST]] = {}
        for node in ast.walk(tree):
            if (line := getattr(node, "lineno", None)) is not None:
                self._nodes.setdefault((line, getattr(node, "col_offset", 0)), []).append(node)

    def span(self, message: messages.Message) -> Span:
        """Return the name that the message names, else the node's first line."""
        nodes = self._nodes.get((message.lineno, message.col), [])
        name = next(iter(_arguments(message)), "")
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                return self._alias(node, name)
        start = self._source.position(message.lineno, message.col)
        line = self._source.lines[start.line - 1]
        column = self._source.column_in_text(*start)
        last = self._last_column(nodes, start.line)
        if name.isidentifier() and not isinstance(message, _WHOLE):
            for word in _WORD.finditer(line, column, max(last, column)):
                if word[0] == name:
                    begin = self._source.place(start.line, word.start())
                    return Span(begin, self._source.place(start.line, word.end()))
        end = self._source.place(start.line, max(last, column + 1))
        return Span(start, end)

    def _last_column(self, nodes: list[ast.AST], line: int) -> int:
        """End of the largest node that begins here and ends on its line, else the line's own."""
        ends = [self._source.span(node).end for node in nodes]
        on_line = [self._source.column_in_text(*end) for end in ends if end.line == line]
        expressions = [c for c in on_line if c > 0]
        return max(expressions) if expressions else len(self._source.lines[line - 1])

    def _alias(self, node: ast.Import | ast.ImportFrom, name: str) -> Span:
        imported, _, bound = name.partition(" as ")
        for alias in node.names:
            full = alias.name
            if isinstance(node, ast.ImportFrom):
                dots = "." * node.level + (node.module or "")
                full = dots + alias.name if dots.endswith(".") else f"{dots}.{alias.name}"
            if imported in {full, alias.name, alias.asname} and bound in {"", alias.asname}:
                return self._source.span(alias)
        return self._source.span(node)


def _escapes(document: Document, warned: tuple[Warned, ...]) -> list[Finding]:
    """`"\\d"` without an `r`: Python keeps the backslash for now, and warns."""
    return [
        _escape(document, warning)
        for warning in warned
        if "invalid escape sequence" in warning.message or "invalid octal" in warning.message
    ]


def _escape(document: Document, warning: Warned) -> Finding:
    line = min(max(warning.line, 1), document.source.line_count)
    shown = re.search(r"'(\\.[^']*)'|\"(\\.)\"", warning.message)
    sequence = next((g for g in shown.groups() if g), "\\") if shown else "\\"
    column = max(document.source.lines[line - 1].find(sequence), 0)
    start = document.source.place(line, column)
    end = Position(line, start.column + len(sequence))
    message = f"invalid escape sequence {sequence}"
    return Finding("W605", "InvalidEscapeSequence", message, "warning", *start, *end)
