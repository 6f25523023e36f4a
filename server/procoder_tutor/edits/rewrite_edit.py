"""A model's version of a function: a simpler one, or the one that a question was answered with.

The simpler one is offered when nothing that can be compared got different.
"""

import ast
from collections import Counter

from procoder_tutor.edits.answers import code_of
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
from procoder_tutor.parsing import parse_fragment
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


def replacement_edit(document: Document, symbol: Symbol, answer: str) -> ProposedEdit | None:
    """Return an edit for the version of a function that an answer to a question shows.

    It may do something else, which is why it was asked for. None where there is no such version,
    where it changes signatures, comments or code around it, or brings a problem that is not there.
    """
    code = code_of(answer)
    if document.tree is None or not _defines(code, symbol):
        return None
    try:
        change = change_of(document, Region(symbol.line, symbol.end_line), code)
    except InputError:
        return None
    edited = same_symbol(symbol, change.before, change.after)
    if edited is None or shape(symbol.node) == shape(edited.node):
        return None
    if _structure(change, symbol) is not None or _new_finding(change) is not None:
        return None
    title = f"Use this version of `{symbol.name}` (review it: it may behave differently)"
    return ProposedEdit(title, change.edits)


def _defines(code: str, symbol: Symbol) -> bool:
    """Tell whether code is the definition of a function of that name, and nothing else."""
    tree = parse_fragment(code) or parse_fragment(f"if True:\n{code}")
    body = tree.body if isinstance(tree, ast.Module) else []
    if len(body) == 1 and isinstance(body[0], ast.If):
        body = body[0].body
    if len(body) != 1 or not isinstance(body[0], Function):
        return False
    return isinstance(symbol.node, Function) and body[0].name == symbol.node.name


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
