"""Parsing that never raises: a tree, or the reason there is none."""

import ast
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import TypeVar

from procoder_tutor.findings import Finding
from procoder_tutor.positions import Position, SourceText

_FILENAME = "<document>"
_TOO_DEEP = "nested too deeply for Python to parse"
_ATTEMPTS = 5
_parser_lock = threading.Lock()
"""`warnings.catch_warnings` swaps process-wide state, so only one thread may be inside it."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Warned:
    """A SyntaxWarning that the compiler gave: its text and line."""

    message: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """Outcome of parsing; either `tree` or `error` is None."""

    tree: ast.Module | None
    error: Finding | None
    warned: tuple[Warned, ...] = ()


def parse(source: SourceText) -> Parsed:
    """Parse a document, also one that is indented as a whole, like a selected method body."""
    if "\0" in source.original:
        return Parsed(None, _null_finding(source))
    tree, error, warned = _attempt(source.text)
    if tree is None and isinstance(error, IndentationError) and _indented_as_a_whole(source, error):
        wrapped, _, rewarned = _attempt("if True:\n" + source.text)
        if wrapped is not None and len(wrapped.body) == 1 and isinstance(wrapped.body[0], ast.If):
            tree = ast.Module(body=wrapped.body[0].body, type_ignores=[])
            ast.increment_lineno(tree, -1)
            warned = tuple(Warned(w.message, w.line - 1) for w in rewarned)
    if tree is not None:
        return Parsed(tree, None, warned)
    return Parsed(None, syntax_finding(source, error))


def parse_fragment(text: str) -> ast.Module | None:
    """Parse a text, or return None when Python cannot."""
    return _attempt(text)[0]


def among_threads(build: Callable[[], T]) -> T:
    """Run what makes or reads syntax trees, again when another thread has disturbed it.

    CPython keeps the depth of a tree under construction per interpreter, not per thread: two
    threads at it at once can end in `SystemError: AST constructor recursion depth mismatch`
    (python/cpython#106905).
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return build()
        except SystemError:
            continue
    return build()


def compile_error(
    source: SourceText, tree: ast.Module
) -> tuple[Finding | None, tuple[Warned, ...]]:
    """Errors and warnings that only the compiler sees, e.g. `nonlocal` at module level."""
    try:
        with _parser_lock, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            among_threads(lambda: _compile(tree))
    except SyntaxError as error:
        return syntax_finding(source, error), ()
    except (RecursionError, MemoryError, ValueError, OverflowError):
        return None, ()
    return None, _warned(caught)


def syntax_finding(source: SourceText, error: Exception | None) -> Finding:
    """Turn what the parser raised into a finding inside the text."""
    if not isinstance(error, SyntaxError):
        end = source.place(1, len(source.lines[0]))
        message = f"SyntaxError: {_TOO_DEEP}" if error is None else f"SyntaxError: {error}"
        return Finding("E999", "SyntaxError", message, "error", 1, 0, end.line, end.column)
    line = error.lineno or source.line_count
    start = source.place(line, (error.offset or 1) - 1)
    end = source.place(error.end_lineno or line, (error.end_offset or 0) - 1)
    if end <= start:
        end = _word_end(source, start)
    rule = type(error).__name__
    return Finding("E999", rule, f"{rule}: {error.msg}", "error", *start, *end)


def _attempt(text: str) -> tuple[ast.Module | None, Exception | None, tuple[Warned, ...]]:
    try:
        with _parser_lock, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            tree = among_threads(lambda: ast.parse(text, _FILENAME))
    except (RecursionError, MemoryError):
        return None, None, ()
    except (SyntaxError, ValueError, OverflowError) as error:
        # A traceback holds the frames of all callers, and what they hold, until a full collection.
        return None, error.with_traceback(None), ()
    return tree, None, _warned(caught)


def _compile(tree: ast.Module) -> CodeType:
    code: CodeType = compile(tree, _FILENAME, "exec", dont_inherit=True)
    return code


def _warned(caught: list[warnings.WarningMessage]) -> tuple[Warned, ...]:
    return tuple(Warned(str(item.message), item.lineno) for item in caught)


def _indented_as_a_whole(source: SourceText, error: SyntaxError) -> bool:
    first = next((number for number, text in enumerate(source.lines, 1) if _is_code(text)), 0)
    return error.lineno == first


def _is_code(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith("#")


def _null_finding(source: SourceText) -> Finding:
    before = source.original[: source.original.index("\0")]
    prefix = SourceText(before)
    start = prefix.place(prefix.line_count, len(prefix.lines[-1]))
    message = "SyntaxError: the text contains a NUL character, which Python refuses"
    return Finding("E999", "SyntaxError", message, "error", *start, start.line, start.column + 1)


def _word_end(source: SourceText, start: Position) -> Position:
    """End of the word at `start`, or one character on, so that a finding is never invisible."""
    text = source.lines[start.line - 1]
    at = source.column_in_text(start.line, start.column)
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return source.place(start.line, max(end, at + 1))
