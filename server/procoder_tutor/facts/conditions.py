"""Conditions in plain words, to be put after `if` or `when`."""

import ast

from procoder_tutor.facts.mutable import annotation_names, builtin_type
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.spans import Spans, joined
from procoder_tutor.syntax import Function, all_arguments

_COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("is less than", "is at least"),
    ast.LtE: ("is at most", "is more than"),
    ast.Gt: ("is more than", "is at most"),
    ast.GtE: ("is at least", "is less than"),
    ast.Eq: ("is equal to", "differs from"),
    ast.NotEq: ("differs from", "is equal to"),
    ast.In: ("is in", "is not in"),
    ast.NotIn: ("is not in", "is in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
_COUNTS: dict[str, str] = {
    "is less than": "has fewer than",
    "is at most": "has at most",
    "is more than": "has more than",
    "is at least": "has at least",
    "is equal to": "has exactly",
    "differs from": "does not have exactly",
}
_COLLECTIONS = frozenset({
    "Counter", "Dict", "List", "Mapping", "Sequence", "Set", "Tuple", "bytes", "defaultdict",
    "deque", "dict", "frozenset", "list", "set", "str", "tuple",
})  # fmt: skip
_TEXT_TESTS: dict[str, str] = {
    "startswith": "starts with",
    "endswith": "ends with",
}
_MOST_PARTS = 3


class Conditions:
    """Says when the tests of one symbol hold."""

    def __init__(self, scope: Scope, spans: Spans) -> None:
        self._scope = scope
        self._spans = spans
        self._kinds = _known_kinds(scope)

    def when(self, node: ast.expr, *, holds: bool = True) -> str:
        """Return the words for a test that holds, or that does not."""
        while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node, holds = node.operand, not holds
        if isinstance(node, ast.BoolOp):
            return self._combined(node, holds=holds)
        if isinstance(node, ast.Compare):
            return self._compared(node, holds=holds)
        if isinstance(node, ast.Call):
            return self._called(node, holds=holds)
        return self._truth(node, holds=holds)

    def is_question(self, node: ast.expr) -> bool:
        """Whether an expression surely is true or false, and can be asked for by `whether`."""
        if isinstance(node, ast.UnaryOp):
            return isinstance(node.op, ast.Not)
        if isinstance(node, ast.BoolOp):
            plain = not any(isinstance(value, ast.BoolOp) for value in node.values)
            return plain and all(self.is_question(value) for value in node.values)
        if isinstance(node, ast.Call):
            return self._scope.full_name(node.func) == "builtins.isinstance" or (
                isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_TESTS
            )
        return isinstance(node, ast.Compare)

    def _combined(self, node: ast.BoolOp, *, holds: bool) -> str:
        mixed = any(isinstance(value, ast.BoolOp) for value in node.values)
        if mixed or len(node.values) > _MOST_PARTS:
            return self._plain(node, holds=holds)
        both = isinstance(node.op, ast.And) is holds
        parts = [self.when(value, holds=holds) for value in node.values]
        return f" {'and' if both else 'or'} ".join(parts)

    def _plain(self, node: ast.expr, *, holds: bool) -> str:
        return f"{self._spans.code(node, 90)} is {'true' if holds else 'false'}"

    def _compared(self, node: ast.Compare, *, holds: bool) -> str:
        if len(node.ops) > 1:
            return self._between(node) if holds else self._plain(node, holds=False)
        left, operator, right = node.left, node.ops[0], node.comparators[0]
        verb = _COMPARISONS[type(operator)][0 if holds else 1]
        if isinstance(operator, ast.Is | ast.IsNot):
            return self._identical(left, right, verb)
        special = self._remainder(left, right, verb) or self._length(left, right, verb)
        if isinstance(right, ast.Constant):
            verb = {"is equal to": "is", "differs from": "is not"}.get(verb, verb)
        return special or f"{self._spans.code(left)} {verb} {self._spans.code(right)}"

    def _identical(self, left: ast.expr, right: ast.expr, verb: str) -> str:
        if isinstance(right, ast.Constant) and isinstance(right.value, bool | None):
            return f"{self._spans.code(left)} {verb} {right.value}"
        return f"{self._spans.code(left)} {verb} the same object as {self._spans.code(right)}"

    def _between(self, node: ast.Compare) -> str:
        order = ast.Lt | ast.LtE
        if len(node.ops) == 2 and all(isinstance(op, order) for op in node.ops):  # noqa: PLR2004
            low, middle, high = node.left, *node.comparators
            return f"{self._spans.code(middle)} lies between {self._spans.names([low, high])}"
        return self._plain(node, holds=True)

    def _remainder(self, left: ast.expr, right: ast.expr, verb: str) -> str:
        """`n % 2 == 0` and its like."""
        match left, right:
            case ast.BinOp(left=number, op=ast.Mod(), right=divisor), ast.Constant(value=0):
                if verb not in {"is equal to", "differs from"} or _is_text(number):
                    return ""
                can = "can" if verb == "is equal to" else "cannot"
                by = self._spans.code(divisor)
                return f"{self._spans.code(number)} {can} be divided by {by} without a remainder"
        return ""

    def _length(self, left: ast.expr, right: ast.expr, verb: str) -> str:
        """`len(items) < 2` and its like."""
        match left, right:
            case ast.Call(args=[counted]), ast.Constant(value=int(count)):
                if self._scope.full_name(left.func) != "builtins.len" or verb not in _COUNTS:
                    return ""
                what = self._spans.code(counted)
                if count == 0 and verb in {"is equal to", "is at most"}:
                    return f"{what} is empty"
                if count == 0 and verb in {"differs from", "is more than"}:
                    return f"{what} is not empty"
                return f"{what} {_COUNTS[verb]} {count} item{'s' if count != 1 else ''}"
        return ""

    def _called(self, node: ast.Call, *, holds: bool) -> str:
        name = self._scope.full_name(node.func)
        arguments = node.args
        negation = "" if holds else "not "
        if name in {"builtins.isinstance", "builtins.issubclass"} and len(arguments) == 2:  # noqa: PLR2004
            kinds = arguments[1].elts if isinstance(arguments[1], ast.Tuple) else [arguments[1]]
            listed = joined([self._spans.code(kind) for kind in kinds], "or")
            article = "an" if listed[1:2].lower() in {*"aeiou"} else "a"
            article = article if name == "builtins.isinstance" else "a kind of"
            return f"{self._spans.code(arguments[0])} is {negation}{article} {listed}"
        if name == "builtins.callable" and len(arguments) == 1:
            return f"{self._spans.code(arguments[0])} can{negation and 'not'} be called"
        if name == "builtins.hasattr" and len(arguments) == 2:  # noqa: PLR2004
            has = "has" if holds else "lacks"
            attribute = self._spans.code(arguments[1])
            return f"{self._spans.code(arguments[0])} {has} the attribute {attribute}"
        if isinstance(node.func, ast.Attribute) and len(arguments) == 1 and name is None:
            verb = _TEXT_TESTS.get(node.func.attr)
            if verb and not isinstance(arguments[0], ast.Starred):
                verb = verb if holds else f"does not {verb.split()[0][:-1]} with"
                owner = self._spans.code(node.func.value)
                return f"{owner} {verb} {self._spans.code(arguments[0])}"
        return self._plain(node, holds=holds)

    def _truth(self, node: ast.expr, *, holds: bool) -> str:
        what = self._spans.code(node)
        if isinstance(node, ast.Constant):
            return self._plain(node, holds=holds)
        kind = self._kinds.get(node.id, "") if isinstance(node, ast.Name) else ""
        if not kind and _sounds_boolean(node):
            kind = "bool"
        words = {
            "bool": ("is true", "is false"),
            "collection": ("is not empty", "is empty"),
            "number": ("is not 0", "is 0"),
            "optional": ("is given", "is not given"),
        }.get(kind, ("is neither empty nor false", "is empty or false"))
        return f"{what} {words[0 if holds else 1]}"


def _known_kinds(scope: Scope) -> dict[str, str]:
    """What the names that are tested hold: by annotation, default or assigned values."""
    found: dict[str, list[str]] = {}
    if isinstance(scope.home, Function):
        for argument, default in _parameters(scope.home):
            found[argument.arg] = [_annotated_kind(argument, default)]
        for collected in (scope.home.args.vararg, scope.home.args.kwarg):
            found |= {collected.arg: ["collection"]} if collected else {}
    for node in scope.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                value_kind = _value_kind(node.value)  # type: ignore[attr-defined]  # an assignment
                found.setdefault(target.id, []).append(value_kind)
    bound = scope.document.bindings.of(scope.home)
    return {
        name: kinds[0]
        for name, kinds in found.items()
        if len(set(kinds)) == 1 and len(bound.get(name, [])) == len(kinds)
    }


def _parameters(node: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    positional = [*node.args.posonlyargs, *node.args.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(node.args.defaults))
    pairs = list(zip(positional, [*missing, *node.args.defaults], strict=True))
    pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    listed = {id(argument) for argument, _ in pairs}
    return [*pairs, *((a, None) for a in all_arguments(node.args) if id(a) not in listed)]


def _annotated_kind(argument: ast.arg, default: ast.expr | None) -> str:
    names = annotation_names(argument.annotation)
    if names is not None:
        if names == {"bool"}:
            return "bool"
        if names <= {"int", "float"}:
            return "number"
        return "collection" if names <= _COLLECTIONS else ""
    is_flag = isinstance(default, ast.Constant) and isinstance(default.value, bool)
    return "bool" if is_flag else ""


def _value_kind(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        if isinstance(value.value, bool):
            return "bool"
        return "collection" if isinstance(value.value, str | bytes) else ""
    return "collection" if builtin_type(value) or isinstance(value, ast.Tuple) else ""


def _sounds_boolean(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.lstrip("_").startswith(("is_", "has_", "can_", "should_", "was_", "needs_", "use_"))


def _is_text(node: ast.expr) -> bool:
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)
