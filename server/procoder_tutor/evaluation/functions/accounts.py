"""Classes with state."""

from dataclasses import dataclass, field


class InsufficientFunds(Exception):
    """The account does not hold enough."""


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self._history = []

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposit must be positive")
        self.balance += amount
        self._record("deposit", amount)

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(f"only {self.balance} left")
        self.balance -= amount
        self._record("withdraw", amount)
        return self.balance

    def _record(self, kind, amount):
        self._history.append((kind, amount))

    @property
    def is_overdrawn(self):
        return self.balance < 0

    @classmethod
    def from_record(cls, record: dict):
        return cls(record["owner"], record.get("balance", 0))

    @staticmethod
    def format_amount(cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"


class SavingsAccount(Account):
    def __init__(self, owner, rate, balance=0):
        super().__init__(owner, balance)
        self.rate = rate

    def add_interest(self, years=1):
        for _ in range(years):
            self.balance *= 1 + self.rate


def transfer(source, target, amount):
    source.withdraw(amount)
    try:
        target.deposit(amount)
    except ValueError:
        source.deposit(amount)
        raise


@dataclass(frozen=True)
class Point:
    x: float
    y: float = 0.0

    def __add__(self, other: "Point") -> "Point":
        return Point(self.x + other.x, self.y + other.y)

    def scaled(self, factor: float) -> "Point":
        return Point(self.x * factor, self.y * factor)


@dataclass
class Basket:
    prices: dict[str, float]
    items: list[str] = field(default_factory=list)

    def add(self, item: str) -> None:
        if item not in self.prices:
            raise KeyError(item)
        self.items.append(item)

    def total(self) -> float:
        return sum(self.prices[item] for item in self.items)

    def clear(self) -> int:
        count = len(self.items)
        self.items = []
        return count
