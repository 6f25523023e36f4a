"""Code as a prompt shows it: written anew from the syntax tree, so that comments, formatting and
docstrings neither reach the model nor make a cached answer stale.
"""

import ast
import textwrap
from collections.abc import Iterable

from procoder_tutor.parsing import among_threads
from procoder_tutor.prompts import Excerpt
from procoder_tutor.symbols import Document, Symbol

_LONGEST_TEXT = 120
_MOST_ELEMENTS = 16
_KEPT_ELEMENTS = 6
_MOST_CONTEXT = 5
_LONGEST_CONTEXT = 120
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def excerpt_of(document: Document, symbol: Symbol) -> Excerpt:
    """Write the symbol's code for a prompt; code that no parser understands is taken as it is."""
    try:
        scope = _simplified(symbol.node)
    except (SyntaxError, ValueError, RecursionError):
        scope = None
    if scope is None or (symbol.kind == "module" and document.tree is None):
        lines = document.snapshot.text.splitlines()[symbol.line - 1 : symbol.end_line]
        code = textwrap.dedent("\n".join(lines)).strip()
        code = code.encode("utf-8", "replace").decode("utf-8")
        return Excerpt(symbol.kind, code, _first_header(code, symbol))
    if symbol.kind == "range":
        return Excerpt("range", ast.unparse(scope), header="")
    if symbol.kind == "module":
        # Function bodies are what the functions' own explanations are for.
        return Excerpt("module", ast.unparse(_Outline().visit(scope)), header="")
    return Excerpt(
        kind=symbol.kind,
        code=ast.unparse(scope),
        header=_header(scope),
        owner=_owner(document, symbol),
        context="\n".join(_used_constants(document, symbol)),
    )


def written_anew(statement: ast.stmt) -> str:
    """Write one statement without docstrings and with long literals cut; as it is if it cannot."""
    try:
        simple = _Simplify().visit(_parsed(ast.unparse(statement)))
        return ast.unparse(simple)
    except (SyntaxError, ValueError, RecursionError):
        return "..."


def outline(code: str) -> str:
    """Replace the bodies of the functions in `code` by `...`; `code` itself if it cannot parse."""
    try:
        tree = _parsed(code)
    except (SyntaxError, ValueError, RecursionError):
        return code
    return ast.unparse(_Outline().visit(tree))


def _parsed(code: str) -> ast.Module:
    return among_threads(lambda: ast.parse(code))


def _simplified(node: ast.AST) -> ast.Module | _Scope:
    """Copy a definition without docstrings and with long literals cut."""
    copy = _Simplify().visit(_parsed(ast.unparse(node)))
    body = copy.body
    if isinstance(node, _Scope) and len(body) == 1 and isinstance(body[0], _Scope):
        return body[0]
    return copy if isinstance(copy, ast.Module) else ast.Module(body=body, type_ignores=[])


class _Simplify(ast.NodeTransformer):
    """Drops docstrings, shortens long texts and long displays of literals."""

    def visit_body(self, node: ast.Module | _Scope) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            rest = node.body[1:]
            node.body = rest or ([] if isinstance(node, ast.Module) else [ast.Pass()])
        return self.generic_visit(node)

    visit_Module = visit_body  # noqa: N815 - ast's naming
    visit_FunctionDef = visit_body  # noqa: N815
    visit_AsyncFunctionDef = visit_body  # noqa: N815
    visit_ClassDef = visit_body  # noqa: N815

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Shorten a text, so that one line stays one line."""
        if isinstance(node.value, str | bytes) and len(node.value) > _LONGEST_TEXT:
            ellipsis = "…" if isinstance(node.value, str) else b"..."
            node.value = node.value[:_LONGEST_TEXT] + ellipsis  # type: ignore[operator]  # same kinds
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        """Leave f-strings whole: their parts must stay text."""
        return node

    def visit_List(self, node: ast.List) -> ast.AST:
        """Cut a long list."""
        node.elts = _cut(node.elts)
        return self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> ast.AST:
        """Cut a long set."""
        node.elts = _cut(node.elts)
        return self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        """Cut a long tuple, unless it is a target."""
        if isinstance(node.ctx, ast.Load):
            node.elts = _cut(node.elts)
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """Cut a long dict."""
        if len(node.values) > _MOST_ELEMENTS:
            node.keys = [*node.keys[:_KEPT_ELEMENTS], ast.Constant(...)]
            node.values = [*node.values[:_KEPT_ELEMENTS], ast.Constant(...)]
        return self.generic_visit(node)


class _Outline(ast.NodeTransformer):
    """Keeps headers of functions."""

    def visit_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.body = [ast.Expr(ast.Constant(...))]
        return node

    visit_FunctionDef = visit_function  # noqa: N815 - ast's naming
    visit_AsyncFunctionDef = visit_function  # noqa: N815


def _cut(elements: list[ast.expr]) -> list[ast.expr]:
    if len(elements) <= _MOST_ELEMENTS:
        return elements
    return [*elements[:_KEPT_ELEMENTS], ast.Constant(...)]


def _header(scope: ast.Module | _Scope) -> str:
    """Return the `def` or `class` line; what unparse writes before an only `...`."""
    if isinstance(scope, ast.Module):
        return ""
    decorators, body = scope.decorator_list, scope.body
    try:
        scope.decorator_list, scope.body = [], [ast.Pass()]
        return ast.unparse(scope).rsplit("\n", 1)[0]
    finally:
        scope.decorator_list, scope.body = decorators, body


def _first_header(code: str, symbol: Symbol) -> str:
    lines = [line.strip() for line in code.splitlines()]
    starts = ("def ", "async def ", "class ")
    found = next((line for line in lines if line.startswith(starts)), "")
    return found if symbol.kind != "module" else ""


def _owner(document: Document, symbol: Symbol) -> str:
    """Return the class around a method with its bases, e.g. `Account(Base)`."""
    if symbol.kind != "method":
        return ""
    name = symbol.name.rpartition(".")[0]
    owners = [other for other in document.symbols if other.name == name]
    for owner in owners:
        if isinstance(owner.node, ast.ClassDef) and owner.line <= symbol.line <= owner.end_line:
            bases = ", ".join(ast.unparse(base) for base in owner.node.bases)
            return f"{owner.node.name}({bases})" if bases else owner.node.name
    return name


def _used_constants(document: Document, symbol: Symbol) -> Iterable[str]:
    """Write the short module-level assignments whose names the symbol reads."""
    if symbol.kind == "module":
        return
    used = {node.id for node in ast.walk(symbol.node) if isinstance(node, ast.Name)}
    found = 0
    for statement in document.syntax.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or found == _MOST_CONTEXT:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if any(isinstance(target, ast.Name) and target.id in used for target in targets):
            text = ast.unparse(statement)
            if len(text) <= _LONGEST_CONTEXT and "\n" not in text:
                found += 1
                yield text
