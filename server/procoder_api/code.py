"""Code as callers send it, and what in it they ask about."""

import asyncio
from typing import Annotated, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from procoder_tutor.errors import InputError
from procoder_tutor.symbols import MAX_CHARACTERS, Document, Snapshot, Symbol

_EXAMPLE: JsonDict = {
    "code": "def area(width, height):\n    return width * height\n",
    "filename": "shapes.py",
    "symbol": "area",
}


class Code(BaseModel):
    """A Python file, or a piece of one."""

    model_config = ConfigDict(
        extra="forbid", use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]}
    )

    code: Annotated[str, Field(max_length=MAX_CHARACTERS)]
    """Its whole text."""
    filename: Annotated[str, Field(min_length=1, max_length=255)] = "snippet.py"
    """What it is called; nothing is ever read from a file of that name."""

    async def document(self) -> Document:
        """Parse the code."""
        snapshot = Snapshot(self.code, f"untitled:{quote(self.filename)}")
        return await asyncio.to_thread(Document.parse, snapshot)


class PlacedCode(Code):
    """Code, and the place in it that is asked about: all of it where none is named."""

    symbol: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    """Qualified name of a function, method or class, e.g. `Account.deposit`."""
    line: Annotated[int, Field(ge=1)] | None = None
    """1-based; alone it stands for the innermost function, method or class around it."""
    end_line: Annotated[int, Field(ge=1)] | None = None
    """Last line of a selection that begins at `line`."""

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if self.symbol is not None and self.line is not None:
            raise ValueError("give symbol or line, not both")
        if self.end_line is not None and (self.line is None or self.end_line < self.line):
            raise ValueError("end_line needs a line that is not after it")
        return self

    def symbol_in(self, document: Document) -> Symbol:
        """Return what is asked about; raises NoSymbolError, or InputError for a wrong line."""
        if self.symbol is not None:
            return document.by_name(self.symbol)
        if self.line is None:
            return document.module
        check_line(document, self.line)
        if self.end_line is None:
            return document.enclosing(self.line)
        return document.selection(self.line, self.end_line)


def check_line(document: Document, line: int) -> None:
    """Raise InputError for a line that the document does not have."""
    count = document.source.line_count
    if line > count:
        raise InputError(f"There is no line {line}", f"The code has lines 1 to {count}.")
