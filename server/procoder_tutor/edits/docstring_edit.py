"""An edit that adds or replaces one docstring and changes nothing else."""

import inspect
import io
import tokenize
from dataclasses import replace

from procoder_tutor.edits.docstring_literal import DEFAULT_WIDTH, docstring_lines
from procoder_tutor.edits.model import ProposedEdit, Rejected, TextEdit
from procoder_tutor.edits.text import (
    OriginalLines,
    apply_edits,
    below_comments,
    indent_unit,
    leading,
)
from procoder_tutor.edits.trees import docstring_node, docstring_value, same_symbol, shape
from procoder_tutor.errors import InputError
from procoder_tutor.positions import Position
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.syntax import Definition

_CHANGES_MORE = "The docstring could not be written without changing other code."


def docstring_edit(
    document: Document, symbol: Symbol, text: str, *, width: int = DEFAULT_WIDTH
) -> ProposedEdit | Rejected:
    """Give a function, class or module of the document a docstring with that text.

    An existing docstring is replaced. `width` is the longest line wanted, in columns.
    """
    if document.tree is None or document.syntax_error is not None:
        line = document.syntax_error.line if document.syntax_error else 1
        return Rejected(f"This file does not parse; correct the error in line {line} first.")
    edit = _Placing(document, symbol, text, width).edit()
    if edit is None:
        return Rejected("There is no text to write into the docstring.")
    if isinstance(edit, Rejected):
        return edit
    return _verified(document, symbol, edit)


def _verified(document: Document, symbol: Symbol, edit: TextEdit) -> ProposedEdit | Rejected:
    text = apply_edits(document.snapshot.text, [edit])
    try:
        after = Document.parse(replace(document.snapshot, text=text))
    except InputError as error:
        return Rejected(f"{error}.")
    edited = same_symbol(symbol, document, after) if after.tree is not None else None
    if edited is None or document.tree is None or after.tree is None:
        return Rejected(_CHANGES_MORE)
    before = shape(document.tree, without_docstring_of=symbol.node)
    if before != shape(after.tree, without_docstring_of=edited.node):
        return Rejected(_CHANGES_MORE)
    old, new = docstring_value(symbol.node), docstring_value(edited.node)
    if new is None:
        return Rejected(_CHANGES_MORE)
    if old is not None and inspect.cleandoc(old) == inspect.cleandoc(new):
        return Rejected(f"`{symbol.name}` has this docstring already.")
    verb = "Add a docstring to" if old is None else "Replace the docstring of"
    return ProposedEdit(f"{verb} `{symbol.name}`", (edit,))


class _Placing:
    """Finds where a docstring goes and how it is indented there."""

    def __init__(self, document: Document, symbol: Symbol, text: str, width: int) -> None:
        self._document = document
        self._symbol = symbol
        self._text = text
        self._width = width
        self._original = OriginalLines(document.snapshot.text)
        self._lines = document.source.lines

    def edit(self) -> TextEdit | Rejected | None:
        """Return the edit; None when the text holds nothing."""
        node = self._symbol.node
        if isinstance(node, Definition):
            return self._in_definition(node)
        statement = docstring_node(node)
        if statement is None:
            return self._at_the_top()
        return self._replaced(self._document.source.span(statement), leading(self._at(statement)))

    def _at(self, statement: object) -> str:
        return self._lines[getattr(statement, "lineno", 1) - 1]

    def _literal(self, indent: str) -> list[str]:
        return docstring_lines(self._text, indent, self._width)

    def _replaced(self, span: tuple[Position, Position], indent: str) -> TextEdit | None:
        literal = self._literal(indent)
        return TextEdit(*span, self._original.line_end.join(literal)) if literal else None

    def _at_the_top(self) -> TextEdit | None:
        """Before the first statement, but below the comments that a file begins with."""
        body = getattr(self._symbol.node, "body", [])
        indent = leading(self._at(body[0])) if body else ""
        literal = self._literal(indent)
        if not literal:
            return None
        line = below_comments(self._lines)
        follows = self._lines[line - 1].strip() if line <= len(self._lines) else ""
        blank = [""] if follows else []
        return self._original.replace(line, line, [indent + literal[0], *literal[1:], *blank])

    def _in_definition(self, node: Definition) -> TextEdit | Rejected | None:
        header = self._lines[node.lineno - 1 : node.body[0].lineno]
        colon = _colon(header)
        if colon is None:
            return Rejected(f"The header of `{self._symbol.name}` could not be read.")
        line, column = node.lineno + colon.line - 1, colon.column
        rest = self._lines[line - 1][column + 1 :].strip()
        statement = docstring_node(node)
        if rest and not rest.startswith("#"):
            return self._split(node, Position(line, column + 1))
        indent = leading(self._lines[node.body[0].lineno - 1])
        if statement is not None:
            return self._replaced(self._document.source.span(statement), indent)
        literal = self._literal(indent)
        new = [indent + literal[0], *literal[1:]] if literal else []
        return self._original.replace(line + 1, line + 1, new) if literal else None

    def _split(self, node: Definition, after_colon: Position) -> TextEdit | None:
        """Move a body that stands on its header's line to a line of its own."""
        indent = leading(self._at(node)) + indent_unit(self._document)
        literal = self._literal(indent)
        if not literal:
            return None
        statement = docstring_node(node)
        start, end = self._document.source.span(node.body[0])
        new = ["", indent + literal[0], *literal[1:]]
        if statement is None:
            end, new = start, [*new, indent]
        text = self._original.line_end.join(new)
        return TextEdit(self._original.place(*after_colon), end, text)


def _colon(header: list[str]) -> Position | None:
    """Place of the colon that ends a definition's header; lines count from 1."""
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(header)).readline):
            if token.type != tokenize.OP:
                continue
            if token.string in "([{":
                depth += 1
            elif token.string in ")]}":
                depth -= 1
            elif token.string == ":" and depth == 0:
                return Position(*token.start)
    except (tokenize.TokenError, SyntaxError):
        return None
    return None
