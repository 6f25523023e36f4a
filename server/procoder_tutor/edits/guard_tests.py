"""Tests that follow from the code itself: what its guards at the top do with bad arguments.

A guard is an `if` over one parameter and constants whose body only raises or returns a constant.
A test is made only where nothing else can happen before: the function is plain, and the
statements above are guards that the chosen value passes.
"""

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from procoder_tutor.edits.destination import Destination
from procoder_tutor.edits.import_lines import own_names
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.proposed_tests import propose_tests
from procoder_tutor.edits.trees import docstring_node
from procoder_tutor.facts.scope import BUILTIN_NAMES
from procoder_tutor.symbols import Document, Symbol

Value = bool | int | float | str | list[object] | None
_COMPARED: dict[type[ast.cmpop], Callable[[int | float, int | float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
}
_STEPS = {ast.Lt: -1, ast.LtE: 0, ast.Gt: 1, ast.GtE: 0, ast.Eq: 0}
"""How far from the constant the nearest whole number is for which the comparison holds."""
_EMPTY: dict[str, Value] = {"str": "", "int": 0, "float": 0.0}
"""What is false, by annotation; for others an empty list."""
_LARGEST = 10**15
_MAX_NODES = 40
"""Guards with more parts than this are not simple."""
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Guard:
    """An `if` at the top of a function over one of its parameters."""

    parameter: str
    test: ast.expr
    outcome: ast.Raise | ast.Return


def propose_guard_tests(
    document: Document, symbol: Symbol, destination: Destination
) -> ProposedEdit | Rejected:
    """Make tests for the guards of a function; Rejected when it has none that is simple enough."""
    node = symbol.node
    if not isinstance(node, ast.FunctionDef) or symbol.kind != "function" or not _is_plain(node):
        return Rejected("Only for plain functions do tests follow from the code alone.")
    known = BUILTIN_NAMES | _plain_classes(document)
    texts = [text for text in _tests(node, known) if text]
    if not texts:
        return Rejected(
            f"`{symbol.name}` has no check of its arguments that a test could start from."
        )
    return propose_tests(document, symbol, "\n\n".join(["import pytest", *texts]), destination)


def _plain_classes(document: Document) -> frozenset[str]:
    """Classes at the module's top that take what their bases take."""
    names = {symbol.name for symbol in document.symbols}
    classes = own_names(document) & {s.name for s in document.symbols if s.kind == "class"}
    return frozenset(name for name in classes if f"{name}.__init__" not in names)


def _is_plain(node: ast.FunctionDef) -> bool:
    """Neither decorated nor a generator: calling it by keywords runs its body, and only that."""
    yields = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))
    return not node.decorator_list and not yields and not node.args.posonlyargs


def _tests(node: ast.FunctionDef, known: frozenset[str]) -> list[str]:
    texts: list[str] = []
    passed: list[_Guard] = []
    for statement in node.body[1 if docstring_node(node) else 0 :]:
        guard = _guard(statement, node)
        if guard is None:
            break
        texts.append(_test(node, guard, passed, known))
        passed.append(guard)
    return texts


def _guard(statement: ast.stmt, function: ast.FunctionDef) -> _Guard | None:
    if not isinstance(statement, ast.If) or statement.orelse or len(statement.body) != 1:
        return None
    if sum(1 for _ in ast.walk(statement)) > _MAX_NODES:
        return None
    outcome = statement.body[0]
    names = [n.id for n in ast.walk(statement.test) if isinstance(n, ast.Name) and n.id != "len"]
    if len(names) != 1 or not isinstance(outcome, ast.Raise | ast.Return):
        return None
    arguments = function.args
    if names[0] not in {a.arg for a in [*arguments.args, *arguments.kwonlyargs]}:
        return None
    return _Guard(names[0], statement.test, outcome)


def _test(
    function: ast.FunctionDef, guard: _Guard, passed: list[_Guard], known: frozenset[str]
) -> str:
    """Source of the test for a guard; empty when one cannot surely be made."""
    found = _trigger(guard, function)
    if found is None:
        return ""
    value = found[0]
    if any(g.parameter != guard.parameter or _holds(g.test, value) is not False for g in passed):
        return ""
    call = f"{function.name}({_arguments(function, guard.parameter, value)})"
    outcome, ending = _outcome(guard.outcome, known)
    if not outcome:
        return ""
    name = f"test_{function.name}_{ending}_when_{guard.parameter}_is_{_word(value)}"
    return f"def {name}():\n    {outcome.format(call=call)}\n"


def _outcome(statement: ast.Raise | ast.Return, known: frozenset[str]) -> tuple[str, str]:
    """Text of a test's body with a place for the call, and the words for its name."""
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        if not isinstance(raised, ast.Name) or raised.id not in known or not _is_safe(statement):
            return "", ""
        word = _WORD_START.sub("_", raised.id).lower()
        return f"with pytest.raises({raised.id}):\n        {{call}}", f"raises_{word}"
    returned = statement.value
    if returned is None or (isinstance(returned, ast.Constant) and returned.value is None):
        return "assert {call} is None", "returns_none"
    if isinstance(returned, ast.Constant) and isinstance(returned.value, bool):
        return f"assert {{call}} is {returned.value}", f"returns_{str(returned.value).lower()}"
    if _is_constant(returned):
        text = ast.unparse(returned).replace("{", "{{").replace("}", "}}")
        return f"assert {{call}} == {text}", "returns_early"
    return "", ""


def _is_safe(statement: ast.Raise) -> bool:
    """Tell whether making the exception cannot fail, whatever the arguments of the function are."""
    arguments = statement.exc.args if isinstance(statement.exc, ast.Call) else []
    return statement.cause is None and all(
        isinstance(node, ast.Constant | ast.Name | ast.JoinedStr | ast.expr_context)
        or (isinstance(node, ast.FormattedValue) and node.format_spec is None)
        for argument in arguments
        for node in ast.walk(argument)
    )


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, int)
    ):
        return _number(node) is not None
    empty = isinstance(node, ast.List | ast.Tuple | ast.Dict) and not any(
        getattr(node, field, None) for field in ("elts", "keys")
    )
    return empty or isinstance(node, ast.Constant)


def _trigger(guard: _Guard, function: ast.FunctionDef) -> tuple[Value] | None:
    """A value for which the guard's condition holds, in a tuple since None is one."""
    test = guard.test
    arguments = [*function.args.args, *function.args.kwonlyargs]
    annotation = next(a.annotation for a in arguments if a.arg == guard.parameter)
    name = annotation.id if isinstance(annotation, ast.Name) else ""
    candidates: list[Value] = [_EMPTY.get(name, []), None]
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        number = _number(test.comparators[0])
        step = _STEPS.get(type(test.ops[0]))
        candidates += [number + step] if number is not None and step is not None else []
    return next(((value,) for value in candidates if _holds(test, value)), None)


def _holds(test: ast.expr, value: Value) -> bool | None:
    """Whether a condition over one name holds for a value; None when that cannot be told."""
    if isinstance(test, ast.Name):
        return bool(value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _holds(test.operand, value)
        return None if inner is None else not inner
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    left: Value = value
    if isinstance(test.left, ast.Call):
        if ast.unparse(test.left.func) != "len" or not isinstance(value, str | list):
            return None
        left = len(value)
    elif not isinstance(test.left, ast.Name):
        return None
    return _compares(left, test.ops[0], test.comparators[0])


def _compares(left: Value, op: ast.cmpop, right: ast.expr) -> bool | None:
    if isinstance(right, ast.Constant) and right.value is None:
        known = {ast.Is: left is None, ast.IsNot: left is not None}
        return known.get(type(op))
    number, compare = _number(right), _COMPARED.get(type(op))
    if number is None or compare is None or not isinstance(left, int | float):
        return None
    return compare(left, number)


def _number(node: ast.expr) -> int | float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    value = node.value
    return value if isinstance(value, int | float) and abs(value) <= _LARGEST else None


def _arguments(function: ast.FunctionDef, parameter: str, value: Value) -> str:
    """Arguments of a call: the value, and None for others that are required and not yet used."""
    arguments = function.args
    required = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    keywords = [
        argument
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    needed = [a.arg for a in [*required, *keywords]]
    if needed == [parameter] and not keywords:
        return repr(value)
    given = dict.fromkeys(needed, "None") | {parameter: repr(value)}
    return ", ".join(f"{name}={text}" for name, text in given.items())


def _word(value: Value) -> str:
    if value in ("", []):
        return "empty"
    return re.sub(r"\W", "_", str(value).lower().replace("-", "minus_"))
