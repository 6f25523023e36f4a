"""What a hover is about where Python's scoping rules do not tell, but the types of things do."""

from procoder_server.session import Session
from procoder_tutor.names import use_under
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target


async def target_at(
    session: Session, document: Document, line: int, column: int, seconds: float
) -> Symbol | Target | None:
    """Return the symbol of the document that a name there refers to, or what is elsewhere.

    None for what is no name, refers to a value, or is not found within `seconds`.
    """
    if use_under(document, line, document.source.column_in_text(line, column)) is None:
        return None
    target = await session.tutor.target(document, line, column, budget=seconds)
    if target is None or target.line is None:
        return target
    return defined_at(document, target.line) or target


def defined_at(document: Document, line: int) -> Symbol | None:
    """Return the function or class whose `def` or `class` is on a line."""
    here = (symbol for symbol in document.symbols if symbol.line <= line <= symbol.end_line)
    return next((symbol for symbol in here if getattr(symbol.node, "lineno", 0) == line), None)
