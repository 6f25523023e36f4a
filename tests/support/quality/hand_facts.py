"""Facts written by hand, and computed ones in the same form.

The tables are described in `procoder_tutor/evaluation/subjects.py`.

The meaning is that of `facts/model.py`. What can never run is no fact; an exception that a `raise`
builds is no call of the function, and neither are decorators, defaults and nested functions' calls.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procoder_tutor.evaluation.subjects import hand_tables
from procoder_tutor.facts.model import Facts

FAMILIES = (
    "returns", "raises", "handled_raises", "catches", "yields", "awaits", "manages", "mutates",
    "touches", "calls", "callers", "recursion", "is_async", "nesting", "loop_nesting", "growth",
    "traps", "uses", "concepts",
)  # fmt: skip
_OF_CLASSES = frozenset({"callers", "concepts"})

Items = dict[str, frozenset[Any]]
"""Of each family the single statements that are right or wrong on their own."""


@dataclass(frozen=True, slots=True)
class Handwritten:
    """What a human reads in one symbol."""

    path: Path
    name: str
    """Qualified within the module."""
    items: Items


def handwritten() -> Iterator[Handwritten]:
    """Yield what was written down, file by file."""
    for path, name, table in hand_tables():
        yield Handwritten(path, name, _from_table(table))


def computed(facts: Facts) -> Items:
    """Return computed facts as the same kind of items."""
    returns = [(r.line, _source(r.expression or "")) for r in facts.returns if not r.implicit]
    implicit = [("implicit",) for r in facts.returns if r.implicit]
    found: dict[str, Any] = {
        "returns": [*returns, *implicit],
        "raises": [(r.exception, r.line) for r in facts.raises],
        "handled_raises": [(r.exception, r.line) for r in facts.handled_raises],
        "catches": [(c.exception, c.line, c.outcome) for c in facts.catches],
        "yields": facts.yields,
        "awaits": facts.awaits,
        "manages": [_source(text) for text in facts.manages],
        "mutates": [(m.name, m.target) for m in facts.mutates],
        "touches": [(t.kind, t.name) for t in facts.touches],
        "calls": [_source(call.name) for call in facts.calls],
        "callers": [caller.name for caller in facts.callers],
        "growth": [facts.growth.order] if facts.growth else [],
        "traps": [(trap.kind, trap.line) for trap in facts.traps],
        "uses": [(p.name, use.kind) for p in facts.parameters for use in p.uses],
        "concepts": [concept.id for concept in facts.concepts],
    }
    for family in ("recursion", "is_async", "nesting", "loop_nesting"):
        value = getattr(facts, family)
        found[family] = [value] if value else []
    families = _OF_CLASSES if facts.kind == "class" else FAMILIES
    return {family: frozenset(found[family]) for family in families}


def _from_table(entry: Mapping[str, Any]) -> Items:
    unknown = entry.keys() - {*FAMILIES, "implicit"}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    items: dict[str, Any] = {family: entry.get(family, []) for family in FAMILIES}
    items["returns"] = [(line, _source(text)) for line, text in items["returns"]]
    items["returns"] += [("implicit",)] if entry.get("implicit") else []
    items["manages"] = [_source(text) for text in items["manages"]]
    items["calls"] = [_source(name) for name in items["calls"]]
    items["uses"] = [
        (name, kind) for name, kinds in entry.get("uses", {}).items() for kind in kinds
    ]
    for family in ("raises", "handled_raises", "catches", "mutates", "touches", "traps"):
        items[family] = [tuple(item) for item in items[family]]
    for family in ("recursion", "is_async", "nesting", "loop_nesting", "growth"):
        items[family] = [items[family]] if items[family] else []
    return {family: frozenset(found) for family, found in items.items()}


def _source(text: str) -> str:
    """Return an expression in one spelling; what does not parse is only put on one line."""
    try:
        return ast.unparse(ast.parse(text.strip(), mode="eval"))
    except SyntaxError:
        return " ".join(text.split())
