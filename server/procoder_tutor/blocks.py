"""Code cut into parts that can be explained in a sentence each, along its syntax tree."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from procoder_tutor.excerpts import written_anew
from procoder_tutor.symbols import Symbol
from procoder_tutor.syntax import Definition, child_blocks, without_docstring

LONGEST_BLOCK = 8
"""Lines of code, as written anew. Source: measured, shared by prompt design experiments."""
MOST_BLOCKS = 12
_ALONE = 3
"""A loop or condition of so many lines is a part of its own."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring statements, or the header of a long one."""

    line: int
    """First line in the document, 1-based."""
    end_line: int
    code: str
    """Written anew: free of comments and formatting, which must not change a prompt."""


def blocks_of(symbol: Symbol) -> tuple[Block, ...]:
    """Cut a symbol's body into parts, in order; code that is too long has only its first ones."""
    return tuple(islice(_cut(without_docstring(symbol.node)), MOST_BLOCKS))


def _cut(body: Sequence[ast.stmt]) -> Iterator[Block]:
    """Yield the parts of a body, without recursion: trees may be very deep."""
    waiting = [body]
    while waiting:
        statements = waiting.pop()
        together: list[ast.stmt] = []
        codes: list[str] = []
        for index, statement in enumerate(statements):
            code = written_anew(statement)
            lines = code.count("\n") + 1
            inner = list(child_blocks(statement)) if lines > LONGEST_BLOCK else []
            divided = inner and not isinstance(statement, Definition)
            full = sum(c.count("\n") + 1 for c in codes) + lines > LONGEST_BLOCK
            if together and (divided or full or lines >= _ALONE):
                yield _block(together, codes)
                together, codes = [], []
            if divided:
                yield _header(statement, inner, code)
                waiting += [statements[index + 1 :], *reversed(inner)]
                break
            together.append(statement)
            codes.append(code)
            if lines >= _ALONE:
                yield _block(together, codes)
                together, codes = [], []
        if together:
            yield _block(together, codes)


def _block(statements: Sequence[ast.stmt], codes: Sequence[str]) -> Block:
    first, last = statements[0], statements[-1]
    lines = "\n".join(codes).split("\n")
    if len(lines) > LONGEST_BLOCK:
        lines = [*lines[:LONGEST_BLOCK], "    ..."]
    return Block(first.lineno, last.end_lineno or last.lineno, "\n".join(lines))


def _header(statement: ast.stmt, inner: Sequence[list[ast.stmt]], code: str) -> Block:
    before_body = max(statement.lineno, inner[0][0].lineno - 1)
    return Block(statement.lineno, before_body, f"{code.partition(chr(10))[0]}\n    ...")
