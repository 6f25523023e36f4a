"""From uploaded files to the explanations that a batch is made of."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from procoder_api.batches.model import Part, Plan, SourceFile
from procoder_api.batches.uploads import Text
from procoder_api.errors import UnusableError
from procoder_tutor.privacy import Privacy
from procoder_tutor.symbols import Document, Snapshot, Symbol

MAX_PARTS = 2000
"""At some seconds each, more than a night."""


def plan(title: str, level: str, language: str, texts: Sequence[Text]) -> Plan:
    """Take out the secrets, and plan an explanation for each file, class, function and method.

    Raises UnusableError when there are too many.
    """
    files: list[SourceFile] = []
    parts: list[Part] = []
    for number, text in enumerate(texts):
        document = Privacy.of(parsed(text.name, text.text)).document
        files.append(SourceFile(text.name, document.snapshot.text))
        parts += [Part(number, symbol.name, symbol.line) for symbol in _outer(document)]
        parts.append(Part(number, "", 1))
        if len(parts) > MAX_PARTS:
            raise UnusableError(
                f"These files hold more than {MAX_PARTS} functions and classes. Send fewer."
            )
    return Plan(title, level, language, tuple(files), tuple(parts))


def parsed(name: str, text: str) -> Document:
    """Parse a file of a batch."""
    return Document.parse(Snapshot(text, f"untitled:{quote(name)}"))


def part_of(document: Document, symbol: str, line: int) -> Symbol:
    """Find what `plan` meant in the document of a file again; raises NoSymbolError."""
    if not symbol:
        return document.module
    for found in document.symbols:
        if (found.name, found.line) == (symbol, line):
            return found
    return document.by_name(symbol)


def _outer(document: Document) -> Iterator[Symbol]:
    """Yield classes, functions and methods, but not what lies inside of functions."""
    functions: set[str] = set()
    for symbol in document.symbols:
        inside = symbol.name.rpartition(".")[0]
        if inside in functions:
            functions.add(symbol.name)
            continue
        if symbol.kind != "class":
            functions.add(symbol.name)
        yield symbol
