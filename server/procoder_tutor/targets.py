"""What a name in the code refers to, where only inferring types tells: `account.deposit`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A function or class, as jedi knows it."""

    name: str
    """Fully qualified where that is known, e.g. `bank.Account.deposit`."""
    signature: str
    """One line, e.g. `deposit(amount: int) -> None`."""
    summary: str | None = None
    """First line of its documentation."""
    url: str | None = None
    """Documentation of a name of the standard library."""
    line: int | None = None
    """Of its `def` or `class`, when that is in the document that was looked at."""
