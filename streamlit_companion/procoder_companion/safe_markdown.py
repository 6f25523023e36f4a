"""Markdown from the API made safe for `st.markdown`.

The API has sanitized what a model wrote; this is the last door, and holds for whatever passes it.
The text is parsed, and what is known to be harmless is written again: headings, paragraphs, lists,
emphasis, code, and links into Python's documentation. Images, other links, HTML, mathematics and
Streamlit's own directives (`:red[…]`, `:material/…:`) become plain text, so that no answer makes a
browser fetch anything. Escaping follows CommonMark 0.31, sections 2.4 and 6.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_TRUSTED_HOSTS = frozenset({"docs.python.org"})
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#~|$&!:@]")
_ADDRESS = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*://|www\.)[^\s`]+|[\w.+-]+@[\w-]+\.[\w.-]+")
"""What GitHub's flavour, which browsers are shown, would make a link of."""
_BREAKS = {"hardbreak": "  \n", "softbreak": " "}
_EMPHASIS = {"em": "*", "strong": "**"}


def safe_markdown(text: str) -> str:
    """Return `text` as Markdown that loads nothing and leads nowhere but to the documentation."""
    parser = MarkdownIt("commonmark", {"maxNesting": 20})
    return "\n\n".join(_blocks(SyntaxTreeNode(parser.parse(text)).children))


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        block = _block(node)
        if block.strip():
            yield block


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            # A page has one title, and it is not an answer's.
            return f"**{_inlines(node.children)}**"
        case "fence" | "code_block":
            return _fence(node.content, node.info)
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "html_block":
            return _escape(node.content.strip())
        case "paragraph" | "inline":
            return _guard(_inlines(node.children))
        case _:
            return "\n\n".join(_blocks(node.children))


def _list(node: SyntaxTreeNode) -> str:
    items = []
    for number, item in enumerate(node.children, start=1):
        marker = f"{number}. " if node.type == "ordered_list" else "- "
        lines = "\n\n".join(_blocks(item.children)).split("\n")
        indent = " " * len(marker)
        items.append("\n".join([marker + lines[0], *(indent + line for line in lines[1:])]))
    return "\n".join(items)


def _inlines(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "code_inline":
            return _code(node.content)
        case "em" | "strong":
            mark = _EMPHASIS[node.type]
            return f"{mark}{_inlines(node.children)}{mark}"
        case "hardbreak" | "softbreak":
            return _BREAKS[node.type]
        case "link":
            return _link(str(node.attrs.get("href", "")), _inlines(node.children))
        case "text" | "html_inline" | "text_special":
            return _escape(node.content)
        case _:
            return _inlines(node.children)


def _link(address: str, words: str) -> str:
    url = urlsplit(address)
    trusted = url.scheme == "https" and url.netloc in _TRUSTED_HOSTS
    return f"[{words}](<{address}>)" if trusted and not set("<>\\") & set(address) else words


def _escape(text: str) -> str:
    """Escape what means something; a bare address becomes code, so that it is no link."""
    parts, position = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [_plain(text[position : found.start()]), _code(found.group())]
        position = found.end()
    return "".join([*parts, _plain(text[position:])])


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match.group(), text)


def _guard(text: str) -> str:
    """Keep the start of a paragraph from opening a list, a rule or a heading."""
    return re.sub(r"^(?:(?=[-+=])|(\d{1,9})(?=[.)]))", r"\1\\", text)


def _code(code: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def _fence(code: str, info: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    ticks = "`" * max(3, longest + 1)
    language = re.match(r"[A-Za-z0-9+-]*", info.strip())
    return f"{ticks}{language.group() if language else ''}\n{code.rstrip()}\n{ticks}"
