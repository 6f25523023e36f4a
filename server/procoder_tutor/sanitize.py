"""Makes text written by a model or found in code safe to show as Markdown.

Model text is parsed, and only paragraphs, lists, emphasis, code spans and fences are written
again; everything else becomes escaped text. So no raw HTML, image or link survives, whatever
parser shows the result. Source of the escaping rules: CommonMark 0.31, sections 2.4 and 6.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_URL_LIKE = re.compile(
    # The look-behinds let a word be tried once, not from each of its characters.
    r"(?:(?<![A-Za-z0-9+.-])[A-Za-z0-9+.-]+://|www\.|mailto:|javascript:|data:|command:)[^\s`]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+"
)
_SPECIAL = re.compile(r"[\\`*{}\[\]<>#~|$&]|(?<![^\W_])_|_(?![^\W_])")
_BLOCK_START = re.compile(r"^((?=[-+])|\d{1,9}(?=[.)]))")
_LIST_INDENT = 4


def clean(text: str) -> str:
    """Remove control, bidirectional and invisible characters and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))


def escape(text: str) -> str:
    """Escape `text` for the middle of a Markdown paragraph; bare URLs become code spans."""
    text = re.sub(r"\s+", " ", clean(text))
    parts: list[str] = []
    position = 0
    for match in _URL_LIKE.finditer(text):
        parts.append(_escape_plain(text[position : match.start()]))
        parts.append(code_span(match.group()))
        position = match.end()
    parts.append(_escape_plain(text[position:]))
    return _join(parts)


def code_span(code: str) -> str:
    """Put `code` into a code span on one line, whatever backticks it holds."""
    flat = " ".join(clean(code).split())
    if not flat:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{pad}{flat}{pad}{ticks}"


def fence(code: str, language: str = "") -> str:
    """Put `code` into a fence that it cannot close."""
    code = clean(code).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    ticks = "`" * max(3, longest + 1)
    info = re.match(r"[A-Za-z0-9+-]*", language.strip())
    return f"{ticks}{info.group() if info else ''}\n{code}\n{ticks}"


def sanitize(text: str) -> str:
    """Return `text` as Markdown of paragraphs, lists, emphasis and code only."""
    tokens = _parser().parse(clean(text))
    blocks = list(_blocks(tokens))
    return "\n\n".join(block for block in blocks if block.strip())


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 20})


def _escape_plain(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)


def _join(parts: Sequence[str]) -> str:
    """Concatenate; two neighbouring runs of backticks would become one, so part them."""
    result = ""
    for part in parts:
        if part.startswith("`") and result.endswith("`"):
            result += " "
        result += part
    return result


def _guard_line_start(text: str) -> str:
    """Keep the first characters of a paragraph from opening a list or a rule."""
    return _BLOCK_START.sub(lambda match: f"{match.group(1)}\\", text, count=1)


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Write the blocks of one level; `tokens` is a balanced sequence."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _closing(tokens, index)
        inside = tokens[index + 1 : end]
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            yield _list(inside, ordered=token.type.startswith("ordered"))
        elif token.nesting == 1:
            yield from _blocks(inside)
        elif token.type == "inline":
            yield _guard_line_start(_inline(token.children or []).strip())
        elif token.type in {"fence", "code_block"}:
            yield fence(token.content, token.info)
        elif token.content.strip():
            yield _guard_line_start(escape(" ".join(token.content.split())))
        index = end + 1


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index` (itself for leaves)."""
    if tokens[index].nesting != 1:
        return index
    level = tokens[index].level
    for later in range(index + 1, len(tokens)):
        if tokens[later].nesting == -1 and tokens[later].level == level:
            return later
    return len(tokens)


def _list(tokens: Sequence[Token], *, ordered: bool) -> str:
    """Write a list's items, each block of an item indented below its marker."""
    items: list[str] = []
    index = 0
    while index < len(tokens):
        end = _closing(tokens, index)
        marker = f"{len(items) + 1}." if ordered else "-"
        content = "\n\n".join(_blocks(tokens[index + 1 : end]))
        lines = content.split("\n")
        width = max(_LIST_INDENT, len(marker) + 1)
        rest = [" " * width + line if line else "" for line in lines[1:]]
        items.append("\n".join([f"{marker:<{width}}{lines[0]}".rstrip(), *rest]))
        index = end + 1
    return "\n".join(items)


_EMPHASIS = {"em_open": "*", "em_close": "*", "strong_open": "**", "strong_close": "**"}


def _inline(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "code_inline":
            parts.append(code_span(token.content))
        elif token.type in _EMPHASIS:
            parts.append(_EMPHASIS[token.type])
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type == "image" or token.content:
            parts.append(escape(token.content))
    return _join(parts)
