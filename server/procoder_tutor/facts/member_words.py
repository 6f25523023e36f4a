"""What a class or a module holds: its functions, classes and fields, in plain words."""

import ast
import inspect
import re

from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.wording import Wording
from procoder_tutor.sanitize import escape
from procoder_tutor.syntax import Definition, all_arguments, dotted

_SPECIAL: dict[str, str] = {
    "__call__": "Says what happens when an instance is called like a function",
    "__contains__": "Answers `in`",
    "__del__": "Cleans up before an instance is thrown away",
    "__delitem__": "Deletes an item, as `del x[key]` does",
    "__enter__": "Begins a `with` block",
    "__aenter__": "Begins an `async with` block",
    "__eq__": "Compares instances with `==`",
    "__exit__": "Ends a `with` block",
    "__aexit__": "Ends an `async with` block",
    "__getattr__": "Answers for attributes that are not there",
    "__getitem__": "Gives an item, as `x[key]` does",
    "__hash__": "Computes the hash, for sets and dictionary keys",
    "__iter__": "Lets a loop go through an instance",
    "__len__": "Gives the length, as `len(x)` does",
    "__lt__": "Compares instances with `<`",
    "__new__": "Makes a new instance",
    "__next__": "Gives the next item of a loop",
    "__post_init__": "Finishes the setting up of a new instance",
    "__repr__": "Writes an instance as text for developers",
    "__setitem__": "Stores an item, as `x[key] = value` does",
    "__str__": "Writes an instance as text for people",
}
_DECORATED: dict[str, str] = {
    "builtins.property": "Has the property",
    "functools.cached_property": "Has the property",
    "builtins.staticmethod": "Has the static method",
    "builtins.classmethod": "Has the class method",
}
_MAX_DOC = 120
_MOST_PARAMETERS = 5


def member_text(scope: Scope, wording: Wording, node: ast.stmt) -> str:
    """Return the sentence for a definition or, in a class, a field; empty for anything else."""
    in_class = isinstance(scope.home, ast.ClassDef)
    if isinstance(node, ast.ClassDef):
        return _class(wording, node) + _documented(node)
    if isinstance(node, Definition):
        text = _method(scope, wording, node) if in_class else _function(scope, wording, node)
        return text + _documented(node)
    return _field(scope, wording, node) if in_class else ""


def _class(wording: Wording, node: ast.ClassDef) -> str:
    name = wording.spans.quote(node.name)
    if not node.bases:
        return f"Defines the class {name}"
    bases = [dotted(base) or "" for base in node.bases]
    kind = "exception" if any(base.endswith(("Error", "Exception")) for base in bases) else "class"
    return f"Defines the {kind} {name}, a kind of {wording.spans.names(node.bases)}"


def _function(scope: Scope, wording: Wording, node: Definition) -> str:
    kind = "helper" if isinstance(scope.home, Definition) else "function"
    return f"Defines the {kind} {_header(wording, node)}"


def _method(scope: Scope, wording: Wording, node: Definition) -> str:
    if node.name == "__init__" and isinstance(scope.home, ast.ClassDef):
        return f"Sets up a new {wording.spans.quote(scope.home.name)}"
    if node.name in _SPECIAL:
        return _SPECIAL[node.name]
    for decorator in node.decorator_list:
        words = _DECORATED.get(scope.full_name(decorator) or "")
        if words:
            name = wording.spans.quote(node.name)
            return f"{words} {name if 'property' in words else _header(wording, node)}"
        if isinstance(decorator, ast.Attribute) and decorator.attr == "setter":
            return f"Says what happens when {wording.spans.quote(node.name)} is set"
    return f"Has the method {_header(wording, node)}"


def _header(wording: Wording, node: Definition) -> str:
    """Name and parameters, `self` and `cls` left out."""
    if isinstance(node, ast.ClassDef):
        return wording.spans.quote(node.name)
    names = [argument.arg for argument in all_arguments(node.args)]
    names = [name for name in names if name not in {"self", "cls"}]
    shown = names[:_MOST_PARAMETERS] + (["…"] if len(names) > _MOST_PARAMETERS else [])
    return wording.spans.quote(f"{node.name}({', '.join(shown)})")


def _field(scope: Scope, wording: Wording, node: ast.stmt) -> str:
    spans = wording.spans
    if isinstance(node, ast.AnnAssign):
        text = f"Has the field {spans.code(node.target)} of type {spans.code(node.annotation)}"
        if node.value is None:
            return text
        return f"{text}, which starts as {_start(wording, node.value)}"
    if isinstance(node, ast.Assign):
        names = spans.names(node.targets)
        if _is_enumeration(scope):
            return f"Has the member {names}, with the value {spans.code(node.value)}"
        return f"Sets {names} to {wording.noun(node.value)}, for all instances"
    return ""


def _start(wording: Wording, value: ast.expr) -> str:
    """The default of a field; that of `field(default_factory=list)` is a new list each time."""
    if isinstance(value, ast.Call) and wording.called(value) == "dataclasses.field":
        options = {keyword.arg: keyword.value for keyword in value.keywords}
        factory, default = options.get("default_factory"), options.get("default")
        if isinstance(factory, ast.Name) and factory.id in {"list", "dict", "set"}:
            return f"a new empty {factory.id}"
        if default is not None:
            return wording.noun(default)
    return wording.noun(value)


def _is_enumeration(scope: Scope) -> bool:
    bases = scope.home.bases if isinstance(scope.home, ast.ClassDef) else []
    return any((dotted(base) or "").endswith(("Enum", "Flag")) for base in bases)


def _documented(node: Definition) -> str:
    """The first sentence of the docstring."""
    text = ast.get_docstring(node, clean=False)
    if not text:
        return ""
    flat = " ".join(inspect.cleandoc(text).partition("\n\n")[0].split())
    match = re.match(r".{8,}?(?=[.!?](?:\s|$))", flat)
    sentence = (match.group() if match else flat).rstrip(".")
    shown = sentence if len(sentence) <= _MAX_DOC else sentence[: _MAX_DOC - 1].rstrip() + "…"
    return f": {escape(shown)}" if shown else ""
