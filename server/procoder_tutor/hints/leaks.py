"""Does an answer give the solution away? Decided by syntax trees, not by text.

An answer leaks when code in it holds a piece that the solution has and the original has not. Code
that solves the problem in another way is not recognized.
"""

import ast
import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from procoder_tutor.errors import InputError
from procoder_tutor.hints.forms import Form, forms, mirrored, simplified
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.symbols import Document, Snapshot

MAX_ANSWER = 20_000
"""Characters; a longer answer counts as leaking, for it is not read."""
_MIN_RENAMED = 4
"""Weight from which a piece tells the solution whatever its variables are called. With less, such
as `x = []`, other code has it as well."""
_MIN_EXACT = 2
"""The same where the names are the solution's own, as in `return total`."""
_MAX_WORDS = 8
_MAX_WINDOWS = 500
"""Runs of words of one paragraph that are read as code."""
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CODE_LIKE = re.compile(r"[=<>+*/%\[(]")
_MARKER = re.compile(r"^[\s>]*(?:(?:>>>|\.\.\.)\s?|[-*+]\s+|\#+\s*|\d+[.)]\s+)?")
_CONTINUES = {"elif": "if True:\n pass\n", "except": "try:\n pass\n", "case": "match x:\n "}


def leaks(answer: str, solution: str, original: str) -> bool:
    """Tell whether an answer, Markdown, holds a piece of what the solution adds to the original.

    The solution and the original are code; where the original does not parse, what does counts.
    """
    if len(answer) > MAX_ANSWER:
        return True
    new = {renamed: _added(solution, original, renamed=renamed) for renamed in (True, False)}
    for code in _codes(html.unescape(answer)):
        tree = _parsed(code)
        if tree is not None and (_tells(simplified(tree), new) or _tells(mirrored(tree), new)):
            return True
    return False


def _tells(tree: ast.AST, new: dict[bool, set[Form]]) -> bool:
    return any(form in new[renamed] for renamed in new for form in forms(tree, renamed=renamed))


def _added(solution: str, original: str, *, renamed: bool) -> set[Form]:
    """Pieces of the solution that the original has not and that say enough to tell it."""
    least = _MIN_RENAMED if renamed else _MIN_EXACT
    known = set(forms(_tree(original), renamed=renamed))
    return {f for f in forms(_tree(solution), renamed=renamed) if f.weight >= least} - known


def _tree(code: str) -> ast.AST:
    try:
        return simplified(Document.parse(Snapshot(code)).syntax)
    except InputError:
        return ast.Module(body=[], type_ignores=[])


def _parsed(code: str) -> ast.AST | None:
    return parse_fragment(code) or parse_fragment("if True:\n" + code)


def _codes(answer: str) -> Iterator[str]:
    """Yield everything in an answer that may be code: blocks, spans, and lines of their own."""
    tokens = MarkdownIt("commonmark").parse(answer)
    for token in _flat(tokens):
        if token.type in {"fence", "code_block", "code_inline", "html_block"}:
            yield from _readings(token.content)
        elif token.type == "inline":
            yield from _in_prose(token.content)
    yield from _readings(answer)


def _in_prose(text: str) -> Iterator[str]:
    """Yield runs of words around an operator or a bracket: code without quotes."""
    words = _TAG.sub(" ", text.replace("`", "")).split()
    windows = 0
    for start, first in enumerate(words):
        for end in range(start + 1, min(start + _MAX_WORDS, len(words)) + 1):
            run = " ".join([first, *words[start + 1 : end]])
            run = run.rstrip(".,;:!?").strip("\"'$“”")
            if _CODE_LIKE.search(run) and windows < _MAX_WINDOWS:
                windows += 1
                yield run
                if run.startswith("("):
                    yield run[1:].removesuffix(")")


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def _readings(text: str) -> Iterator[str]:
    """Yield a text, its reading as a diff or a session, and each of its lines."""
    lines = text.split("\n")
    yield text
    added = [line[1:] for line in lines if line.startswith("+")]
    if added:
        yield "\n".join(added)
        yield "\n".join(line[1:] for line in lines if not line.startswith("-"))
    session = [line.strip()[4:] for line in lines if line.strip().startswith((">>> ", "... "))]
    if session:
        yield "\n".join(session)
    for line in lines:
        yield from _line_readings(line)


def _line_readings(line: str) -> Iterator[str]:
    """Yield a line without what may stand around code in it."""
    bare = _MARKER.sub("", line).strip()
    for code in {bare, bare.lstrip("+-").strip(), bare.partition(": ")[2]}:
        text = code.strip("`*").rstrip(".,;!?") if code[-1:] in "`*.,;!?" else code
        word = text.partition(" ")[0].rstrip(":")
        if text.endswith(":"):
            yield _CONTINUES.get(word, "") + text + " pass"
        elif text:
            yield text
