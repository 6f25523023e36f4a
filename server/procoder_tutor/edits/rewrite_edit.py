"""A model's simpler version of a function: offered when nothing we can compare got different."""

import ast
from collections import Counter

from procoder_tutor.edits.kept import (
    comments_stay,
    definitions_stay,
    outside_stays,
    problem_of,
    signatures_stay,
    still_parses,
)
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.edits.region import Change, Region, change_of
from procoder_tutor.edits.trees import docstring_value, same_symbol, shape
from procoder_tutor.errors import InputError
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.facts.scope import BUILTIN_NAMES
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Function, statements


def rewrite_edit(document: Document, symbol: Symbol, answer: str) -> ProposedEdit | Rejected:
    """Turn what a model wrote in place of a function into an edit that keeps its behaviour.

    Behaviour cannot be proved equal. Compared are signature, docstring, what is raised, yielded,
    changed and called, whether values are returned, and the number of statements, which must not
    grow; the title therefore asks for a look.
    """
    if document.tree is None or not isinstance(symbol.node, Function):
        return Rejected("Only a function of a file that parses can be rewritten.")
    try:
        change = change_of(document, Region(symbol.line, symbol.end_line), answer)
    except InputError as error:
        return Rejected(f"{error}.")
    reason = _structure(change, symbol) or _behaviour(change, symbol)
    if reason is not None:
        return Rejected(f"The model's version is not offered: {reason}.")
    return ProposedEdit(
        f"Simplify `{symbol.name}` (review it: behaviour is not proved)", change.edits
    )


def _structure(change: Change, symbol: Symbol) -> str | None:
    if (reason := still_parses(change)) is not None:
        return reason
    part_of = [s for s in change.before.symbols if _overlap(s, symbol)]
    reason = definitions_stay(change, part_of) or outside_stays(change)
    return reason or signatures_stay(change) or comments_stay(change)


def _overlap(one: Symbol, other: Symbol) -> bool:
    return one.line <= other.end_line and other.line <= one.end_line


def _behaviour(change: Change, symbol: Symbol) -> str | None:
    edited = same_symbol(symbol, change.before, change.after)
    if edited is None:
        return "the function cannot be found in it"
    if shape(symbol.node) == shape(edited.node):
        return "it is the same code"
    if docstring_value(symbol.node) != docstring_value(edited.node):
        return "it changes the docstring"
    if _size(edited.node) > _size(symbol.node):
        return "it is longer"
    old, new = instant_facts(change.before, symbol), instant_facts(change.after, edited)
    return _difference(old, new) or _new_finding(change)


def _size(node: ast.AST) -> int:
    return sum(1 for _ in statements(getattr(node, "body", [])))


def _difference(old: Facts, new: Facts) -> str | None:
    if Counter(r.exception for r in old.raises) != Counter(r.exception for r in new.raises):
        return "it raises other exceptions"
    if _gives_values(old) != _gives_values(new) or bool(old.yields) != bool(new.yields):
        return "it does not return or yield as before"
    if {(m.name, m.target) for m in old.mutates} != {(m.name, m.target) for m in new.mutates}:
        return "it does not change the same things"
    known = {call.name for call in old.calls} | BUILTIN_NAMES
    added = [call.name for call in new.calls if call.name not in known]
    return f"it calls `{added[0]}`, which the code did not" if added else None


def _gives_values(facts: Facts) -> bool:
    return any(item.expression is not None for item in facts.returns)


def _new_finding(change: Change) -> str | None:
    old = Counter(map(problem_of, lint(change.before)))
    added = [f for f in lint(change.after) if problem_of(f) not in old]
    return f"it brings a new problem: {added[0].message}" if added else None
