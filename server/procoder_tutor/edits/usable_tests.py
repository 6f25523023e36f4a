"""Which of the test functions that a model wrote are worth offering; nothing is run.

The rules about what pytest collects are those of its documentation on conventions for test
discovery and on `parametrize`.
"""

import ast
from collections.abc import Iterator

from procoder_tutor.bindings import binds
from procoder_tutor.edits.trees import shape
from procoder_tutor.symbols import Symbol
from procoder_tutor.syntax import Function, all_arguments, dotted, own_nodes

_FIXTURES = frozenset({
    "cache", "capfd", "capfdbinary", "caplog", "capsys", "capsysbinary", "doctest_namespace",
    "monkeypatch", "pytestconfig", "record_property", "record_testsuite_property", "recwarn",
    "request", "tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory",
})  # fmt: skip
"""pytest's own (its reference, "Fixtures")."""
_PARAMETRIZE = "pytest.mark.parametrize"
_EXPECTING = frozenset({"pytest.raises", "pytest.warns"})


def refusal(test: Function, symbol: Symbol) -> str | None:
    """Return why a test of the symbol is not offered, or None."""
    if isinstance(test, ast.AsyncFunctionDef) or _has(test, ast.Yield, ast.YieldFrom):
        return "is a coroutine or a generator, which pytest does not run by itself"
    if _shadows(test, symbol):
        return f"defines its own `{_imported(symbol)}`"
    if not _calls(test, symbol):
        return f"does not call `{symbol.name}`"
    if not any(_asserts(node) for node in own_nodes(test)):
        return "asserts nothing"
    return _not_collected(test)


def _has(test: Function, *kinds: type[ast.AST]) -> bool:
    return any(isinstance(node, kinds) for node in own_nodes(test))


def _imported(symbol: Symbol) -> str:
    return symbol.name.partition(".")[0]


def _shadows(test: Function, symbol: Symbol) -> bool:
    name = _imported(symbol)
    arguments = {argument.arg for argument in all_arguments(test.args)}
    return name in arguments or any(name in binds(node) for node in own_nodes(test))


def _calls(test: Function, symbol: Symbol) -> bool:
    name = symbol.name.rpartition(".")[2]
    is_property = bool(getattr(symbol.node, "decorator_list", [])) and symbol.kind == "method"
    if symbol.kind == "method" and name == "__init__":
        name = symbol.name.split(".")[-2]
        return any(_is_call(node, name) for node in own_nodes(test))
    if symbol.kind != "method":
        return any(_is_call(node, name) for node in own_nodes(test))
    reached = [n for n in own_nodes(test) if isinstance(n, ast.Attribute) and n.attr == name]
    called = {id(node.func) for node in own_nodes(test) if isinstance(node, ast.Call)}
    return bool(reached) and (is_property or any(id(node) in called for node in reached))


def _is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _asserts(node: ast.AST) -> bool:
    """Tell whether a node can fail: not `assert True`, nor `assert x == x`."""
    if isinstance(node, ast.With):
        calls = [i.context_expr for i in node.items if isinstance(i.context_expr, ast.Call)]
        return any(dotted(call.func) in _EXPECTING for call in calls)
    if not isinstance(node, ast.Assert) or isinstance(node.test, ast.Constant | ast.Tuple):
        return False
    test = node.test
    if isinstance(test, ast.Compare) and len(test.comparators) == 1:
        return shape(test.left) != shape(test.comparators[0])
    return True


def _not_collected(test: Function) -> str | None:
    given: set[str] = set()
    for decorator in test.decorator_list:
        if not isinstance(decorator, ast.Call) or dotted(decorator.func) != _PARAMETRIZE:
            return "has a decorator whose effect is not known"
        names = _parameters(decorator)
        if not names:
            return "has parameters that do not fit their values"
        given.update(names)
    wanted = set(_required(test))
    if given - wanted:
        return "has parameters that it does not take"
    missing = sorted(wanted - given - _FIXTURES)
    return f"needs the fixture `{missing[0]}`, which is not there" if missing else None


def _required(test: Function) -> Iterator[str]:
    positional = [*test.args.posonlyargs, *test.args.args]
    yield from (a.arg for a in positional[: len(positional) - len(test.args.defaults)])
    defaults = zip(test.args.kwonlyargs, test.args.kw_defaults, strict=True)
    yield from (argument.arg for argument, default in defaults if default is None)


def _parameters(decorator: ast.Call) -> list[str]:
    """Names that a `parametrize` gives; none when its rows do not fit them."""
    if len(decorator.args) < len(("names", "values")):
        return []
    names, values = _strings(decorator.args[0]), decorator.args[1]
    if not isinstance(values, ast.List | ast.Tuple):
        return []
    fit = len(names) == 1 or all(_width(row) == len(names) for row in values.elts)
    return names if fit and all(name.isidentifier() for name in names) else []


def _strings(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [name.strip() for name in node.value.split(",") if name.strip()]
    if isinstance(node, ast.List | ast.Tuple):
        values = [part.value for part in node.elts if isinstance(part, ast.Constant)]
        return [value for value in values if isinstance(value, str)]
    return []


def _width(row: ast.expr) -> int | None:
    if isinstance(row, ast.List | ast.Tuple):
        return len(row.elts)
    if isinstance(row, ast.Call) and dotted(row.func) == "pytest.param":
        return len(row.args)
    return None
