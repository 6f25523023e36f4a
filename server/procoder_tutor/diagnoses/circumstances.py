"""What is special about a pyflakes finding: which variant of its text fits, and the names in it."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from procoder_tutor.diagnoses import standard, surroundings
from procoder_tutor.findings import Finding
from procoder_tutor.symbols import Document
from procoder_tutor.syntax import one_line


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The name of a variant, empty for none, and further values for its templates."""

    variant: str = ""
    values: dict[str, str] = field(default_factory=dict)


def circumstances(document: Document, finding: Finding) -> Circumstances:
    """Look at the code around a finding of a document that parses."""
    look = _LOOKS.get(finding.rule)
    if look is None or not finding.arguments:
        return Circumstances()
    return look(document, finding, finding.arguments[0])


def _undefined(document: Document, finding: Finding, name: str) -> Circumstances:
    for look in (_foreign_word, _missing_self, _import, _elsewhere, _misspelt):
        if (found := look(document, finding, name)) is not None:
            return found
    return Circumstances()


def _foreign_word(_document: Document, _finding: Finding, name: str) -> Circumstances | None:
    word = standard.WORDS.get(name)
    return Circumstances("word", {"near": word}) if word else None


def _missing_self(document: Document, finding: Finding, name: str) -> Circumstances | None:
    if name == "self":
        return Circumstances("self")
    member = surroundings.member_of_class(document, name, finding.line)
    if member is None:
        return None
    owner, line = member
    return Circumstances("member", {"owner": owner.name, "origin": str(line)})


def _import(document: Document, finding: Finding, name: str) -> Circumstances | None:
    if standard.is_module(name) and surroundings.attribute_of(document, finding):
        return Circumstances("module")
    home = standard.HOMES.get(name)
    return Circumstances("import", {"module": home}) if home else None


def _elsewhere(document: Document, finding: Finding, name: str) -> Circumstances | None:
    if later := surroundings.bound_later(document, name, finding.line):
        return Circumstances("later", {"origin": str(later)})
    if place := surroundings.bound_elsewhere(document, name, finding.line):
        function, line = place
        return Circumstances("elsewhere", {"function": function.name, "origin": str(line)})
    return None


def _misspelt(document: Document, finding: Finding, name: str) -> Circumstances | None:
    names = surroundings.visible_names(document, finding.line)
    near = surroundings.similar(name, names)
    return Circumstances("typo", {"near": near[0]}) if near else None


def _undefined_local(_document: Document, finding: Finding, _name: str) -> Circumstances:
    return Circumstances("builtin" if len(finding.arguments) == 1 else "")


def _unused_variable(document: Document, finding: Finding, name: str) -> Circumstances:
    statement = surroundings.statement_around(document, finding)
    if isinstance(statement, ast.Try | ast.TryStar):
        return Circumstances("caught")
    if isinstance(statement, ast.With | ast.AsyncWith):
        return Circumstances("managed")
    if near := _similar_in_function(document, finding, name):
        return Circumstances("similar", {"near": near})
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call):
        return Circumstances("call", {"value": one_line(document.source, value)})
    return Circumstances()


def _similar_in_function(document: Document, finding: Finding, name: str) -> str | None:
    """Return a local name that is read and spelt almost the same."""
    around = surroundings.scopes_around(document, finding.line)
    if not around:
        return None
    function = around[-1].node
    read = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    local = [known for known in document.bindings.of(function) if known in read]
    return next(iter(surroundings.similar(name, local)), None)


def _unused_import(document: Document, _finding: Finding, _name: str) -> Circumstances:
    path = document.snapshot.path
    return Circumstances("package" if path is not None and path.name == "__init__.py" else "")


def _redefined(document: Document, finding: Finding, name: str) -> Circumstances:
    around = surroundings.scopes_around(document, finding.line)
    if any(s.kind == "method" and s.name.rpartition(".")[2] == name for s in around):
        return Circumstances("method")
    origin = finding.arguments[1]
    imported = any(
        isinstance(node, ast.Import | ast.ImportFrom) and str(node.lineno) == origin
        for node in ast.walk(document.syntax)
    )
    return Circumstances("import" if imported else "")


_LOOKS: Final[dict[str, Callable[[Document, Finding, str], Circumstances]]] = {
    "UndefinedName": _undefined,
    "UndefinedLocal": _undefined_local,
    "UnusedVariable": _unused_variable,
    "UnusedImport": _unused_import,
    "RedefinedWhileUnused": _redefined,
}
