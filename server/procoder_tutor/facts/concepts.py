"""The language concepts a piece of code uses, each with the page that teaches it.

Ids are stable: they are stored in caches and linked from lessons.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from procoder_tutor.documentation.inventory import BASE
from procoder_tutor.facts.model import Concept
from procoder_tutor.facts.scope import Scope
from procoder_tutor.syntax import Function, Loop


@dataclass(frozen=True, slots=True)
class Topic:
    """One concept as it is taught."""

    title: str
    page: str | None
    """Page and anchor below docs.python.org/3; None where no official page treats it."""


TOPICS: dict[str, Topic] = {
    "assertion": Topic("assertion", "reference/simple_stmts.html#the-assert-statement"),
    "assignment-expression": Topic(
        "assignment expression (walrus)", "reference/expressions.html#assignment-expressions"
    ),
    "async": Topic("coroutine", "glossary.html#term-coroutine"),
    "chained-comparison": Topic("chained comparison", "reference/expressions.html#comparisons"),
    "class-method": Topic("class method", "library/functions.html#classmethod"),
    "conditional-expression": Topic(
        "conditional expression", "reference/expressions.html#conditional-expressions"
    ),
    "context-manager": Topic("context manager", "glossary.html#term-context-manager"),
    "dataclass": Topic("dataclass", "library/dataclasses.html"),
    "decorator": Topic("decorator", "glossary.html#term-decorator"),
    "default-argument": Topic(
        "default argument", "tutorial/controlflow.html#default-argument-values"
    ),
    "dict-comprehension": Topic(
        "dict comprehension", "reference/expressions.html#dictionary-displays"
    ),
    "exception-chaining": Topic("exception chaining", "tutorial/errors.html#exception-chaining"),
    "exception-handling": Topic("exception handling", "tutorial/errors.html#handling-exceptions"),
    "f-string": Topic("f-string", "tutorial/inputoutput.html#formatted-string-literals"),
    "generator": Topic("generator", "glossary.html#term-generator"),
    "generator-expression": Topic(
        "generator expression", "glossary.html#term-generator-expression"
    ),
    "generics": Topic("type parameters", "reference/compound_stmts.html#type-parameter-lists"),
    "global": Topic("global statement", "reference/simple_stmts.html#the-global-statement"),
    "inheritance": Topic("inheritance", "tutorial/classes.html#inheritance"),
    "lambda": Topic("lambda", "tutorial/controlflow.html#lambda-expressions"),
    "list-comprehension": Topic(
        "list comprehension", "tutorial/datastructures.html#list-comprehensions"
    ),
    "loop-else": Topic("else on a loop", "reference/compound_stmts.html#the-for-statement"),
    "nested-function": Topic(
        "nested function", "reference/executionmodel.html#resolution-of-names"
    ),
    "nonlocal": Topic("nonlocal statement", "reference/simple_stmts.html#the-nonlocal-statement"),
    "pattern-matching": Topic("match statement", "tutorial/controlflow.html#match-statements"),
    "property": Topic("property", "library/functions.html#property"),
    "raising": Topic("raising an exception", "tutorial/errors.html#raising-exceptions"),
    "recursion": Topic("recursion", None),
    "set-comprehension": Topic("set comprehension", "reference/expressions.html#set-displays"),
    "slicing": Topic("slicing", "glossary.html#term-slice"),
    "sort-key": Topic("sorting with a key", "howto/sorting.html#key-functions"),
    "special-parameters": Topic(
        "positional-only or keyword-only parameters",
        "tutorial/controlflow.html#special-parameters",
    ),
    "static-method": Topic("static method", "library/functions.html#staticmethod"),
    "type-hint": Topic("type hint", "glossary.html#term-type-hint"),
    "unpacking": Topic("unpacking", "tutorial/datastructures.html#tuples-and-sequences"),
    "unpacking-arguments": Topic(
        "unpacking arguments", "tutorial/controlflow.html#unpacking-argument-lists"
    ),
    "variadic-parameters": Topic(
        "any number of arguments", "tutorial/controlflow.html#arbitrary-argument-lists"
    ),
}


def concepts(scope: Scope, *, recursive: bool) -> tuple[Concept, ...]:
    """List the concepts of a symbol, nested definitions included, in order of appearance."""
    first: dict[str, int] = {}
    for node in ast.walk(scope.symbol.node):
        for name, line in _found(scope, node):
            first[name] = min(line, first.get(name, line))
    if recursive:
        first["recursion"] = getattr(scope.symbol.node, "lineno", 1)
    ordered = sorted(first.items(), key=lambda item: (item[1], item[0]))
    return tuple(_concept(name, line) for name, line in ordered)


def _concept(name: str, line: int) -> Concept:
    topic = TOPICS[name]
    return Concept(name, topic.title, line, BASE + topic.page if topic.page else None)


def _found(scope: Scope, node: ast.AST) -> Iterator[tuple[str, int]]:
    line = getattr(node, "lineno", 1)
    simple = _SIMPLE.get(type(node))
    if simple is not None:
        yield simple, line
    rule = _RULES.get(type(node))
    if rule is not None:
        for name in rule(scope, node):
            yield name, line
    if getattr(node, "type_params", None):
        yield "generics", line


_SIMPLE: dict[type[ast.AST], str] = {
    ast.Assert: "assertion",
    ast.NamedExpr: "assignment-expression",
    ast.AsyncFunctionDef: "async",
    ast.IfExp: "conditional-expression",
    ast.With: "context-manager",
    ast.AsyncWith: "context-manager",
    ast.DictComp: "dict-comprehension",
    ast.Try: "exception-handling",
    ast.JoinedStr: "f-string",
    ast.Yield: "generator",
    ast.YieldFrom: "generator",
    ast.GeneratorExp: "generator-expression",
    ast.Global: "global",
    ast.Lambda: "lambda",
    ast.ListComp: "list-comprehension",
    ast.Nonlocal: "nonlocal",
    ast.Match: "pattern-matching",
    ast.SetComp: "set-comprehension",
    ast.Slice: "slicing",
    ast.AnnAssign: "type-hint",
}


def _function(scope: Scope, node: ast.AST) -> Iterator[str]:
    if not isinstance(node, Function):
        return
    arguments = node.args
    if arguments.defaults or any(arguments.kw_defaults):
        yield "default-argument"
    if arguments.posonlyargs or arguments.kwonlyargs:
        yield "special-parameters"
    if arguments.vararg or arguments.kwarg:
        yield "variadic-parameters"
    if node.returns or any(isinstance(a, ast.arg) and a.annotation for a in ast.walk(arguments)):
        yield "type-hint"
    if any(
        isinstance(statement, Function) for statement in ast.walk(node) if statement is not node
    ):
        yield "nested-function"
    yield from _decorated(scope, node)


def _class(scope: Scope, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        if any(scope.full_name(base) != "builtins.object" for base in node.bases):
            yield "inheritance"
        yield from _decorated(scope, node)


def _decorated(scope: Scope, node: Function | ast.ClassDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        full = scope.full_name(called)
        yield {
            "builtins.property": "property",
            "functools.cached_property": "property",
            "builtins.classmethod": "class-method",
            "builtins.staticmethod": "static-method",
            "dataclasses.dataclass": "dataclass",
        }.get(full or "", "decorator")


def _assignment(_scope: Scope, node: ast.AST) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        targets = [node.target]
    if any(isinstance(target, ast.Tuple | ast.List) for target in targets):
        yield "unpacking"
    if isinstance(node, Loop) and node.orelse:
        yield "loop-else"


def _call(scope: Scope, node: ast.AST) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return
    if any(isinstance(a, ast.Starred) for a in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    ):
        yield "unpacking-arguments"
    sorts = isinstance(node.func, ast.Attribute) and node.func.attr == "sort"
    sorts = sorts or scope.full_name(node.func) in {
        "builtins.sorted",
        "builtins.min",
        "builtins.max",
    }
    if sorts and any(keyword.arg == "key" for keyword in node.keywords):
        yield "sort-key"


def _raise(_scope: Scope, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Raise):
        yield "raising"
        if node.cause is not None:
            yield "exception-chaining"


def _compare(_scope: Scope, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        yield "chained-comparison"


_Rule = Callable[[Scope, ast.AST], Iterator[str]]
_RULES: dict[type[ast.AST], _Rule] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Assign: _assignment,
    ast.For: _assignment,
    ast.AsyncFor: _assignment,
    ast.While: _assignment,
    ast.comprehension: _assignment,
    ast.Call: _call,
    ast.Raise: _raise,
    ast.Compare: _compare,
}
