"""Repairs of syntax errors, all on the line of the error.

Each takes the line and returns the new one; the edit is what differs. Whether Python then gets
further is for `verify` to say.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from procoder_tutor.diagnoses.broken import BrokenLine
from procoder_tutor.diagnoses.catalogue import Entry
from procoder_tutor.diagnoses.fixes.edits import within_line
from procoder_tutor.diagnoses.fixes.verify import parses_with
from procoder_tutor.diagnoses.misspelt import misspelt_keyword
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.findings import Finding
from procoder_tutor.parsing import parse_fragment
from procoder_tutor.sanitize import clean
from procoder_tutor.symbols import Document

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BLOCK = re.compile(
    r"\s*(?:async\s+)?(?:if|elif|else|while|for|with|def|class|try|except|match|case)\b"
)
_CONDITION = re.compile(r"\s*(?:if|elif|while|assert)\b")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>:+*/%&|^-])=(?!=)")
_PLAIN_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'")
                              | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'))  # fmt: skip
_LOOKALIKES = {
    "\u00d7": "*", "\u00f7": "/", "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2260": "!=",
    "\u2264": "<=", "\u2265": ">=", "\u00b7": "*", "\u2044": "/", "\u2215": "/",
}  # fmt: skip
_MOST_SPACES = 40
_LONGEST_TITLE = 60
_SPACE = re.compile(r"(?<=\S)\s+(?=\S)")
_BACKSLASHED = re.compile(r"(?<![\w\"'])(?P<quote>[\"'])(?:(?!(?P=quote)).)*\\[uU]")
_BOLD = frozenset({"never-closed", "bracket-before-colon", "unmatched-bracket"})
"""Repairs that could be made in several places: the document must parse as a whole after them."""


def repair_line(document: Document, finding: Finding, entry: Entry) -> ProposedEdit | None:
    """Repair the line of a syntax error that was recognized as this entry."""
    line = BrokenLine.of(document, finding)
    if not line.is_readable:
        return None
    if entry.swap is not None:
        new = _swapped(line, *entry.swap)
    else:
        repair = _REPAIRS.get(entry.id)
        new = repair(line) if repair else None
    if new is None or new == line.text:
        return None
    edit = _difference(document, finding.line, line.text, new)
    if entry.id in _BOLD and not parses_with(document, (edit,)):
        return None
    return ProposedEdit(f"Change line {finding.line} to: {_short(new)}", (edit,))


def _short(line: str) -> str:
    shown = clean(line).strip()
    return shown if len(shown) <= _LONGEST_TITLE else shown[: _LONGEST_TITLE - 1] + "…"


def _difference(document: Document, line: int, old: str, new: str) -> TextEdit:
    """The smallest single edit that makes one line of another."""
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    room = shorter - start
    tail = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    return within_line(document.source, line, start, len(old) - tail, new[start : len(new) - tail])


def _swapped(line: BrokenLine, pattern: str, replacement: str) -> str | None:
    """Replace the match that is nearest to the error; groups stand for the real text."""
    matches = list(re.finditer(pattern, line.masked))
    if not matches:
        return None
    match = min(matches, key=lambda m: max(m.start() - line.column, line.column - m.end(), 0))
    text = re.sub(
        r"\\(\d)", lambda group: line.text[slice(*match.span(int(group[1])))], replacement
    )
    return line.text[: match.start()] + text + line.text[match.end() :]


def _add_colon(line: BrokenLine) -> str | None:
    end = line.code_end()
    return f"{line.text[:end]}:{line.text[end:]}" if line.column >= end else None


def _double_equals(line: BrokenLine) -> str | None:
    if not _CONDITION.match(line.masked):
        return None
    for match in _SINGLE_EQUALS.finditer(line.masked, line.column):
        between = line.masked[line.column : match.start()]
        if sum(map(between.count, "([{")) == sum(map(between.count, ")]}")):
            return f"{line.text[: match.start()]}=={line.text[match.end() :]}"
    return None


def _close_brackets(line: BrokenLine) -> str | None:
    """Close what the line leaves open at its end, or before the colon that starts a block."""
    closing: list[str] = []
    for character in line.masked:
        if character in _CLOSING:
            closing.append(_CLOSING[character])
        elif closing and character == closing[-1]:
            closing.pop()
    end = line.code_end()
    if line.masked[line.column : line.column + 1] == ":":
        end = line.column
    elif _BLOCK.match(line.masked) and line.masked[:end].endswith(":"):
        end -= 1
    if not closing or line.masked[:end].rstrip()[-1:] in {"", ",", "(", "[", "{"}:
        return None
    return line.text[:end] + "".join(reversed(closing)) + line.text[end:]


def _drop_bracket(line: BrokenLine) -> str | None:
    """Drop a closing bracket at the end of a line that was typed twice."""
    at = line.column
    last = line.masked.rstrip().removesuffix(":").rstrip()
    if at != len(last) - 1 or last[-2:] not in {"))", "]]", "}}"}:
        return None
    return line.text[:at] + line.text[at + 1 :]


def _same_quotes(line: BrokenLine) -> str | None:
    """Give a text the quote at its end that it has at its beginning."""
    opening = line.text[line.column : line.column + 1]
    other = {"'": '"', '"': "'"}.get(opening)
    if other is None:
        return None
    at = line.text.rfind(other)
    return line.text[:at] + opening + line.text[at + 1 :] if at > line.column else None


def _plain_quotes(line: BrokenLine) -> str | None:
    return line.text.translate(_PLAIN_QUOTES)


def _no_invisible(line: BrokenLine) -> str | None:
    """Remove an invisible character, or put a plain space where it looks like one."""
    character = line.text[line.column : line.column + 1]
    if not character or line.masked[line.column] != character:
        return None
    plain = " " if unicodedata.category(character) == "Zs" else ""
    return _replaced(line, character, plain)


def _plain_sign(line: BrokenLine) -> str | None:
    """Replace a character by the plain one that it looks like."""
    character = line.text[line.column : line.column + 1]
    plain = _LOOKALIKES.get(character) or unicodedata.normalize("NFKC", character)
    if not character or not plain.isascii() or plain == character:
        return None
    return _replaced(line, character, plain)


def _replaced(line: BrokenLine, character: str, plain: str) -> str:
    """Replace a character wherever it is code."""
    pairs = zip(line.text, line.masked, strict=True)
    return "".join(plain if seen == character else real for real, seen in pairs)


def _call_print(line: BrokenLine) -> str | None:
    """Put brackets around what follows `print`; not where a last comma or a semicolon matters."""
    match = re.compile(r"(print|exec)\s*(?=\S)").match(line.masked, line.column)
    end = line.code_end()
    if match is None or ";" in line.masked or line.masked[:end].endswith((",", "\\")):
        return None
    values = line.text[match.end() : end]
    return f"{line.text[: match.start()]}{match[1]}({values}){line.text[end:]}"


def _add_comma(line: BrokenLine) -> str | None:
    """Put a comma behind the longest stretch that is an expression; a dict may lack a colon."""
    if line.masked[: line.column].rstrip().endswith("{"):
        return None
    stretch = line.masked[line.column :]
    for space in reversed(list(_SPACE.finditer(stretch))[:_MOST_SPACES]):
        at = line.column + space.start()
        if _is_expression(line.text[line.column : at]):
            return f"{line.text[:at]},{line.text[at:]}"
    return None


def _is_expression(text: str) -> bool:
    return bool(text.strip()) and parse_fragment(f"({text.strip()})") is not None


def _right_keyword(line: BrokenLine) -> str | None:
    wrong = misspelt_keyword(line)
    if wrong is None:
        return None
    return line.text[: wrong.start] + wrong.keyword + line.text[wrong.end :]


def _raw_path(line: BrokenLine) -> str | None:
    """Put an `r` before the text with the backslash."""
    match = _BACKSLASHED.search(line.text)
    return f"{line.text[: match.start()]}r{line.text[match.start() :]}" if match else None


_REPAIRS: Final[dict[str, Callable[[BrokenLine], str | None]]] = {
    "missing-colon": _add_colon,
    "single-equals": _double_equals,
    "assign-in-condition": _double_equals,
    "never-closed": _close_brackets,
    "bracket-before-colon": _close_brackets,
    "unmatched-bracket": _drop_bracket,
    "mixed-quotes": _same_quotes,
    "curly-quote": _plain_quotes,
    "invisible-character": _no_invisible,
    "invalid-character": _plain_sign,
    "print-statement": _call_print,
    "missing-comma": _add_comma,
    "keyword-typo": _right_keyword,
    "windows-path": _raw_path,
}
