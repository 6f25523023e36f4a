"""The conventions of docstrings: which one a file follows, and how sections look in it."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum

from procoder_tutor.edits.trees import docstring_value
from procoder_tutor.symbols import Document


class Style(StrEnum):
    """How parameters, results and exceptions are listed."""

    GOOGLE = "google"
    NUMPY = "numpy"
    REST = "rest"


_SIGNS = {
    Style.GOOGLE: re.compile(r"^[ \t]*(?:Args|Arguments|Returns|Raises|Yields):[ \t]*$", re.M),
    Style.NUMPY: re.compile(r"^[ \t]*(?:Parameters|Returns|Raises|Yields)\n[ \t]*-{3,}$", re.M),
    Style.REST: re.compile(r"^[ \t]*:(?:param|returns?|raises?|yields?)\b[^:\n]*:", re.M),
}

Entry = tuple[str, str]
"""A name, empty for results, and what is said about it."""
Section = tuple[str, Sequence[Entry]]
"""One of the titles `Args`, `Returns`, `Raises`, `Yields`, with its entries."""


def style_of(document: Document) -> Style:
    """The style that most docstrings of the document show; Google's where none shows one."""
    nodes = [document.module.node, *(symbol.node for symbol in document.symbols)]
    texts = [text for node in nodes if (text := docstring_value(node))]
    shown = Counter(style for text in texts for style, sign in _SIGNS.items() if sign.search(text))
    return shown.most_common(1)[0][0] if shown else Style.GOOGLE


def rendered(sections: Sequence[Section], style: Style) -> str:
    """Lay out sections, none of them empty, without a blank line around them."""
    if style is Style.REST:
        return "\n".join(_rest_field(title, entry) for title, es in sections for entry in es)
    layout: Callable[[Section], str] = _numpy if style is Style.NUMPY else _google
    return "\n\n".join(layout(section) for section in sections)


def _google(section: Section) -> str:
    title, entries = section
    lines = [f"    {name}: {text}" if name else f"    {text}" for name, text in entries]
    return "\n".join([f"{title}:", *lines])


_NUMPY_TITLES = {"Args": "Parameters"}
_REST_FIELDS = {"Args": "param", "Returns": "returns", "Raises": "raises", "Yields": "yields"}


def _numpy(section: Section) -> str:
    title, entries = section
    heading = _NUMPY_TITLES.get(title, title)
    lines = [f"{name}\n    {text}" if name else text for name, text in entries]
    return "\n".join([heading, "-" * len(heading), *lines])


def _rest_field(title: str, entry: Entry) -> str:
    name, text = entry
    field = f"{_REST_FIELDS[title]} {name}".rstrip()
    return f":{field}: {text}"
