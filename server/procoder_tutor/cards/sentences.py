"""Facts in sentences, one a line, the most useful first."""

from collections.abc import Iterator, Sequence

from procoder_tutor.cards.phrases import first_sentence, linked, listing, names, short
from procoder_tutor.facts.model import (
    Call,
    Caller,
    Catch,
    DataFlow,
    Facts,
    Mutation,
    Raise,
    Touch,
    TouchKind,
)
from procoder_tutor.questions import Level
from procoder_tutor.sanitize import code_span, escape

_FUNCTIONS = frozenset({"function", "method"})
_TOUCHED: dict[TouchKind, str] = {
    "file": "files",
    "network": "the network",
    "environment": "the environment",
    "subprocess": "other programs",
    "database": "a database",
    "console": "the console",
    "clock": "the clock",
    "random": "random numbers",
}
_OUTCOMES = {
    "handled": "",
    "ignored": ", and ignores it",
    "re-raised": ", and raises it again",
    "replaced": ", and raises another instead",
}
_MOST_TRAPS = 4
_MOST_CALLERS = 5


def fact_sentences(facts: Facts, level: Level) -> Iterator[str]:
    """Say the facts in Markdown.

    A beginner also reads what the called functions do, and no formulas; an expert is spared the
    concepts.
    """
    if facts.docstring:
        yield f"*{escape(first_sentence(facts.docstring))}*"
    if facts.members:
        what = "Methods" if facts.kind == "class" else "Defines"
        yield f"{what}: {names(facts.members)}."
    if facts.data_flow is not None:
        yield from _data_flow(facts.data_flow)
    if facts.kind in _FUNCTIONS:
        yield from _outcome(facts)
    yield from _effects(facts)
    yield from _growth(facts, level)
    for trap in facts.traps[:_MOST_TRAPS]:
        yield f"⚠ Line {trap.line}: {trap.message}"
    yield from _neighbours(facts)
    if level is Level.BEGINNER:
        yield from _callee_summaries(facts.calls)
    if facts.concepts and level is not Level.EXPERT:
        yield f"Uses {listing([linked(item.title, item.url) for item in facts.concepts])}."


def _data_flow(flow: DataFlow) -> Iterator[str]:
    """Say what goes into a range and what comes out of it."""
    if flow.reads:
        yield f"Needs {names(flow.reads)} from before."
    if flow.sets:
        used = f"; {names(flow.used_after)} used afterwards" if flow.used_after else ""
        yield f"Sets {names(flow.sets)}{used}."


def _outcome(facts: Facts) -> Iterator[str]:
    """Say what a caller gets back."""
    kind = f" ({code_span(facts.return_type)})" if facts.return_type else ""
    if facts.yields:
        lines = ", ".join(str(line) for line in facts.yields[:4])
        yield f"Generator: yields values one at a time{kind} (line {lines})."
    values = [item for item in facts.returns if item.expression not in {None, "None"}]
    if values:
        said = [f"{code_span(short(v.expression or ''))} (line {v.line})" for v in values]
        bare = len(values) < len(facts.returns)
        yield f"Returns {listing(said, last='or')}{', or None' if bare else ''}{_typed(facts)}."
    elif not facts.yields:
        yield "Returns None."


def _typed(facts: Facts) -> str:
    """Name the returned type when the signature does not already."""
    if not facts.return_type or "->" in facts.signature or "→" in facts.signature or facts.yields:
        return ""
    return f": {code_span(facts.return_type)}"


def _effects(facts: Facts) -> Iterator[str]:
    """Say what a call does besides returning."""
    if facts.raises:
        yield f"Raises {listing([_raise(item) for item in facts.raises])}."
    if facts.catches:
        yield f"Catches {listing([_catch(item) for item in facts.catches])}."
    if facts.mutates:
        yield f"Changes {listing([_mutation(item) for item in facts.mutates])}."
    if facts.touches:
        yield f"Touches {listing(_touched(facts.touches))}."


def _growth(facts: Facts, level: Level) -> Iterator[str]:
    """Say how the work grows; that it does not is news to nobody but an expert."""
    growth = facts.growth
    if growth is None or (growth.order == "O(1)" and level is not Level.EXPERT):
        return
    yield growth.reason if level is Level.BEGINNER else f"Work: {growth.order}. {growth.reason}"


def _neighbours(facts: Facts) -> Iterator[str]:
    """Say what calls what."""
    if facts.recursion:
        yield "Calls itself (recursive)."
    if facts.calls:
        yield f"Calls {listing([_call(item) for item in facts.calls])}."
    if facts.callers:
        shown = [_caller(item) for item in facts.callers[:_MOST_CALLERS]]
        left = len(facts.callers) - len(shown)
        yield f"Called by {listing([*shown, f'{left} more'] if left else shown)}."


def _raise(item: Raise) -> str:
    name = (
        "the caught exception again" if item.exception == "re-raise" else code_span(item.exception)
    )
    when = f" when {code_span(short(item.condition))}" if item.condition else ""
    return f"{name}{when} (line {item.line})"


def _catch(item: Catch) -> str:
    name = code_span(item.exception) if item.exception else "every exception"
    return f"{name} (line {item.line}{_OUTCOMES[item.outcome]})"


def _mutation(item: Mutation) -> str:
    whose = {"argument": "its argument ", "global": "the global ", "nonlocal": "the outer "}
    how = escape(item.how)
    return f"{whose.get(item.target, '')}{code_span(item.name)}: {how} (line {item.line})"


def _touched(touches: Sequence[Touch]) -> list[str]:
    """Group what is touched by its kind."""
    kinds = dict.fromkeys(touch.kind for touch in touches)
    return [
        f"{_TOUCHED[kind]} ({', '.join(_touch(item) for item in touches if item.kind == kind)})"
        for kind in kinds
    ]


def _touch(item: Touch) -> str:
    return f"{code_span(short(item.name))} on line {item.line}"


def _call(item: Call) -> str:
    return linked(item.name, item.url, code=True)


def _caller(item: Caller) -> str:
    return f"{code_span(item.name)} (line {item.line})"


def _callee_summaries(calls: Sequence[Call]) -> Iterator[str]:
    for call in [call for call in calls if call.summary][:4]:
        yield f"{code_span(call.name)}: {escape(first_sentence(call.summary or ''))}"
