"""Values in plain words, with their code in code spans."""

import ast

from procoder_tutor.facts.conditions import Conditions
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.spans import Spans
from procoder_tutor.names import refers_to
from procoder_tutor.syntax import Comprehension, Function

_EMPTY: dict[str, str] = {
    "builtins.list": "an empty list",
    "builtins.dict": "an empty dictionary",
    "builtins.set": "an empty set",
    "builtins.tuple": "an empty tuple",
    "builtins.str": "an empty text",
}
_OF_ONE: dict[str, str] = {
    "builtins.str": "{} as text",
    "builtins.int": "{} as a whole number",
    "builtins.float": "{} as a decimal number",
    "builtins.list": "a list of the items of {}",
    "builtins.tuple": "a tuple of the items of {}",
    "builtins.set": "the distinct items of {}",
    "builtins.len": "the number of items in {}",
    "builtins.sum": "the sum of {}",
    "builtins.max": "the largest of {}",
    "builtins.min": "the smallest of {}",
    "builtins.reversed": "the items of {} in reverse",
    "builtins.sorted": "a sorted list of {}",
}
"""Builtins called with one argument."""
_OF_TWO = {"builtins.max": "the larger of", "builtins.min": "the smaller of"}
_ENDS = {0: "the first item of", -1: "the last item of"}


class Wording:
    """Describes the values of one symbol's code."""

    def __init__(self, scope: Scope) -> None:
        self.spans = Spans(scope.document.source)
        self.conditions = Conditions(scope, self.spans)
        self._scope = scope

    def noun(self, node: ast.expr) -> str:
        """Return what stands for a value in a sentence, e.g. `the sum of `xs``."""
        if isinstance(node, ast.IfExp):
            return self._choice(node)
        for describe in (self._literal, self._call, self._method, self._comprehension, self._part):
            text = describe(node)
            if text:
                return text
        return self._other(node)

    def is_empty(self, node: ast.expr) -> bool:
        """Whether a value is an empty collection or text."""
        return self._literal(node).startswith("an empty")

    def called(self, node: ast.AST) -> str | None:
        """Full name of what a call calls, if it is one and the text proves it."""
        return self._scope.full_name(node.func) if isinstance(node, ast.Call) else None

    def calls_itself(self, node: ast.Call) -> bool:
        """Whether a call is one of the very function it stands in."""
        called, function = node.func, self._scope.home
        name = getattr(called, "attr", getattr(called, "id", None))
        if not isinstance(function, Function) or name != function.name:
            return False
        document = self._scope.document
        target = refers_to(document, called, self._scope.path)  # type: ignore[arg-type]  # has a name
        return target is not None and target.node is function

    def _literal(self, node: ast.expr) -> str:
        text = ""
        match node:
            case ast.Constant(value=None):
                text = "None"
            case ast.Constant(value=str(content)):
                text = "" if content else "an empty text"
            case ast.List(elts=[]):
                text = "an empty list"
            case ast.Dict(keys=[]):
                text = "an empty dictionary"
            case ast.Tuple(elts=[]):
                text = "an empty tuple"
            case ast.Call(args=[], keywords=[]):
                text = _EMPTY.get(self.called(node) or "", "")
            case ast.Tuple(elts=[_, _]):
                text = f"the pair {self.spans.code(node)}"
        return text

    def _call(self, node: ast.expr) -> str:
        """Words for the builtins that everyone uses."""
        name = self.called(node) or ""
        match node:
            case ast.Call(args=[ast.GeneratorExp() as every]):
                return self._of_every(name, every)
            case ast.Call(args=[ast.Starred()]):
                return ""
            case ast.Call(args=[only], keywords=[]) if name in _OF_ONE:
                return _OF_ONE[name].format(self._inner(only))
            case ast.Call(args=[first, second], keywords=[]) if name in _OF_TWO:
                return f"{_OF_TWO[name]} {self.spans.names([first, second])}"
            case ast.Call(args=[only], keywords=keywords) if name in _OF_ONE:
                return self._with_key(_OF_ONE[name].format(self._inner(only)), keywords)
        return ""

    def _of_every(self, name: str, node: ast.GeneratorExp) -> str:
        """`any`, `all`, `sum` and the like over a generator expression."""
        if len(node.generators) != 1:
            return ""
        generator = node.generators[0]
        item, source = self.spans.code(generator.target), self.spans.code(generator.iter)
        if name in {"builtins.any", "builtins.all"}:
            which = "any" if name == "builtins.any" else "every"
            tests = [self.conditions.when(test) for test in generator.ifs]
            only = f" for which {' and '.join(tests)}" if tests else ""
            truth = self.conditions.when(node.elt)
            return f"whether {truth} for {which} {item} in {source}{only}"
        if name == "builtins.sum" and isinstance(node.elt, ast.Constant) and node.elt.value == 1:
            return f"the number of {self._every(generator)}"
        if name in _OF_ONE and name not in {"builtins.str", "builtins.int", "builtins.len"}:
            return _OF_ONE[name].format(self._elements(node))
        return ""

    def _with_key(self, text: str, keywords: list[ast.keyword]) -> str:
        """Add how `sorted`, `max` and `min` compare."""
        for keyword in keywords:
            if keyword.arg == "key":
                text += f", compared by {self.spans.code(keyword.value, 40)}"
            elif keyword.arg == "reverse" and getattr(keyword.value, "value", None) is True:
                text += ", the largest first"
            elif keyword.arg == "default":
                text += f", or {self.spans.code(keyword.value)} if there is none"
            else:
                return ""
        return text

    def _method(self, node: ast.expr) -> str:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[key, other]):
                if self.called(node) is None and not node.keywords:
                    at = f"{self.spans.text(owner, 30)}[{self.spans.text(key, 30)}]"
                    missing = self._literal(other) or self.spans.code(other)
                    return f"{self.spans.quote(at)}, or {missing} where that is missing"
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()) as glue, attr="join")):
                if len(node.args) == 1:
                    what = self._inner(node.args[0])
                    glued = f"with {self.spans.code(glue)} between" if glue.value else "end to end"
                    return f"the text of {what}, joined {glued}"
        return ""

    def _inner(self, node: ast.expr) -> str:
        """A value inside of another phrase: kept short."""
        if isinstance(node, Comprehension):
            return self._elements(node) or self.spans.code(node)
        return self.spans.code(node)

    def _comprehension(self, node: ast.expr) -> str:
        if not isinstance(node, Comprehension):
            return ""
        elements = self._elements(node)
        kind = {ast.ListComp: "a list of", ast.SetComp: "a set of", ast.DictComp: "a dictionary of"}
        if not elements:
            return ""
        made = kind.get(type(node))
        return f"{made} {elements}" if made else f"{elements}, one at a time"

    def _elements(self, node: Comprehension) -> str:
        """`x * x` for every `x` in `xs`; empty when there is more than one loop."""
        if len(node.generators) != 1:
            return ""
        generator = node.generators[0]
        every = self._every(generator)
        if isinstance(node, ast.DictComp):
            key, value = self.spans.code(node.key, 40), self.spans.code(node.value, 40)
            return f"{key} with {value}, for every {every}"
        if self.spans.text(node.elt) == self.spans.text(generator.target):
            return f"every {every}"
        return f"{self.spans.code(node.elt)} for every {every}"

    def _every(self, generator: ast.comprehension) -> str:
        item, source = self.spans.code(generator.target), self.spans.code(generator.iter)
        tests = " and ".join(self.conditions.when(test) for test in generator.ifs)
        return f"{item} in {source}" + (f" for which {tests}" if tests else "")

    def _part(self, node: ast.expr) -> str:
        """Items and slices at the ends of a sequence."""
        if not isinstance(node, ast.Subscript) or isinstance(node.value, ast.Subscript):
            return ""
        owner = self.spans.code(node.value)
        index = _number(node.slice)
        if index in _ENDS and index is not None:
            return f"{_ENDS[index]} {owner}"
        if not isinstance(node.slice, ast.Slice):
            return ""
        return self._slice(node.slice, owner)

    def _slice(self, part: ast.Slice, owner: str) -> str:
        lower, upper, step = (_number(bound) for bound in (part.lower, part.upper, part.step))
        text = ""
        match part:
            case ast.Slice(lower=None, upper=None, step=None):
                text = f"a copy of {owner}"
            case ast.Slice(lower=None, upper=None):
                text = f"{owner} in reverse" if step == -1 else ""
            case ast.Slice(upper=None, step=None) if lower == 1:
                text = f"all of {owner} but the first item"
            case ast.Slice(lower=None, step=None) if upper == -1:
                text = f"all of {owner} but the last item"
            case ast.Slice(lower=None, upper=end, step=None) if end and not _is_negative(end):
                text = f"the first {self.spans.code(end)} items of {owner}"
        return text

    def _other(self, node: ast.expr) -> str:
        text = ""
        match node:
            case ast.BoolOp(op=ast.Or(), values=[first, second]):
                if not self.conditions.is_question(node):
                    text = (
                        f"{self.spans.code(first)}, or {self.spans.code(second)} if that is empty"
                    )
            case ast.JoinedStr():
                text = f"the text {self.spans.code(node)}"
            case ast.Lambda():
                text = f"the small function {self.spans.code(node)}"
            case ast.Await(value=awaited):
                text = f"what {self.spans.code(awaited)} gives when it is done"
        if not text and self.conditions.is_question(node):
            return f"whether {self.conditions.when(node)}"
        return text or self.spans.code(node)

    def _choice(self, node: ast.IfExp) -> str:
        """`a if test else b`; a chain of them is quoted from the second one on."""
        condition = self.conditions.when(node.test)
        first, second = (
            self.spans.code(part) if isinstance(part, ast.IfExp) else self.noun(part)
            for part in (node.body, node.orelse)
        )
        return f"{first} if {condition}, otherwise {second}"


def _number(node: ast.expr | None) -> int | None:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
    return None


def _is_negative(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp)
