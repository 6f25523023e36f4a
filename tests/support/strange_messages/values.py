"""JSON values of the types of LSP, as lsprotocol declares them, and values of no type at all."""

import enum
import types as python_types
import typing
from collections import abc
from random import Random
from typing import Any

import attrs
from lsprotocol import types

MARK = "Xyzzy"
"""Stands in most texts: it must never turn up in a log."""
URIS = (
    "file:///nowhere/a.py",
    "file:///nowhere/b%20%C3%A9.py",
    "file:///nowhere/missing.py",
    "file:///",
    "file:///tmp",
    "file:///dev/zero",
    "file:///dev/stdin",
    "file://server/share/a.py",
    "file:///C:/a.py",
    "file:///nowhere/%00.py",
    "file:///nowhere/%ff.py",
    "file:///nowhere/\ud800.py",
    "untitled:Untitled-1",
    "untitled:a.py",
    "http://[::1/a.py",
    "//[",
    "",
    ":",
    "a.py",
    "é😀.py",
    "file:///" + "a/" * 5000 + "b.py",
)
TEXTS = (
    "",
    f"def {MARK}(a, b):\n    return a + b\n",
    f"class {MARK}:\r\n    x = '😀'\r\n\r\n    def f(self):\r\n        return self.y\r\n",
    f"def {MARK}(:\n",
    f"\ufeff# {MARK}\rx = 1\r",
    f"{MARK} = '\ud800'\n",
    "\x00",
    "(" * 300,
    "x" * 20_000,
    "if x:\n" * 50,
    f"/explain @symbol {MARK}",
)
NUMBERS = (0, 0, 1, 1, 2, 3, 7, 100, 2**31 - 1)
ODD_NUMBERS = (-1, -(2**31), 2**31, 2**53 + 1, 2**64, 10**300, 0.5, 1e308, -0.0)
_DEEP = 300
_DEEPEST_TYPE = 6
_DEEPEST_ANY = 3


class Values:
    """Makes values with one source of chance."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def of(self, kind: Any, name: str = "", depth: int = 0) -> Any:
        """Return a JSON value of a type; `name` is that of the field it is for."""
        kind = vars(types)[kind.__forward_arg__] if isinstance(kind, typing.ForwardRef) else kind
        origin = typing.get_origin(kind)
        if origin in (typing.Union, python_types.UnionType):
            options = typing.get_args(kind)
            absent = type(None) in options and (
                depth > _DEEPEST_TYPE or self._random.random() < 0.3
            )
            return None if absent else self.of(self._random.choice(options), name, depth)
        if origin is not None:
            return self._of_generic(origin, typing.get_args(kind), name, depth)
        if isinstance(kind, type) and attrs.has(kind):
            return self._of_class(kind, depth)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self._random.choice([item.value for item in kind])
        return self._of_primitive(kind, name)

    def of_any(self, depth: int = 0) -> Any:
        """Return any JSON value."""
        random = self._random
        names = ("uri", "line", "textDocument", "text", "data", MARK)
        flat: list[abc.Callable[[], Any]] = [
            lambda: None,
            lambda: random.random() < 0.5,
            lambda: random.choice(NUMBERS + ODD_NUMBERS),
            lambda: random.choice(URIS),
            lambda: random.choice(TEXTS),
        ]
        nested: list[abc.Callable[[], Any]] = [
            lambda: [self.of_any(depth + 1) for _ in range(random.randrange(4))],
            lambda: {random.choice(names): self.of_any(depth + 1) for _ in range(3)},
            self._nested,
        ]
        return random.choice(flat + nested if depth < _DEEPEST_ANY else flat)()

    def spoilt(self, value: Any) -> Any:
        """Return a copy of a JSON value with something wrong in it, anywhere."""
        if isinstance(value, dict) and value and self._random.random() < 0.8:
            key = self._random.choice(list(value))
            rest = {name: item for name, item in value.items() if name != key}
            if self._random.random() < 0.2:
                return rest
            return {**rest, key: self.spoilt(value[key])}
        if isinstance(value, list) and value and self._random.random() < 0.8:
            index = self._random.randrange(len(value))
            return [*value[:index], self.spoilt(value[index]), *value[index + 1 :]]
        return self.of_any()

    def _nested(self) -> Any:
        value: Any = self._random.choice(NUMBERS)
        as_list = self._random.random() < 0.5
        for _ in range(self._random.randrange(_DEEP)):
            value = [value] if as_list else {"data": value}
        return value

    def _of_generic(self, origin: Any, arguments: Any, name: str, depth: int) -> Any:
        if origin is typing.Literal:
            return self._random.choice(arguments)
        if origin is tuple:
            return [self.of(kind, name, depth + 1) for kind in arguments]
        count = 0 if depth > _DEEPEST_TYPE else self._random.randrange(3)
        if isinstance(origin, type) and issubclass(origin, abc.Mapping):
            return {
                self.of(arguments[0], "uri"): self.of(arguments[1], name, depth + 1)
                for _ in range(count)
            }
        return [self.of(arguments[0], name, depth + 1) for _ in range(count)]

    def _of_class(self, kind: type, depth: int) -> dict[str, Any]:
        hints = typing.get_type_hints(kind, vars(types))
        value = {}
        for field in attrs.fields(kind):
            optional = field.default is not attrs.NOTHING
            if optional and (depth > _DEEPEST_TYPE or self._random.random() < 0.5):
                continue
            value[_camel(field.name)] = self.of(hints[field.name], field.name, depth + 1)
        return value

    def _of_primitive(self, kind: Any, name: str) -> Any:
        if kind is str:
            return self._random.choice(URIS[:3] if "uri" in name else TEXTS)
        if kind is bool:
            return self._random.random() < 0.5
        if kind in (int, float):
            return self._random.choice(NUMBERS)
        return None if kind is type(None) else self.of_any()


def _camel(name: str) -> str:
    first, *others = name.strip("_").split("_")
    return first + "".join(map(str.capitalize, others))
