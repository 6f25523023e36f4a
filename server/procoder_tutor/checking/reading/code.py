"""The code of one symbol as the detectors look at it: labels, shapes, values, calls, branches."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from procoder_tutor.checking.reading.actions import Action, actions_of
from procoder_tutor.checking.reading.assignments import (
    assigned_values,
    declared_fields,
    operands_of,
    origins_of,
    short,
)
from procoder_tutor.checking.reading.branches import Branch, branches_of
from procoder_tutor.checking.reading.naming import Naming, naming_of
from procoder_tutor.checking.reading.parameters import (
    element_shapes,
    parameter_shapes,
    shapes_of_annotation,
    shapes_of_name,
)
from procoder_tutor.checking.reading.results import makes_its_result
from procoder_tutor.checking.reading.shapes import UNKNOWN, ShapeFinder, Shapes, union
from procoder_tutor.checking.reading.traits import traits_of
from procoder_tutor.checking.stems import parts_of, stem
from procoder_tutor.facts.model import Facts
from procoder_tutor.syntax import Function, own_nodes

MOST_NODES = 3000
"""Larger code is not read: its facts alone are held against the prose."""
_CONVENTIONAL = frozenset({"self", "cls"})


@dataclass(frozen=True, slots=True)
class Code:
    """What one function, method, class or module consists of."""

    name: str
    owner: str
    """Name of the class around a method, else empty."""
    traits: frozenset[str]
    """Labels of what it does, see traits.py, and `param:…`, `shape:…` for shapes of values."""
    parameters: Mapping[str, Shapes]
    """Shapes of the parameters by name, without `self` and `cls`."""
    elements: Mapping[str, Shapes]
    """Shapes of the items of what is looped over, by name, as the loops use them."""
    annotations: Mapping[str, str]
    defaults: Mapping[str, str | None]
    """Source text of each parameter's default."""
    returned: Shapes
    """Shapes of what it returns; unknown when that cannot be told for every path."""
    return_texts: tuple[str, ...]
    """Source text of the returned or yielded expressions."""
    assigned: Mapping[str, tuple[str, ...]]
    """Source text of what each name or attribute is set to, in source order."""
    shapes: Mapping[str, Shapes]
    """Shapes of the assigned names."""
    operands: Mapping[str, tuple[str, ...]]
    """By the name of an operator, e.g. `Mult`: source text of its operations."""
    origins: Mapping[str, frozenset[str]]
    """For stems of variables: stems of what their values are made from, through assignments."""
    branches: tuple[Branch, ...]
    actions: tuple[Action, ...]
    naming: Naming

    def behind(self, stems: frozenset[str]) -> frozenset[str]:
        """Return the stems with those of what these variables are made from."""
        return stems.union(*(self.origins.get(one, frozenset()) for one in stems))


def code_of(node: ast.AST, owner: ast.AST | None, facts: Facts) -> Code | None:
    """Read a symbol's tree; None when it is too large.

    `owner` is the class around a method, or the module; what they set can be read here.
    """
    if sum(1 for _ in islice(ast.walk(node), MOST_NODES + 1)) > MOST_NODES:
        return None
    parameters = _parameters(node, facts)
    finder = ShapeFinder(node, parameters)
    assigned = assigned_values(node)
    shapes = {name: union(map(finder.of, values)) for name, values in assigned.items()}
    for name, shape in _outside(owner, finder):
        shapes.setdefault(name, shape)
    returned = _returned(node, finder, facts)
    naming = naming_of(node, facts)
    labels = set(traits_of(node)) | set(_fact_labels(facts)) | set(_loop_labels(node, finder))
    labels |= {f"param:{shape}" for found in parameters.values() for shape in found}
    labels |= {f"shape:{shape}" for found in (returned, *shapes.values()) for shape in found}
    labels |= {f"name:{stem(part)}" for name in naming.functions for part in parts_of(name)}
    labels |= {f"own:{stem(part)}" for name in naming.defined for part in parts_of(name)}
    if makes_its_result(node):
        labels.add("new-result")
    if isinstance(owner, ast.ClassDef):
        labels.add("attribute")
        labels |= {label for label in traits_of(owner) if label.startswith("holds:")}
    head, _, name = facts.name.rpartition(".")
    return Code(
        name=name,
        owner=head.rpartition(".")[2],
        traits=frozenset(labels),
        parameters={n: shape for n, shape in parameters.items() if n not in _CONVENTIONAL},
        elements=element_shapes(node, {*parameters, *naming.read}),
        annotations={p.name: p.annotation or p.inferred or "" for p in facts.parameters},
        defaults={parameter.name: parameter.default for parameter in facts.parameters},
        returned=returned,
        return_texts=tuple(short(value) for value in _returns(node) if value is not None),
        assigned={name: tuple(map(short, values)) for name, values in assigned.items()},
        shapes=shapes,
        operands=operands_of(node),
        origins=origins_of(node),
        branches=tuple(branches_of(node)),
        actions=tuple(actions_of(node)),
        naming=naming,
    )


def _parameters(node: ast.AST, facts: Facts) -> dict[str, Shapes]:
    known = parameter_shapes(node) if isinstance(node, Function) else {}
    for name, shapes in known.items():
        known[name] = shapes or shapes_of_name(name)
    for parameter in facts.parameters:
        if not known.get(parameter.name):
            annotation = parameter.annotation or parameter.inferred
            known[parameter.name] = shapes_of_annotation(annotation)
    return known


def _outside(owner: ast.AST | None, finder: ShapeFinder) -> Iterator[tuple[str, Shapes]]:
    """Yield shapes of what the class or module around the symbol sets."""
    if isinstance(owner, ast.ClassDef):
        for name, annotation in declared_fields(owner):
            yield name, shapes_of_annotation(annotation)
    values = assigned_values(owner, shallow=True) if owner is not None else {}
    for name, expressions in values.items():
        yield name, union(map(finder.of, expressions))


def _fact_labels(facts: Facts) -> Iterator[str]:
    """Labels for what the facts know and a walk over the tree does not."""
    told = {
        "recursion": facts.recursion,
        "mutates": bool(facts.mutates),
        "class": facts.kind == "class",
        "subclass": facts.kind == "class" and "(" in facts.signature,
        "init": facts.name.endswith("__init__"),
        "decorated:cache": any("cache" in decorator for decorator in facts.decorators),
        "implicit-none": _may_return_none(facts),
    }
    yield from (label for label, holds in told.items() if holds)
    yield from (f"touches:{touch.kind}" for touch in facts.touches)


def _may_return_none(facts: Facts) -> bool:
    if facts.kind not in {"function", "method"} or facts.yields:
        return False
    values = [item for item in facts.returns if item.expression not in {None, "None"}]
    return not values or len(values) < len(facts.returns)


def _loop_labels(node: ast.AST, finder: ShapeFinder) -> Iterator[str]:
    """Tell of loops over something of which the code does not say what it is."""
    for loop in ast.walk(node):
        if isinstance(loop, ast.For | ast.AsyncFor | ast.comprehension):
            nameable = isinstance(loop.iter, ast.Name | ast.Attribute | ast.Call)
            if nameable and not finder.of(loop.iter):
                yield "loop-over-unknown"


def _returns(node: ast.AST) -> list[ast.expr | None]:
    return [inner.value for inner in own_nodes(node) if isinstance(inner, ast.Return | ast.Yield)]


def _returned(node: ast.AST, finder: ShapeFinder, facts: Facts) -> Shapes:
    if not isinstance(node, Function):
        return UNKNOWN
    if facts.yields:
        return frozenset({"iterator"})
    if annotated := shapes_of_annotation(facts.return_type):
        return annotated
    values = [v for v in _returns(node) if not (isinstance(v, ast.Constant) and v.value is None)]
    found = [finder.of(value) for value in values if value is not None]
    return union(found) if found else frozenset({"none"})
