"""Functions that models were asked to explain; sentences/first.toml holds what they said."""

import functools
import json
import re
import time
from collections import defaultdict, deque
from pathlib import Path

_cache = {}


def binary_search(items, target):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == target:
            return middle
        if items[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return -1


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def is_palindrome(text):
    letters = [c.lower() for c in text if c.isalnum()]
    return letters == letters[::-1]


def word_counts(text):
    counts = {}
    for word in re.findall(r"[a-z']+", text.lower()):
        counts[word] = counts.get(word, 0) + 1
    return counts


def top_words(text, limit=10):
    counts = word_counts(text)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def unique(items):
    seen = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item


def chunked(items, size):
    if size < 1:
        raise ValueError("size must be positive")
    for start in range(0, len(items), size):
        yield items[start : start + size]


def flatten(nested):
    flat = []
    for item in nested:
        if isinstance(item, list):
            flat.extend(flatten(item))
        else:
            flat.append(item)
    return flat


def group_by(items, key):
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def second_largest(numbers):
    best = second = None
    for number in numbers:
        if best is None or number > best:
            best, second = number, best
        elif number != best and (second is None or number > second):
            second = number
    return second


def clamp(value, low, high):
    return max(low, min(value, high))


def read_settings(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def save_settings(path, settings):
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(settings, indent=2))
    temporary.replace(path)


def retry(times, delay=1.0):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except OSError:
                    if attempt == times - 1:
                        raise
                    time.sleep(delay)

        return wrapper

    return decorate


def memoized_square(n):
    if n not in _cache:
        _cache[n] = n * n
    return _cache[n]


def largest_files(folder, count=5):
    files = [path for path in Path(folder).rglob("*") if path.is_file()]
    return sorted(files, key=lambda path: path.stat().st_size, reverse=True)[:count]


def shortest_path(graph, start, goal):
    queue = deque([[start]])
    visited = {start}
    while queue:
        path = queue.popleft()
        if path[-1] == goal:
            return path
        for neighbour in graph.get(path[-1], ()):
            if neighbour not in visited:
                visited.add(neighbour)
                queue.append([*path, neighbour])
    return None


def transpose(matrix):
    return [list(row) for row in zip(*matrix)]


def remove_blank_lines(lines):
    for index in range(len(lines) - 1, -1, -1):
        if not lines[index].strip():
            del lines[index]


def parse_duration(text):
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    if match is None or not text:
        raise ValueError(f"not a duration: {text!r}")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def apply_discount(prices, percent):
    return {name: round(price * (1 - percent / 100), 2) for name, price in prices.items()}


def first_missing(numbers):
    present = set(numbers)
    candidate = 1
    while candidate in present:
        candidate += 1
    return candidate


def print_table(rows):
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows)]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)))


def average(values):
    total = 0
    for value in values:
        total += value
    return total / len(values) if values else 0.0


def is_valid_password(password):
    return (
        len(password) >= 8
        and any(c.isdigit() for c in password)
        and any(c.isupper() for c in password)
    )


class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        if not self._items:
            raise IndexError("pop from an empty stack")
        return self._items.pop()


class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self._entries = {}

    def get(self, key, default=None):
        if key not in self._entries:
            return default
        value = self._entries.pop(key)
        self._entries[key] = value
        return value

    def put(self, key, value):
        self._entries.pop(key, None)
        self._entries[key] = value
        if len(self._entries) > self.capacity:
            oldest = next(iter(self._entries))
            del self._entries[oldest]


class Thermostat:
    def __init__(self, target=20.0):
        self.target = target
        self.heating = False

    def update(self, temperature):
        if temperature < self.target - 0.5:
            self.heating = True
        elif temperature > self.target + 0.5:
            self.heating = False
        return self.heating
