"""The first words of compound statements: what a loop, a condition or a handler is about."""

import ast
from dataclasses import dataclass

from procoder_tutor.facts.endings import always
from procoder_tutor.facts.guards import caught_types
from procoder_tutor.facts.spans import joined, lowered
from procoder_tutor.facts.wording import Wording

_MOST_ITEMS = 4


@dataclass(frozen=True, slots=True)
class LoopWords:
    """A loop in two forms."""

    heading: str
    """When its steps follow, e.g. `Goes through `xs`, calling each item `x``."""
    prefix: str
    """When its only step follows in the same sentence, e.g. `For each `x` in `xs``."""


def loop_words(wording: Wording, node: ast.For | ast.AsyncFor | ast.While) -> LoopWords:
    """Return the words for a loop."""
    if isinstance(node, ast.While):
        return _while(wording, node)
    known = _builtin_loop(wording, node) or _view_loop(wording, node)
    if known is not None:
        return known
    item = wording.spans.code(node.target)
    source = _source(wording, node.iter)
    wait = ", waiting for each" if isinstance(node, ast.AsyncFor) else ""
    if _is_unused(node):
        return LoopWords(
            f"Repeats once for each item of {source}{wait}", f"For each item of {source}{wait}"
        )
    return LoopWords(
        f"Goes through {source}, calling each item {item}{wait}",
        f"For each {item} in {source}{wait}",
    )


def _source(wording: Wording, node: ast.expr) -> str:
    """What a loop goes through."""
    if isinstance(node, ast.Tuple | ast.List) and 0 < len(node.elts) <= _MOST_ITEMS:
        return wording.spans.names(node.elts)
    noun = wording.noun(node)
    return wording.spans.code(node) if noun.startswith(("the text", "the pair")) else noun


def _while(wording: Wording, node: ast.While) -> LoopWords:
    truth = always(node.test)
    if truth:
        text = "Repeats until something inside leaves the loop"
        return LoopWords(text, "Again and again")
    condition = wording.conditions.when(node.test)
    return LoopWords(f"Repeats as long as {condition}", f"As long as {condition}")


def _builtin_loop(wording: Wording, node: ast.For | ast.AsyncFor) -> LoopWords | None:
    """Loops over `range`, `enumerate`, `zip` and `reversed`."""
    spans, source = wording.spans, node.iter
    if not isinstance(source, ast.Call) or not source.args:
        return None
    of = spans.names(source.args)
    starred = any(isinstance(argument, ast.Starred) for argument in source.args)
    match "" if starred else wording.called(source), node.target:
        case "builtins.range", _:
            return _range(wording, node, source)
        case "builtins.reversed", target:
            item = spans.code(target)
            return LoopWords(
                f"Goes through {of} backwards, calling each item {item}",
                f"For each {item} in {of}, from the end",
            )
        case "builtins.enumerate", ast.Tuple(elts=[number, item]) if len(source.args) == 1:
            count, what = spans.code(number), spans.code(item)
            starts = [spans.code(k.value) for k in source.keywords if k.arg == "start"]
            counted = f", counted from {starts[0]}" if starts else ""
            return LoopWords(
                f"Goes through {of}, calling each item {what} and its position {count}{counted}",
                f"For each {what} in {of}, at position {count}{counted}",
            )
        case "builtins.zip", ast.Tuple(elts=items) if len(items) == len(source.args):
            what = spans.names(items)
            return LoopWords(
                f"Goes through {of} side by side, calling the items {what}",
                f"For each {what} from {of}, side by side",
            )
    return None


def _range(wording: Wording, node: ast.For | ast.AsyncFor, source: ast.Call) -> LoopWords:
    spans, item = wording.spans, wording.spans.code(node.target)
    start, end = "`0`", spans.code(source.args[0])
    if len(source.args) > 1:
        start, end = (spans.code(bound) for bound in source.args[:2])
    elif _is_unused(node):
        return LoopWords(f"Repeats {end} times", f"{end} times")
    step = f" in steps of {spans.code(source.args[2])}" if len(source.args) > 2 else ""  # noqa: PLR2004
    span = f"from {start} up to, but not including, {end}{step}"
    if step and isinstance(source.args[2], ast.UnaryOp):
        span = f"from {start} down to, but not including, {end}{step}"
    return LoopWords(f"Counts {item} {span}", f"For each {item} {span}")


def _view_loop(wording: Wording, node: ast.For | ast.AsyncFor) -> LoopWords | None:
    """Loops over the keys and values of a dictionary."""
    spans = wording.spans
    match node.iter:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[], keywords=[]):
            of = spans.code(owner)
        case _:
            return None
    match attr, node.target:
        case "items", ast.Tuple(elts=[key, value]):
            names = f"{spans.code(key)} and {spans.code(value)}"
            return LoopWords(
                f"Goes through the keys and values of {of}, calling them {names}",
                f"For each key and value of {of}, called {names}",
            )
        case "keys" | "values", item:
            one = attr.removesuffix("s")
            return LoopWords(
                f"Goes through the {attr} of {of}, calling each one {spans.code(item)}",
                f"For each {one} {spans.code(item)} of {of}",
            )
    return None


def _is_unused(node: ast.For | ast.AsyncFor) -> bool:
    return isinstance(node.target, ast.Name) and node.target.id.strip("_") == ""


def with_heading(wording: Wording, node: ast.With | ast.AsyncWith) -> str:
    """Return the words for what a `with` holds during its steps."""
    first, *others = [_entered(wording, item) for item in node.items]
    return "; ".join([first, *map(lowered, others)])


def _entered(wording: Wording, item: ast.withitem) -> str:
    spans, entered = wording.spans, item.context_expr
    name = wording.called(entered)
    kept = f" as {spans.code(item.optional_vars)}" if item.optional_vars else ""
    match entered:
        case ast.Call(args=[first, *_]) if name in {"builtins.open", "io.open"}:
            return f"Opens the file {spans.code(first)}{kept}, and closes it at the end"
        case ast.Call(func=ast.Attribute(value=owner, attr="open")) if name is None:
            return f"Opens {spans.code(owner)}{kept}, and closes it at the end"
        case ast.Call(args=kinds) if name == "contextlib.suppress":
            return f"Goes on quietly if {spans.names(kinds)} is raised in these steps"
    if "lock" in spans.text(entered).lower():
        return f"Holds {spans.code(entered)} during these steps"
    return f"Enters {spans.code(entered)}{kept}, and leaves it at the end"


def handler_heading(wording: Wording, handler: ast.ExceptHandler) -> str:
    """Return the words for when a handler runs."""
    kinds = caught_types(handler)
    if not kinds:
        return "If anything at all is raised"
    listed = joined([wording.spans.code(kind) for kind in kinds[:4]], "or")
    return f"If {listed} is raised"


def case_heading(wording: Wording, case: ast.match_case) -> str:
    """Return the words for when a case runs."""
    spans = wording.spans
    guard = wording.conditions.when(case.guard) if case.guard else ""
    if isinstance(case.pattern, ast.MatchAs) and case.pattern.name is None:
        return f"In any other case, if {guard}" if guard else "In any other case"
    matches = f"If it matches {spans.code(case.pattern)}"
    return f"{matches} and {guard}" if guard else matches
