"""The code of one symbol as the detectors look at it: labels, shapes, values, calls, branches."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from procoder_tutor.checking.actions import Action, actions_of, words_in
from procoder_tutor.checking.branches import Branch, branches_of
from procoder_tutor.checking.shapes import (
    UNKNOWN,
    ShapeFinder,
    element_shapes,
    Shapes,
    parameter_shapes,
    shapes_of_name,
    shapes_of_annotation,
)
from procoder_tutor.checking.stems import parts_of, stem
from procoder_tutor.checking.traits import traits_of
from procoder_tutor.facts.model import Facts
from procoder_tutor.syntax import Definition, Function, all_arguments, dotted, own_nodes

_TYPE_WORDS = frozenset("list dict set tuple str int float bool path iterator".split())
_CONVENTIONAL = frozenset({"self", "cls"})


@dataclass(frozen=True, slots=True)
class Code:
    """What one function, method, class or module consists of."""

    name: str
    traits: frozenset[str]
    """Labels of what it does, see traits.py, and `param:…`, `shape:…` for shapes of values."""
    parameters: Mapping[str, Shapes] = field(default_factory=dict)
    """Shapes of the parameters by name, without `self` and `cls`."""
    elements: Mapping[str, Shapes] = field(default_factory=dict)
    """Shapes of the items of each parameter, as loops over it use them."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str | None] = field(default_factory=dict)
    """Source text of each parameter's default."""
    returned: Shapes = UNKNOWN
    """Shapes of what it returns; unknown when that cannot be told for every path."""
    return_texts: tuple[str, ...] = ()
    """Source text of the returned or yielded expressions."""
    assigned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Source text of what each name or attribute is set to, in source order."""
    shapes: Mapping[str, Shapes] = field(default_factory=dict)
    """Shapes of the assigned names."""
    called: frozenset[str] = frozenset()
    """Last parts of the names of what is called."""
    defined: frozenset[str] = frozenset()
    """The function's own name and those of functions and classes inside it."""
    references: frozenset[str] = frozenset()
    """Attributes and names that are read, with or without being called."""
    operands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the name of an operator, e.g. `Mult`: source text of its operations."""
    branches: tuple[Branch, ...] = ()
    actions: tuple[Action, ...] = ()
    inner_parameters: frozenset[str] = frozenset()
    """Parameters of functions inside it."""
    name_stems: frozenset[str] = frozenset()
    """Stems of the words of parameters, variables and attributes."""

    origins: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For stems of variables: stems of what their values are made from, through assignments."""

    def behind(self, stems: frozenset[str]) -> frozenset[str]:
        """Return the stems with those of what these variables are made from."""
        return stems.union(*(self.origins.get(one, frozenset()) for one in stems))

    @property
    def itemised(self) -> bool:
        """Whether it sets items, keys or attributes."""
        return bool(self.traits & {"item-set", "attribute-set"})


def code_of(node: ast.AST, owner: ast.AST | None, facts: Facts) -> Code:
    """Read a symbol's tree; `owner` is the class around a method, whose attributes count too."""
    parameters = _parameters(node, facts)
    finder = ShapeFinder(node, parameters)
    assigned = _assigned(node)
    shapes: dict[str, Shapes] = {}
    for name, values in assigned.items():
        found = [finder.of(value) for value in values]
        shapes[name] = frozenset().union(*found) if all(found) else UNKNOWN
    shapes |= _annotated_fields(owner)
    outside = _assigned(owner) if owner is not None else {}
    for name, values in outside.items():
        shapes.setdefault(name, frozenset().union(*(finder.of(value) for value in values)))
    returned = _returned(node, finder, facts)
    labels = set(traits_of(node))
    labels |= {f"param:{shape}" for found in parameters.values() for shape in found}
    labels |= {f"shape:{shape}" for found in (returned, *shapes.values()) for shape in found}
    labels |= set(_fact_labels(facts))
    loops = [
        n.iter for n in ast.walk(node) if isinstance(n, ast.For | ast.AsyncFor | ast.comprehension)
    ]
    if any(isinstance(i, ast.Name | ast.Attribute | ast.Call) and not finder.of(i) for i in loops):
        labels.add("loop-over-unknown")
    named = {*_defined(node, facts), *(label[5:] for label in labels if label.startswith("call:"))}
    labels |= {f"name:{stem(part)}" for name in named for part in parts_of(name)}
    if isinstance(owner, ast.ClassDef):
        labels |= {"attribute"}
    return Code(
        name=facts.name.rpartition(".")[2],
        traits=frozenset(labels),
        parameters={n: s for n, s in parameters.items() if n not in _CONVENTIONAL},
        elements={name: element_shapes(node, name) for name in parameters},
        annotations={p.name: p.annotation or p.inferred or "" for p in facts.parameters},
        defaults={parameter.name: parameter.default for parameter in facts.parameters},
        returned=returned,
        return_texts=tuple(_short(value) for value in _returns(node) if value is not None),
        assigned={name: tuple(map(_short, values)) for name, values in assigned.items()},
        shapes=shapes,
        called=frozenset(label[5:] for label in labels if label.startswith("call:")),
        defined=_defined(node, facts),
        references=_references(node),
        operands=_operands(node),
        branches=tuple(branches_of(node)),
        actions=tuple(actions_of(node)),
        inner_parameters=_inner_parameters(node),
        name_stems=_name_stems(node),
        origins=_origins(node),
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


def _fact_labels(facts: Facts) -> Iterator[str]:
    """Labels for what the facts know and a walk over the tree does not."""
    if facts.recursion:
        yield "recursion"
    if facts.mutates:
        yield "mutates"
    if facts.parameters:
        yield "parameters"
    if facts.kind == "class":
        yield "class"
        if "(" in facts.signature:
            yield "subclass"
    if any(parameter.kind == "keywords" for parameter in facts.parameters):
        yield "keywords"
    if facts.name.endswith("__init__"):
        yield "init"
    if any("cache" in decorator for decorator in facts.decorators):
        yield "decorated:cache"
    if facts.kind in {"function", "method"} and not facts.yields:
        values = [r.expression for r in facts.returns if r.expression not in {None, "None"}]
        if not values or len(values) < len(facts.returns) or any(r.implicit for r in facts.returns):
            yield "implicit-none"
    yield from (f"touches:{touch.kind}" for touch in facts.touches)


def _assigned(node: ast.AST) -> dict[str, list[ast.expr]]:
    """Collect what names and attributes are set to."""
    found: dict[str, list[ast.expr]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign):
            pairs = [pair for target in inner.targets for pair in _pairs(target, inner.value)]
        elif isinstance(inner, ast.AnnAssign | ast.NamedExpr) and inner.value is not None:
            pairs = [(inner.target, inner.value)]
        else:
            continue
        for target, value in pairs:
            if name := dotted(target):
                found.setdefault(name, []).append(value)
    return found


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Match the parts of `a, b = x, y`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        if len(target.elts) == len(value.elts):
            return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _returns(node: ast.AST) -> list[ast.expr | None]:
    return [inner.value for inner in own_nodes(node) if isinstance(inner, ast.Return | ast.Yield)]


def _returned(node: ast.AST, finder: ShapeFinder, facts: Facts) -> Shapes:
    if not isinstance(node, Function):
        return UNKNOWN
    if facts.yields:
        return frozenset({"iterator"})
    annotated = shapes_of_annotation(facts.return_type)
    if annotated:
        return annotated
    values = [v for v in _returns(node) if not (isinstance(v, ast.Constant) and v.value is None)]
    found = [finder.of(value) for value in values if value is not None]
    if not found:
        return frozenset({"none"})
    return frozenset().union(*found) if all(found) else UNKNOWN


def _defined(node: ast.AST, facts: Facts) -> frozenset[str]:
    inner = (n.name for n in ast.walk(node) if isinstance(n, Definition))
    return frozenset([*inner, *facts.name.split("."), *facts.members])


def _annotated_fields(owner: ast.AST | None) -> dict[str, Shapes]:
    """Shapes of what the body of a class declares."""
    if not isinstance(owner, ast.ClassDef):
        return {}
    return {
        f"self.{statement.target.id}": shapes_of_annotation(ast.unparse(statement.annotation))
        for statement in owner.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }


def _inner_parameters(node: ast.AST) -> frozenset[str]:
    inner = [n for n in ast.walk(node) if isinstance(n, Function) and n is not node]
    return frozenset(
        argument.arg for function in inner for argument in all_arguments(function.args)
    )


def _name_stems(node: ast.AST) -> frozenset[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    called = {
        n.func.attr
        for n in ast.walk(node)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    }
    called |= {
        n.func.id
        for n in ast.walk(node)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    if isinstance(node, Function):
        names |= {argument.arg for argument in all_arguments(node.args)}
    parts = {part for name in names - called - _CONVENTIONAL for part in parts_of(name)}
    return frozenset(stem(part) for part in parts if len(part) > 1 and part not in _TYPE_WORDS)


def _references(node: ast.AST) -> frozenset[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return frozenset(names | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)})


def _origins(node: ast.AST) -> dict[str, frozenset[str]]:
    """Follow assignments, loops and `with` twice, which reaches nearly everything."""
    found: dict[str, set[str]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            pairs = [(target, inner.value) for target in targets if inner.value is not None]
        elif isinstance(inner, ast.For | ast.AsyncFor | ast.comprehension):
            pairs = [(inner.target, inner.iter)]
        elif isinstance(inner, ast.withitem) and inner.optional_vars is not None:
            pairs = [(inner.optional_vars, inner.context_expr)]
        else:
            continue
        for target, value in pairs:
            for name in words_in(target):
                found.setdefault(name, set()).update(words_in(value))
    for name, sources in list(found.items()):
        found[name] = sources.union(*(found.get(source, ()) for source in sources))
    return {name: frozenset(sources) for name, sources in found.items()}


def _operands(node: ast.AST) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.BinOp | ast.AugAssign):
            found.setdefault(type(inner.op).__name__, []).append(_short(inner))
    return {name: tuple(texts) for name, texts in found.items()}


def _short(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:200]
    except (RecursionError, ValueError):
        return ""
