"""A small bank: accounts, transfers that fail as a whole or not at all, and a monthly report."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


class InsufficientFunds(Exception):
    """Raised when an account holds less than what is to be taken from it."""


@dataclass
class Account:
    """Money of one owner, in cents, and what happened to it."""

    owner: str
    balance: int = 0
    history: list[tuple[date, int]] = field(default_factory=list)

    def deposit(self, amount: int, on: date) -> None:
        if amount <= 0:
            raise ValueError(f"cannot deposit {amount} cents")
        self.balance += amount
        self.history.append((on, amount))

    def withdraw(self, amount: int, on: date) -> None:
        if amount > self.balance:
            raise InsufficientFunds(f"{self.owner} has {self.balance} of {amount} cents")
        self.balance -= amount
        self.history.append((on, -amount))


class Bank:
    """Accounts by the name of their owner."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def open(self, owner: str) -> Account:
        return self._accounts.setdefault(owner, Account(owner))

    def transfer(self, source: str, target: str, amount: int, on: date) -> None:
        payer, payee = self._accounts[source], self._accounts[target]
        fee = amount // 100
        payer.withdraw(amount, on)
        payee.deposit(amount, on)

    def overdrawn(self) -> Iterator[Account]:
        return (account for account in self._accounts.values() if account.balance < 0)


def merge(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if not intervals:
        raise ValueError("nothing to merge")
    intervals.sort(key=lambda interval: interval[0])
    merged = [intervals[0]]
    for start, end in intervals[1:]:
        last_start, last_end = merged[-1]
        if start <= last_end:
            merged[-1] = (last_start, max(last_end, end))
        else:
            merged.append((start, end))
    return merged


def compound(principal: int, rate: float, years: int) -> int:
    if years == 0:
        return principal
    return compound(round(principal * (1 + rate)), rate, years - 1)


def read_statement(path: Path) -> Iterator[tuple[date, int]]:
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            yield date.fromisoformat(row["date"]), round(float(row["amount"]) * 100)


def monthly_totals(entries: list[tuple[date, int]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for day, amount in entries:
        month = f"{day:%Y-%m}"
        totals[month] = totals.get(month, 0) + amount
    return totals


def main() -> None:
    bank = Bank()
    for owner in ("Ada", "Grace"):
        bank.open(owner).deposit(100_00, date(2026, 1, 31))
    bank.transfer("Ada", "Grace", 25_00, date(2026, 2, 14))
    report = {owner: monthly_totals(bank.open(owner).history) for owner in ("Ada", "Grace")}
    print(json.dumps(report, indent=2))
    print(merge([(9, 12), (1, 3), (2, 5)]))


if __name__ == "__main__":
    main()
