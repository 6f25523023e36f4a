"""What the code does, step by step: the statements of a symbol in plain words."""

import ast
from dataclasses import replace

from procoder_tutor.facts.actions import Actions
from procoder_tutor.facts.exceptions import is_idle
from procoder_tutor.facts.headings import (
    case_heading,
    handler_heading,
    loop_words,
    with_heading,
)
from procoder_tutor.facts.member_words import member_text
from procoder_tutor.facts.model import Step
from procoder_tutor.facts.scope import Scope
from procoder_tutor.facts.spans import joined, lowered
from procoder_tutor.facts.wording import Wording
from procoder_tutor.ranges import first_line
from procoder_tutor.syntax import Definition, Loop

MAX_STEPS = 40
_MAX_SENTENCE = 150
"""Longer sentences are parted into a heading and its steps."""
_MAX_COLLECTED = 400
_MAX_GISTS = 12
"""Members without a docstring whose bodies are looked into."""
_GIST = 4
"""Statements of such a body that are looked at."""
_MAX_GIST = 160
_TRY = ast.Try | ast.TryStar
_COMPOUND = ast.If | Loop | ast.With | ast.AsyncWith | _TRY | ast.Match | Definition
_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue


def steps(scope: Scope) -> tuple[Step, ...]:
    """List the steps of a symbol; of a long one the outer steps only."""
    body: list[ast.stmt] = getattr(scope.symbol.node, "body", [])
    walker = _Walker(scope)
    walker.block(body, 0)
    return tuple(_shortened(walker.found))


def _shortened(found: list[Step]) -> list[Step]:
    """Leave out the inner steps of what is too long, and then the end of it."""
    depth = max((step.depth for step in found), default=0)
    kept = found
    while len(kept) > MAX_STEPS and depth > 0:
        depth -= 1
        kept = [step for step in found if step.depth <= depth]
    if len(kept) <= MAX_STEPS:
        return kept
    rest = kept[MAX_STEPS - 1 :]
    more = Step(rest[0].line, rest[-1].end_line, 0, f"Goes on for {len(rest)} more steps")
    return [*kept[: MAX_STEPS - 1], more]


class _Walker:
    def __init__(self, scope: Scope, gists: int = _MAX_GISTS) -> None:
        self.found: list[Step] = []
        self._gists_left = gists
        self._scope = scope
        self._wording = Wording(scope)
        self._actions = Actions(self._wording)

    def block(self, body: list[ast.stmt], depth: int) -> None:
        """Add the steps of a block; imports that follow each other are one step."""
        imports: list[ast.stmt] = []
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                imports.append(statement)
                continue
            self._add_imports(imports, depth)
            imports = []
            if len(self.found) >= _MAX_COLLECTED:
                return
            self._statement(statement, depth)
        self._add_imports(imports, depth)

    def _add(self, first: ast.stmt, last: ast.AST, depth: int, text: str) -> None:
        end = getattr(last, "end_lineno", None) or first.lineno
        self.found.append(Step(first_line(first), end, depth, text))

    def _add_imports(self, imports: list[ast.stmt], depth: int) -> None:
        if len(imports) == 1:
            self._add(imports[0], imports[0], depth, self._actions.say(imports[0]))
        elif imports:
            self._add(imports[0], imports[-1], depth, f"Imports {_imported(imports)}")

    def _statement(self, node: ast.stmt, depth: int) -> None:
        if isinstance(node, Definition):
            self._add(node, node, depth, self._definition(node))
        elif isinstance(node, ast.If):
            self._if(node, depth)
        elif isinstance(node, Loop):
            self._loop(node, depth)
        elif isinstance(node, ast.With | ast.AsyncWith):
            self._add(node, node, depth, with_heading(self._wording, node))
            self.block(node.body, depth + 1)
        elif isinstance(node, _TRY):
            self._try(node, depth)
        elif isinstance(node, ast.Match):
            self._match(node, depth)
        elif text := self._simple(node):
            self._add(node, node, depth, text)

    def _simple(self, node: ast.stmt) -> str:
        if isinstance(self._scope.symbol.node, ast.ClassDef):
            return member_text(self._scope, self._wording, node) or self._actions.say(node)
        return self._actions.say(node)

    def _definition(self, node: Definition) -> str:
        """A member of a class or module; one without a docstring by what it does first."""
        text = member_text(self._scope, self._wording, node)
        symbol = self._scope.document.of_node(node)
        documented = ast.get_docstring(node, clean=False) is not None
        if documented or isinstance(node, ast.ClassDef) or symbol is None or self._gists_left <= 0:
            return text
        self._gists_left -= 1
        inner = _Walker(Scope(self._scope.document, symbol), gists=0)
        inner.block(node.body[:_GIST], 0)
        outer = [lowered(step.text) for step in inner.found if step.depth == 0]
        while outer and len(gist := f"{text}: {'; '.join(outer)}") > _MAX_GIST:
            outer.pop()
        return gist if outer else text

    def _sentence(self, body: list[ast.stmt]) -> str:
        """One sentence for a block that holds one simple or guarded statement, else nothing."""
        if is_idle(body) and not isinstance(body[0], ast.Continue):
            return "Does nothing"
        if len(body) != 1:
            return ""
        only = body[0]
        if isinstance(only, ast.If) and not only.orelse and not isinstance(only.body[0], ast.If):
            return self._guarded(only)
        return "" if isinstance(only, _COMPOUND) else self._actions.say(only)

    def _guarded(self, node: ast.If) -> str:
        """`Stops with `ValueError` when …`, or `If …, adds …`; empty for more than a sentence."""
        action = self._sentence(node.body)
        condition = self._condition(node.test)
        leaves = isinstance(node.body[0], _LEAVES) and "," not in action
        text = f"{action} when {condition}" if leaves else f"If {condition}, {lowered(action)}"
        return text if action and len(text) <= _MAX_SENTENCE else ""

    def _condition(self, test: ast.expr) -> str:
        match test:
            case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
                return "the file is run as a program, not imported"
        return self._wording.conditions.when(test)

    def _if(self, node: ast.If, depth: int) -> None:
        if not node.orelse and (text := self._guarded(node)):
            self._add(node, node, depth, text)
            return
        if self._either_or(node, depth):
            return
        prefix = "If"
        orelse: list[ast.stmt] = [node]
        while len(orelse) == 1 and isinstance(orelse[0], ast.If):
            branch = orelse[0]
            self._branch(branch, branch.body, depth, f"{prefix} {self._condition(branch.test)}")
            prefix, orelse = "Otherwise, if", branch.orelse
        if orelse:
            self._branch(orelse[0], orelse, depth, "Otherwise")

    def _either_or(self, node: ast.If, depth: int) -> bool:
        """Say an `if` with an `else` in one sentence, where it is short."""
        first, second = self._sentence(node.body), ""
        if node.orelse and first and not isinstance(node.body[0], ast.If):
            plain = not isinstance(node.orelse[0], ast.If)
            second = self._sentence(node.orelse) if plain else ""
        if not second:
            return False
        condition = self._condition(node.test)
        text = f"If {condition}, {lowered(first)}; otherwise {lowered(second)}"
        if len(text) > _MAX_SENTENCE:
            return False
        self._add(node, node, depth, text)
        return True

    def _branch(self, first: ast.stmt, body: list[ast.stmt], depth: int, heading: str) -> None:
        """Add a heading and the steps below it, or both in one sentence."""
        action = self._sentence(body)
        text = f"{heading}, {lowered(action)}"
        if action and not action.startswith("If ") and len(text) <= _MAX_SENTENCE:
            self._add(first, body[-1], depth, text)
        else:
            self._add(first, body[-1], depth, heading)
            self.block(body, depth + 1)

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, depth: int) -> None:
        words = loop_words(self._wording, node)
        action = self._sentence(node.body)
        text = f"{words.prefix}, {lowered(action)}"
        if action and len(text) <= _MAX_SENTENCE:
            self._add(node, node.body[-1], depth, text)
        else:
            self._add(node, node.body[-1], depth, words.heading)
            self.block(node.body, depth + 1)
        if node.orelse:
            self._branch(node.orelse[0], node.orelse, depth, "If the loop was not left early")

    def _try(self, node: ast.Try | ast.TryStar, depth: int) -> None:
        action = self._sentence(node.body)
        if action and len(action) <= _MAX_SENTENCE:
            self._add(node, node.body[-1], depth, f"Tries this: {lowered(action)}")
        else:
            self._add(node, node.body[-1], depth, "Tries the following steps")
            self.block(node.body, depth + 1)
        for handler in node.handlers:
            self._handler(handler, depth)
        if node.orelse:
            self._branch(node.orelse[0], node.orelse, depth, "If nothing was raised")
        if node.finalbody:
            self._branch(node.finalbody[0], node.finalbody, depth, "In the end, whatever happened")

    def _handler(self, handler: ast.ExceptHandler, depth: int) -> None:
        heading = handler_heading(self._wording, handler)
        start = len(self.found)
        if is_idle(handler.body) and not isinstance(handler.body[0], ast.Continue):
            self._add(handler.body[0], handler.body[-1], depth, f"{heading}, goes on regardless")
        else:
            self._branch(handler.body[0], handler.body, depth, heading)
        self.found[start] = replace(self.found[start], line=handler.lineno)

    def _match(self, node: ast.Match, depth: int) -> None:
        subject = self._wording.spans.code(node.subject)
        self._add(node, node, depth, f"Looks at what {subject} is")
        for case in node.cases:
            start = len(self.found)
            self._branch(case.body[0], case.body, depth + 1, case_heading(self._wording, case))
            self.found[start] = replace(self.found[start], line=case.pattern.lineno)


def _imported(imports: list[ast.stmt]) -> str:
    """The names that several imports bring in, as one list."""
    names = [
        alias.asname or alias.name
        for node in imports
        if isinstance(node, ast.Import | ast.ImportFrom)
        and getattr(node, "module", "") != "__future__"
        for alias in node.names
    ]
    shown = [f"`{name}`" for name in names[:6]]
    left = len(names) - len(shown)
    return joined([*shown, f"{left} more"] if left else shown)
