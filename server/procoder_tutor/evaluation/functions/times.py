"""Dates, clocks and caches."""

import time
from datetime import date, datetime, timedelta

_prices = {}
hits = 0


def next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def age_in_years(born, today=None):
    today = today or date.today()
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday)


def is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def log_line(message, *, level="INFO"):
    stamp = datetime.now().isoformat(timespec="seconds")
    print(f"{stamp} {level}: {message}")


def cached_price(item, look_up):
    global hits
    if item in _prices:
        hits += 1
        return _prices[item]
    price = look_up(item)
    _prices[item] = price
    return price


def forget_prices():
    _prices.clear()


class LruCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.entries = {}

    def get(self, key, default=None):
        if key not in self.entries:
            return default
        value = self.entries.pop(key)
        self.entries[key] = value
        return value

    def put(self, key, value):
        self.entries.pop(key, None)
        if len(self.entries) >= self.capacity:
            oldest = next(iter(self.entries))
            del self.entries[oldest]
        self.entries[key] = value


class RateLimiter:
    def __init__(self, rate: float, clock=time.monotonic):
        self._interval = 1 / rate
        self._clock = clock
        self._next = 0.0

    def allow(self) -> bool:
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self._interval
        return True

    def wait(self) -> None:
        while not self.allow():
            time.sleep(0.01)
