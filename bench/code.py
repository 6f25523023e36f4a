"""The code that servers are driven over: the largest modules there are, and a larger one."""

import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from procoder_tutor.symbols import Document, Snapshot, Symbol

GENERATED_LINES = 10_000
_CLASS = '''

class Account{n}(Holder):
    """Money that belongs to customer {n}."""

    limit = {n}

    def __init__(self, owner: str, balance: float = {n}.0) -> None:
        self.owner = owner
        self.balance = balance
        self.history: list[tuple[str, float]] = []

    def deposit(self, amount: float) -> float:
        """Add an amount; returns the new balance."""
        if amount <= 0:
            raise ValueError(f"{{amount}} is no amount")
        self.balance += amount
        self.history.append(("deposit", amount))
        return self.balance

    def months_until(self, goal: float, rate: float) -> int:
        months = 0
        while self.balance < goal and months < {n} + 1200:
            self.deposit(max(self.balance * rate, 0.01))
            months += 1
        return months


def report{n}(accounts: list[Account{n}], least: float = 0.0) -> dict[str, float]:
    """Sum the balances by owner, without those below `least`."""
    totals: dict[str, float] = {{}}
    for account in accounts:
        if account.balance < least:
            continue
        totals[account.owner] = totals.get(account.owner, 0.0) + account.balance
    return dict(sorted(totals.items(), key=lambda item: item[1], reverse=True))
'''


@dataclass(frozen=True, slots=True)
class Code:
    """One file, and where in it the functions to look at have their names."""

    path: Path
    text: str
    places: tuple[tuple[int, int], ...]
    """Lines, 1-based, and columns."""


def read_code(path: Path, places: int) -> Code:
    """Read a file, and choose at most so many of its functions, evenly spread."""
    text = path.read_text(encoding="utf-8")
    document = Document.parse(Snapshot(text, uri=path.as_uri(), path=path))
    names = tuple(name_position(document, symbol) for symbol in spread(document, places))
    return Code(path, text, names)


def largest_modules(count: int) -> list[Path]:
    """The largest top-level modules of this interpreter's standard library."""
    folder = Path(sysconfig.get_path("stdlib"))
    return sorted(folder.glob("*.py"), key=lambda path: path.stat().st_size)[-count:]


def generated_module(lines: int = GENERATED_LINES) -> str:
    """A module of that many lines: classes with methods and functions that use them."""
    head = '"""Accounts, generated."""\n\n\nclass Holder:\n    owner = ""\n\n'
    fitting = (lines - head.count("\n")) // _CLASS.count("\n")
    text = head + "".join(_CLASS.format(n=number) for number in range(fitting))
    return text + "# the end\n" * (lines - text.count("\n"))


def spread(document: Document, count: int) -> Iterator[Symbol]:
    """At most `count` functions and methods, evenly spread over the document."""
    functions = [symbol for symbol in document.symbols if symbol.kind in {"function", "method"}]
    yield from functions[:: max(1, len(functions) // count)][:count]


def name_position(document: Document, symbol: Symbol) -> tuple[int, int]:
    """Line and column of the symbol's name in its header, as jedi wants it."""
    lines = document.snapshot.text.split("\n")
    name = symbol.name.rpartition(".")[2]
    for line in range(symbol.line, symbol.end_line + 1):
        text = lines[line - 1]
        if f"def {name}" in text:
            return line, text.index(f"def {name}") + len("def ")
    return symbol.line, 0
