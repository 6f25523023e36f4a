"""Classic mistakes: code that does not do what it looks like, or that often goes wrong."""

import ast
from collections.abc import Iterator

from procoder_tutor.facts.late_binding import late_bindings
from procoder_tutor.facts.model import Trap
from procoder_tutor.facts.mutable import builtin_type
from procoder_tutor.facts.scope import BUILTIN_NAMES, Scope
from procoder_tutor.facts.trap_blocks import changed_loops, unreachable
from procoder_tutor.sanitize import code_span
from procoder_tutor.syntax import Comprehension, Definition, Function, all_arguments, one_line

_DISPLAY = ast.List | ast.Tuple | ast.Dict | ast.Set
_RARE_BUILTINS = frozenset({"copyright", "credits", "exit", "license", "quit"})
_MUTABLE_CALLS = frozenset({
    "builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray",
    "collections.defaultdict", "collections.deque", "collections.Counter",
    "collections.OrderedDict",
})  # fmt: skip


def traps(scope: Scope) -> tuple[Trap, ...]:
    """List the traps of the symbol's own code, in source order, one of a kind a line."""
    found = [
        *_mutable_defaults(scope),
        *_literal_identities(scope),
        *_bare_handlers(scope),
        *_shadowed(scope),
        *late_bindings(scope),
        *changed_loops(scope),
        *unreachable(scope),
    ]
    unique = {(trap.line, trap.kind, trap.message[:20]): trap for trap in reversed(found)}
    return tuple(unique[key] for key in sorted(unique))


def _mutable_defaults(scope: Scope) -> Iterator[Trap]:
    """Defaults of the function itself, and of lambdas in its code."""
    node = scope.symbol.node
    owners = [node.args] if isinstance(node, Function) else []
    owners += [inner.args for inner in scope.nodes if isinstance(inner, ast.Lambda)]
    for arguments in owners:
        positional = [*arguments.posonlyargs, *arguments.args]
        first = len(positional) - len(arguments.defaults)
        pairs = [
            *zip(positional[first:], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument, default in pairs:
            if default is not None and _is_mutable(scope, default):
                text = one_line(scope.document.source, default, 40)
                written = code_span(f"{argument.arg}={text}")
                yield Trap(
                    "mutable-default",
                    default.lineno,
                    f"The default {written} is made once and shared by all calls:"
                    " what one call puts into it, the next one finds there.",
                )


def _is_mutable(scope: Scope, default: ast.expr) -> bool:
    if isinstance(default, ast.Call):
        return scope.full_name(default.func) in _MUTABLE_CALLS
    return bool(builtin_type(default))


def _literal_identities(scope: Scope) -> Iterator[Trap]:
    for node in scope.nodes:
        if not isinstance(node, ast.Compare):
            continue
        operands = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, operands, operands[1:], strict=False):
            literal = next((part for part in (right, left) if _is_literal(part)), None)
            if isinstance(operator, ast.Is | ast.IsNot) and literal is not None:
                sign, instead = ("is", "==") if isinstance(operator, ast.Is) else ("is not", "!=")
                text = one_line(scope.document.source, literal, 40)
                written = code_span(f"{sign} {text}")
                yield Trap(
                    "is-literal",
                    left.lineno,
                    f"{written} asks whether it is the very same object, which may differ"
                    f" from run to run; `{instead}` compares the values.",
                )


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    if isinstance(node, ast.Constant):
        return node.value is not ... and not isinstance(node.value, bool | None)
    return isinstance(node, _DISPLAY | ast.JoinedStr)


def _bare_handlers(scope: Scope) -> Iterator[Trap]:
    for node in scope.nodes:
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield Trap(
                "bare-except",
                node.lineno,
                "`except:` catches everything, also Ctrl-C (`KeyboardInterrupt`) and mistyped"
                " names (`NameError`); name the exceptions that are expected.",
            )


def _shadowed(scope: Scope) -> Iterator[Trap]:
    """Parameters, variables, functions and classes named like a builtin; not class attributes."""
    symbol, node = scope.symbol, scope.symbol.node
    seen: set[str] = set()
    in_class = bool(scope.outer) and isinstance(scope.outer[-1], ast.ClassDef)
    if isinstance(node, Definition) and not in_class and _is_builtin(node.name):
        yield _shadowing(node.name, node.lineno, "function" if symbol.kind != "class" else "class")
    if isinstance(scope.home, ast.ClassDef):
        return
    arguments = all_arguments(node.args) if isinstance(node, Function) else []
    for argument in arguments:
        if _is_builtin(argument.arg):
            seen.add(argument.arg)
            yield _shadowing(argument.arg, argument.lineno, "parameter")
    for name, line, what in _bound_names(scope):
        if _is_builtin(name) and name not in seen and name in _own_names(scope):
            seen.add(name)
            yield _shadowing(name, line, what)


def _bound_names(scope: Scope) -> Iterator[tuple[str, int, str]]:
    """Names that the code binds, but for imports and the variables of comprehensions."""
    hidden = {
        id(name)
        for node in scope.nodes
        if isinstance(node, Comprehension)
        for generator in node.generators
        for name in ast.walk(generator.target)
    }
    for node in scope.nodes:
        if (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and id(node) not in hidden
        ):
            yield node.id, node.lineno, "variable"
        elif isinstance(node, Definition):
            yield node.name, node.lineno, "class" if isinstance(node, ast.ClassDef) else "function"
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name, node.lineno, "variable"


def _own_names(scope: Scope) -> frozenset[str]:
    """Names of the scope itself: not those it declares global or nonlocal."""
    return frozenset(scope.document.bindings.of(scope.home))


def _is_builtin(name: str) -> bool:
    return name in BUILTIN_NAMES and name not in _RARE_BUILTINS and not name.startswith("_")


def _shadowing(name: str, line: int, what: str) -> Trap:
    return Trap(
        "shadowed-builtin",
        line,
        f"The {what} `{name}` hides Python's own `{name}`, which cannot be used here any more.",
    )
