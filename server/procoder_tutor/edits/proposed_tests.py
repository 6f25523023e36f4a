"""Tests that a model wrote, as a new file or as an addition to one; nothing is run.

Importing a module runs it, so the checks here only read: the file parses, pyflakes finds nothing,
and the functions are ones that pytest collects. `collecting` asks pytest itself, when the user
wants that.
"""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from procoder_tutor.edits.answers import code_of
from procoder_tutor.edits.destination import Destination
from procoder_tutor.edits.import_lines import (
    ImportLines,
    import_block,
    needed_imports,
    offered_imports,
    own_names,
)
from procoder_tutor.edits.kept import problem_of
from procoder_tutor.edits.model import NewFile, ProposedEdit, Rejected, TextEdit
from procoder_tutor.edits.reindent import reindented
from procoder_tutor.edits.text import DEFAULT_INDENT, OriginalLines, apply_edits, below_comments
from procoder_tutor.edits.trees import docstring_node, shape
from procoder_tutor.edits.usable_tests import refusal
from procoder_tutor.errors import InputError
from procoder_tutor.lint import lint
from procoder_tutor.symbols import Document, Snapshot, Symbol
from procoder_tutor.syntax import Function

_NOT_RUN = "These tests were read, not run: running them runs your code."


@dataclass(frozen=True, slots=True)
class _Test:
    """One test function of an answer."""

    name: str
    lines: tuple[str, ...]
    names: frozenset[str]
    """Names it uses."""


def propose_tests(
    document: Document, symbol: Symbol, answer: str, destination: Destination
) -> ProposedEdit | Rejected:
    """Keep the tests of an answer that call the symbol and can fail, with the imports they need.

    An existing file is added to and never overwritten. What was left out, and why, is in the
    edit's notes.
    """
    reason = _unreachable(document, symbol)
    if reason is not None:
        return Rejected(reason)
    try:
        return _Tests(document, symbol, answer, destination).edit()
    except InputError as error:
        return Rejected(f"{error}.")


def _unreachable(document: Document, symbol: Symbol) -> str | None:
    if document.tree is None:
        return "This file does not parse, so no test can import it."
    if symbol.kind == "module":
        return "Choose a function or a class to write tests for."
    outer = {other.name: other.kind for other in document.symbols}
    parts = symbol.name.split(".")[:-1]
    around = [".".join(parts[: end + 1]) for end in range(len(parts))]
    if any(outer.get(name) != "class" for name in around):
        return f"`{symbol.name}` is inside another function, so a test cannot reach it."
    return None


class _Tests:
    """The tests of one answer, on their way into one file."""

    def __init__(
        self, document: Document, symbol: Symbol, answer: str, destination: Destination
    ) -> None:
        self._symbol = symbol
        self._destination = destination
        self._own = own_names(document)
        self._answer = Document.parse(Snapshot(code_of(answer)))
        self._offered = offered_imports(self._answer.syntax, document)
        self._line_end = OriginalLines(document.snapshot.text).line_end
        self._notes: list[str] = []

    def edit(self) -> ProposedEdit | Rejected:
        """Return the file or the addition, or why there is none."""
        tests = self._clean(self._usable())
        if not tests:
            return Rejected(" ".join(["No usable test was written.", *self._notes]))
        count = "1 test" if len(tests) == 1 else f"{len(tests)} tests"
        title = f"Add {count} of `{self._symbol.name}` to {self._destination.path.name}"
        notes = (*self._notes, _NOT_RUN)
        if self._destination.existing is None:
            text = self._line_end.join(self._file(tests))
            return ProposedEdit(title, new_file=NewFile(self._destination.path, text), notes=notes)
        edits = self._addition(tests, self._destination.existing)
        if isinstance(edits, Rejected):
            return edits
        return ProposedEdit(title, edits, path=self._destination.path, notes=notes)

    def _usable(self) -> list[_Test]:
        taken = self._existing_names()
        tests: list[_Test] = []
        for node in self._answer.syntax.body:
            if not isinstance(node, Function) or not node.name.startswith("test"):
                continue
            lost = self._answer.lost_lines.intersection(range(node.lineno, _end(node) + 1))
            reason = "is not complete" if lost else refusal(node, self._symbol)
            if node.name in taken:
                reason = "has the name of another test"
            if reason is not None:
                self._leave_out(node.name, reason)
                continue
            taken.add(node.name)
            tests.append(self._test(node))
        return tests

    def _test(self, node: Function) -> _Test:
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        code = "\n".join(self._answer.source.lines[first - 1 : _end(node)])
        used = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
        return _Test(node.name, tuple(reindented(code, "", DEFAULT_INDENT)), used)

    def _existing_names(self) -> set[str]:
        if self._destination.existing is None:
            return set()
        existing = Document.parse(Snapshot(self._destination.existing))
        return set(existing.bindings.of(existing.syntax))

    def _leave_out(self, name: str, reason: str) -> None:
        self._notes.append(f"`{name}` is left out: it {reason}.")

    def _clean(self, tests: list[_Test]) -> list[_Test]:
        """Leave out tests in which pyflakes finds something, until it finds nothing."""
        while tests:
            lines = self._file(tests)
            findings = lint(Document.parse(Snapshot("\n".join(lines))))
            if not findings:
                return tests
            starts = _starts(lines, tests)
            kept = []
            for test, start in zip(tests, starts, strict=True):
                inside = range(start, start + len(test.lines))
                found = next((f for f in findings if f.line in inside), None)
                if found is None:
                    kept.append(test)
                else:
                    self._leave_out(test.name, f"has a problem ({found.message})")
            if len(kept) == len(tests):
                return []
            tests = kept
        return tests

    def _imports(self, tests: Sequence[_Test]) -> ImportLines:
        used = frozenset[str]().union(*(test.names for test in tests))
        return needed_imports(used, self._own, self._offered, self._destination.module)

    def _file(self, tests: Sequence[_Test]) -> list[str]:
        module = self._destination.module
        imports = import_block(self._imports(tests).values(), module)
        bodies = [line for test in tests for line in ["", "", *test.lines]]
        return [f'"""Tests of `{module}`."""', "", *imports, *bodies, ""]

    def _addition(self, tests: Sequence[_Test], text: str) -> tuple[TextEdit, ...] | Rejected:
        existing = Document.parse(Snapshot(text))
        if existing.tree is None:
            return Rejected(f"{self._destination.path.name} does not parse, so nothing was added.")
        needed = self._imports(tests)
        there = existing.bindings.imports(existing.tree)
        bound = existing.bindings.of(existing.tree)
        for name, line in needed.items():
            if name in bound and there.get(name) != _full_name(line):
                return Rejected(f"{self._destination.path.name} has another `{name}`.")
        missing = [line for name, line in needed.items() if name not in bound]
        edits = _insertions(existing.tree, OriginalLines(text), missing, tests)
        return _verified(existing, edits, self._destination)


def _insertions(
    tree: ast.Module, original: OriginalLines, imports: Sequence[str], tests: Sequence[_Test]
) -> tuple[TextEdit, ...]:
    lines = original.lines
    found = [_end(s) for s in tree.body if isinstance(s, ast.Import | ast.ImportFrom)]
    docstring = docstring_node(tree)
    at = _end(docstring) + 1 if docstring else below_comments(lines)
    at = found[-1] + 1 if found else at
    end = len(lines) + bool(lines[-1].strip())
    bodies = [line for test in tests for line in ["", "", *test.lines]]
    above = [""] if imports and not found and at > 1 else []
    if at >= end:
        return (original.replace(end, end, [*above, *imports, *bodies]),)
    below = [""] if imports and not found and lines[at - 1].strip() else []
    edits = [original.replace(at, at, [*above, *imports, *below])] if imports else []
    return (*edits, original.replace(end, end, bodies))


def _verified(
    existing: Document, edits: tuple[TextEdit, ...], destination: Destination
) -> tuple[TextEdit, ...] | Rejected:
    after = Document.parse(Snapshot(apply_edits(existing.snapshot.text, edits)))
    old = Counter(map(problem_of, lint(existing)))
    added = [f for f in lint(after) if problem_of(f) not in old]
    if added or after.tree is None or existing.tree is None:
        message = added[0].message if added else "it would not parse"
        return Rejected(f"The tests do not fit into {destination.path.name}: {message}.")
    lost = Counter(map(shape, existing.tree.body)) - Counter(map(shape, after.tree.body))
    return Rejected(f"{destination.path.name} would change elsewhere.") if lost else edits


def _starts(lines: Sequence[str], tests: Sequence[_Test]) -> list[int]:
    """First line, 1-based, of each test in a file that ends with them."""
    at = len(lines) - sum(len(test.lines) + 2 for test in tests)
    starts = []
    for test in tests:
        starts.append(at + 2)
        at += len(test.lines) + 2
    return starts


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _full_name(line: str) -> str:
    """Full name of what an import of one name binds."""
    words = line.split()
    if words[0] == "from":
        return f"{words[1]}.{words[3]}"
    return words[1] if "as" in words else words[1].partition(".")[0]
