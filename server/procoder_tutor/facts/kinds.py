"""Which builtin types the names and expressions of a function surely have."""

import ast

from procoder_tutor.facts.attributes import attribute_kind
from procoder_tutor.facts.mutable import annotation_names, builtin_type
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function, all_arguments

HASHED = frozenset({
    "Counter", "DefaultDict", "Dict", "FrozenSet", "Mapping", "MutableMapping", "MutableSet",
    "OrderedDict", "Set", "defaultdict", "dict", "frozenset", "range", "set",
})  # fmt: skip
SEARCHED = frozenset({"List", "Sequence", "Tuple", "deque", "list", "tuple"})
_TEXTS = frozenset({"str", "bytes"})
_NUMBERS = frozenset({"int", "float", "bool"})
_GIVE_NUMBERS = frozenset({"abs", "float", "int", "len", "ord", "round", "sum"})
_NUMERIC = ast.Sub | ast.Div | ast.FloorDiv | ast.Pow
"""Operators whose result may be a number but is no text, list or tuple."""
_MAX_DEPTH = 20


class Kinds:
    """Answers about the names of one function; those bound more than once have no known value."""

    def __init__(self, scope: Scope, node: Function) -> None:
        self._scope = scope
        bound = scope.document.bindings.of(node)
        once = {name: nodes[0] for name, nodes in bound.items() if len(nodes) == 1}
        self.parameters = {
            name: argument
            for name, argument in once.items()
            if isinstance(argument, ast.arg) and name != scope.receiver
        }
        """Parameters that are never bound again."""
        self.values = _values(scope, once)
        """Values of the locals that are bound once, by a plain assignment."""
        self.receiver = scope.receiver
        self._defaults = _defaults(node.args)
        self._collections = _assigned_collections(scope)

    def of(self, node: ast.expr, depth: int = _MAX_DEPTH) -> str:
        """Name of the builtin type of an expression; empty where it is not sure."""
        if depth == 0:
            return ""
        kind = "tuple" if isinstance(node, ast.Tuple) else builtin_type(node)
        match node:
            case ast.Name(id=name) if name in self.parameters:
                kind = self._of_parameter(name)
            case ast.Name(id=name):
                value = self.values.get(name) or self.module_constant(name)
                kind = self.of(value, depth - 1) if value is not None else ""
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == self.receiver:
                kind = attribute_kind(self._scope, name)
            case ast.Constant(value=value):
                kind = type(value).__name__
            case ast.Subscript(value=value, slice=ast.Slice()):
                kind = self.of(value, depth - 1)
            case ast.Call(func=called):
                full = self._scope.full_name(called) or ""
                module, _, name = full.rpartition(".")
                name = "list" if full == "builtins.sorted" else name
                kind = name if module in {"builtins", "collections"} else ""
        return kind

    def _of_parameter(self, name: str) -> str:
        """By its annotation, or else by a default that is a list, a dictionary or a tuple."""
        annotation = getattr(self.parameters[name], "annotation", None)
        names = annotation_names(annotation)
        if names is not None:
            return names.pop() if len(names) == 1 else ""
        default = self._defaults.get(name)
        if isinstance(default, ast.Tuple):
            return "tuple"
        return builtin_type(default) if default is not None else ""

    def is_hashed(self, node: ast.expr) -> bool:
        """Whether an expression surely is a dictionary or a set."""
        return self.of(node) in HASHED

    def is_collection(self, node: ast.expr) -> bool:
        """Whether an expression surely is a text, a list or another collection."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str | bytes)
        if isinstance(node, ast.Name) and node.id in self._collections:
            return True
        return isinstance(node, ast.JoinedStr) or self.of(node) in SEARCHED | HASHED | _TEXTS

    def is_number(self, node: ast.expr) -> bool:
        """Whether an expression surely is a number."""
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                both = self.is_number(left) and self.is_number(right)
                return isinstance(op, _NUMERIC) or both or self._is_rest(node)
            case ast.UnaryOp(operand=operand):
                return self.is_number(operand)
            case ast.Call(func=called):
                module, _, name = (self._scope.full_name(called) or "").rpartition(".")
                return module == "math" or (module == "builtins" and name in _GIVE_NUMBERS)
        return self.of(node) in _NUMBERS

    def _is_rest(self, node: ast.BinOp) -> bool:
        """`number % 2`, where the left side is annotated as a number."""
        annotated = node.left.id if isinstance(node.left, ast.Name) else ""
        return isinstance(node.op, ast.Mod) and self._annotation(annotated) in _NUMBERS

    def _annotation(self, name: str) -> str:
        arguments = self._scope.home.args if isinstance(self._scope.home, Function) else None
        for argument in all_arguments(arguments) if arguments is not None else ():
            if argument.arg == name:
                return "".join(annotation_names(argument.annotation) or ())
        return ""

    def module_constant(self, name: str) -> ast.expr | None:
        """Literal that a name stands for, which the module binds once and the function never."""
        document = self._scope.document
        bound = document.bindings.of(document.syntax).get(name, [])
        is_constant = name.isupper() and len(bound) == 1 and name not in self._scope.local
        values = document.bindings.module_values().get(name, []) if is_constant else []
        literal = ast.Constant | ast.Tuple | ast.List | ast.Set | ast.Dict
        return values[0] if len(values) == 1 and isinstance(values[0], literal) else None


def _values(scope: Scope, once: dict[str, ast.AST]) -> dict[str, ast.expr]:
    bound = {id(node): name for name, node in once.items()}
    found: dict[str, ast.expr] = {}
    for node in scope.nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if id(target) in bound:
                found[bound[id(target)]] = node.value  # type: ignore[attr-defined]  # an assignment
    return found


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    pairs = [
        *zip(positional[first:], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return {argument.arg: default for argument, default in pairs if default is not None}


def _assigned_collections(scope: Scope) -> set[str]:
    """Names that are somewhere assigned a text or a list."""
    literal = ast.JoinedStr | ast.List | ast.ListComp | ast.Tuple
    return {
        target.id
        for node in scope.nodes
        if isinstance(node, ast.Assign)
        and (
            isinstance(node.value, literal)
            or (isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes))
        )
        for target in node.targets
        if isinstance(target, ast.Name)
    }
