"""What a simple statement does, as one sentence without a full stop."""

import ast
from collections.abc import Callable  # noqa: TC003 (annotates an attribute)

from procoder_tutor.facts.method_words import method_words
from procoder_tutor.facts.spans import joined
from procoder_tutor.facts.wording import Wording
from procoder_tutor.syntax import Comprehension

_UPDATES: dict[type[ast.operator], str] = {
    ast.Add: "Adds {value} to {target}",
    ast.Sub: "Subtracts {value} from {target}",
    ast.Mult: "Multiplies {target} by {value}",
    ast.Div: "Divides {target} by {value}",
    ast.FloorDiv: "Divides {target} by {value}, rounding down",
    ast.Mod: "Reduces {target} to what is left after dividing it by {value}",
    ast.Pow: "Raises {target} to the power of {value}",
    ast.BitOr: "Joins {value} into {target} (`|=`)",
    ast.BitAnd: "Keeps in {target} only what is also in {value} (`&=`)",
}
_MOST_TARGETS = 3


class Actions:
    """Puts the simple statements of one symbol into words."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._spans = wording.spans
        self._by_type: dict[type[ast.stmt], Callable[..., str]] = {
            ast.Assign: self._assign,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._update,
            ast.Expr: self._expression,
            ast.Return: self._return,
            ast.Raise: self._raise,
            ast.Delete: self._delete,
            ast.Assert: self._assert,
            ast.Global: self._declared,
            ast.Nonlocal: self._declared,
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.Break: lambda _: "Leaves the loop",
            ast.Continue: lambda _: "Goes on to the next turn of the loop",
        }

    def say(self, node: ast.stmt) -> str:
        """Return the sentence; empty for what does nothing, like `pass` or a docstring."""
        say = self._by_type.get(type(node))
        return say(node) if say is not None else ""

    def _assign(self, node: ast.Assign) -> str:
        if len(node.targets) > 1:
            names = self._spans.names(node.targets)
            return f"Sets {names} to {self._wording.noun(node.value)}"
        return self._set(node.targets[0], node.value)

    def _annotated(self, node: ast.AnnAssign) -> str:
        if node.value is not None:
            return self._set(node.target, node.value)
        return f"Declares {self._spans.code(node.target)} as {self._spans.code(node.annotation)}"

    def _set(self, target: ast.expr, value: ast.expr) -> str:
        if isinstance(target, ast.Tuple | ast.List):
            return self._unpack(target, value)
        name = self._spans.code(target)
        if isinstance(target, ast.Subscript):
            return self._set_item(target, value)
        if self._wording.is_empty(value):
            return f"Starts {name} as {self._wording.noun(value)}"
        if isinstance(target, ast.Attribute):
            return f"Stores {self._wording.noun(value)} in {name}"
        return self._taken(value, f"keeps it as {name}") or self._named(name, value)

    def _named(self, name: str, value: ast.expr) -> str:
        spans, wording = self._spans, self._wording
        if isinstance(value, ast.Await):
            return f"Waits for {spans.code(value.value)} and keeps the result as {name}"
        if isinstance(value, ast.Lambda):
            return f"Makes a small function {name}: {spans.code(value)}"
        noun = wording.noun(value)
        words = "Sets {name} to {noun}"
        if noun == spans.code(value) and isinstance(value, ast.Call):
            words = "Calls {noun} and keeps the result as {name}"
            words = "Makes {noun} and keeps it as {name}" if _makes_object(value) else words
        elif noun.endswith(f" {name}"):
            words = "Replaces {name} by {noun}"
        elif isinstance(value, Comprehension):
            words = "Builds {name}, {noun}"
        elif noun.startswith(("the ", "a ")) and not noun.startswith(("the text", "the pair")):
            words = "Keeps {noun} as {name}"
        return words.format(name=name, noun=noun)

    def _unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> str:
        names = self._spans.names(target.elts)
        starred = any(isinstance(part, ast.Starred) for part in target.elts)
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) and not starred:
            texts = [self._spans.text(part) for part in target.elts]
            values = [self._spans.text(part) for part in value.elts]
            if len(texts) == 2 and texts == values[::-1]:  # noqa: PLR2004
                return f"Swaps {names}"
            if len(texts) <= _MOST_TARGETS:
                pairs = zip(target.elts, value.elts, strict=True)
                listed = [f"{self._spans.code(a)} to {self._wording.noun(b)}" for a, b in pairs]
                return f"Sets {joined(listed)}" + self._at_once(texts, value)
            return f"Sets {names} to {self._spans.names(value.elts)}"
        if isinstance(value, ast.Await):
            awaited = self._spans.code(value.value)
            return f"Waits for {awaited} and takes the result apart into {names}"
        if isinstance(value, ast.Call):
            return f"Calls {self._spans.code(value)} and takes the result apart into {names}"
        return f"Takes {self._wording.noun(value)} apart into {names}"

    def _at_once(self, targets: list[str], value: ast.Tuple) -> str:
        """Say so when one of the values is about to be overwritten."""
        used = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
        return ", all at once" if used & set(targets) else ""

    def _set_item(self, target: ast.Subscript, value: ast.expr) -> str:
        owner, noun = self._spans.code(target.value), self._wording.noun(value)
        counted = self._counted(target, value)
        if counted:
            return counted
        if isinstance(target.slice, ast.Slice):
            return f"Replaces {self._wording.noun(target)} by {noun}"
        place = self._wording.noun(target)
        if place.startswith(("the first", "the last")):
            return f"Replaces {place} by {noun}"
        return f"Stores {noun} in {owner} under {self._spans.code(target.slice)}"

    def _counted(self, target: ast.Subscript, value: ast.expr) -> str:
        """`d[k] = d.get(k, 0) + n`."""
        match value:
            case ast.BinOp(
                left=ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[key, start]),
                op=ast.Add(),
                right=added,
            ):
                text = self._spans.text
                same = text(owner) == text(target.value) and text(key) == text(target.slice)
                if same:
                    at, first = self._spans.code(target), self._spans.code(start)
                    return f"Adds {self._wording.noun(added)} to {at}, starting from {first}"
        return ""

    def _taken(self, value: ast.expr, then: str) -> str:
        """Words for a call that takes an item out of something and gives it."""
        match value:
            case ast.Call(func=ast.Attribute(attr="pop" | "popleft"), keywords=[]):
                words = method_words(self._wording, value)
                return f"{words} and {then}" if words else ""
        return ""

    def _update(self, node: ast.AugAssign) -> str:
        words = _UPDATES.get(type(node.op))
        target = self._spans.code(node.target)
        if words is None:
            return f"Updates {target}: {self._spans.code(node)}"
        return words.format(value=self._wording.noun(node.value), target=target)

    def _expression(self, node: ast.Expr) -> str:
        value = node.value
        text = f"Evaluates {self._spans.code(value)}"
        match value:
            case ast.Constant():
                text = ""
            case ast.Yield(value=None):
                text = "Pauses and hands out None"
            case ast.Yield(value=given) if given is not None:
                text = f"Hands out {self._wording.noun(given)}"
            case ast.YieldFrom(value=given):
                text = f"Hands out every item of {self._spans.code(given)}"
            case ast.Await(value=awaited):
                text = f"Waits for {self._spans.code(awaited)}"
            case ast.Call():
                text = method_words(self._wording, value) or f"Calls {self._spans.code(value)}"
        return text

    def _return(self, node: ast.Return) -> str:
        if node.value is None:
            return "Stops here and gives back nothing"
        noun = self._wording.noun(node.value)
        if isinstance(node.value, ast.Call) and noun == self._spans.code(node.value):
            if self._wording.calls_itself(node.value):
                return f"Calls itself, as {noun}, and gives back the result"
            if _makes_object(node.value):
                return f"Gives back a new {noun}"
            return f"Gives back the result of {noun}"
        return f"Gives back {noun}"

    def _raise(self, node: ast.Raise) -> str:
        if node.exc is None:
            return "Raises the caught exception again"
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return f"Stops with {self._spans.code(raised)}"

    def _delete(self, node: ast.Delete) -> str:
        return f"Removes {self._spans.names(node.targets)}"

    def _assert(self, node: ast.Assert) -> str:
        return f"Makes sure that {self._wording.conditions.when(node.test)}"

    def _declared(self, node: ast.Global | ast.Nonlocal) -> str:
        names = joined([self._spans.quote(name) for name in node.names])
        where = "the module's" if isinstance(node, ast.Global) else "the outer function's"
        return f"Will set {where} {names}, not a variable of its own"

    def _import(self, node: ast.Import | ast.ImportFrom) -> str:
        names = [self._spans.quote(alias.asname or alias.name) for alias in node.names[:4]]
        left = len(node.names) - len(names)
        listed = joined([*names, f"{left} more"] if left else names)
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            return f"Imports {listed} from {self._spans.quote(module)}"
        return f"Imports {listed}"


def _makes_object(node: ast.Call) -> bool:
    """Whether a call is of a class, as far as its name tells."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    stripped = name.lstrip("_")
    return stripped[:1].isupper() and not stripped.isupper()
