"""The functions that models explain here, and what a human wrote down about each.

Beside every `functions/THEME.py` lies a `THEME.toml` with one table a symbol. A key that is left
out stands for nothing: no items, `false`, 0, or an empty growth, where the code alone does not
tell. Lines are those of the file. Of classes only callers and concepts are written down. The
meaning is that of `procoder_tutor.facts.model`: what can never run is no fact, an exception that a
`raise` builds is no call, and neither are decorators, defaults and the calls of nested functions.
`docstrings.toml` holds for each function the sentence that an expert would put into it.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procoder_tutor.symbols import Document, Snapshot, Symbol

FOLDER = Path(__file__).parent
FUNCTIONS = FOLDER / "functions"
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What a human read in one function, as far as a sentence about it can be wrong."""

    returned: tuple[str, ...] = ()
    """Source text of every returned value, None left out."""
    returns_none: bool = False
    """Whether it can return None, by a bare return or by running off its end."""
    raised: frozenset[str] = frozenset()
    """Exceptions of its `raise` statements as written; `re-raise` for a bare one."""
    caught: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    """Without `self` and `cls`."""
    touched: frozenset[str] = frozenset()
    """Kinds of things outside, as in `procoder_tutor.facts.model.TouchKind`."""
    concepts: frozenset[str] = frozenset()
    changes: bool = False
    """Whether it changes something that outlives the call."""
    yields: bool = False
    recursion: bool = False
    is_async: bool = False
    loops: bool = True
    """Whether its own code, or what it calls, may go through many items."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One function, and the truth about it."""

    file: str
    """Without its ending, e.g. `trees`."""
    document: Document
    """The file without its docstrings; lines are those of the original."""
    symbol: Symbol
    facts: KnownFacts
    docstring: str
    """One sentence in Markdown, by hand."""

    @property
    def name(self) -> str:
        """File and qualified name, e.g. `trees.py:insert`."""
        return f"{self.file}.py:{self.symbol.name}"


def hand_tables() -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Yield of every symbol its file, its qualified name and its table, file by file."""
    for path in sorted(FUNCTIONS.glob("*.toml")):
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield path.with_suffix(".py"), name, table


def subjects() -> Iterator[Subject]:
    """Yield every function of the set; classes are left out."""
    docstrings = tomllib.loads((FOLDER / "docstrings.toml").read_text(encoding="utf-8"))
    tables = list(hand_tables())
    documents: dict[Path, Document] = {}
    for path, name, table in tables:
        if path not in documents:
            text = without_docstrings(path.read_text(encoding="utf-8"))
            documents[path] = Document.parse(Snapshot(text, f"untitled:{path.name}"))
        symbol = documents[path].by_name(name)
        if symbol.kind == "class":
            continue
        nested = [t for p, n, t in tables if p == path and n.startswith(f"{name}.")]
        facts = known_facts(table, nested)
        yield Subject(path.stem, documents[path], symbol, facts, docstrings[path.stem][name])


def known_facts(table: Mapping[str, Any], nested: Sequence[Mapping[str, Any]] = ()) -> KnownFacts:
    """Read a table; what the functions inside do may be said of the one around them."""
    returned = [text for _, text in table.get("returns", ())]
    values = tuple(text for text in returned if text not in {"", "None"})

    def all_of(family: str) -> list[Any]:
        return [item for one in (table, *nested) for item in one.get(family, ())]

    return KnownFacts(
        returned=values,
        returns_none=table.get("implicit", False) or len(values) < len(returned),
        raised=frozenset(name for name, _ in all_of("raises") + all_of("handled_raises")),
        caught=frozenset(name for name, *_ in all_of("catches")),
        parameters=frozenset(table.get("uses", {})),
        touched=frozenset(kind for kind, _ in all_of("touches")),
        concepts=frozenset(table.get("concepts", ())),
        changes=bool(all_of("mutates")),
        yields=bool(table.get("yields")),
        recursion=table.get("recursion", False),
        is_async=table.get("is_async", False),
        loops=table.get("loop_nesting", 0) > 0 or table.get("growth") != "O(1)",
    )


def without_docstrings(text: str) -> str:
    """Blank the docstrings of a file that parses; `pass` stands in for one that is alone."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Module | _DEFINITION) or ast.get_docstring(node) is None:
            continue
        docstring = node.body[0]
        first, last = docstring.lineno, docstring.end_lineno or docstring.lineno
        alone = len(node.body) == 1 and not isinstance(node, ast.Module)
        # Columns of ast count UTF-8 bytes.
        before = lines[first - 1].encode()[: docstring.col_offset].decode()
        after = lines[last - 1].encode()[docstring.end_col_offset :].decode()
        kept = f"{before}{'pass' if alone else ''}" + "\n" * (last - first) + after
        lines[first - 1 : last] = [kept, *[""] * (last - first)]
    return "".join(lines)
