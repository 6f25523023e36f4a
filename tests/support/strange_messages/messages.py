"""Single messages: right, wrong and out of place, each with how often it is to be answered."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from lsprotocol import types

from .values import MARK, ODD_NUMBERS, TEXTS, URIS, Values

Identity = int | str
ENDING = {types.SHUTDOWN, types.EXIT}
_RECENT = 20


@dataclass(frozen=True, slots=True)
class Expected:
    """An answer that must come; an identity of None stands for "whichever it was"."""

    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Strange:
    """A message as it goes over the wire."""

    name: str
    frame: bytes
    expected: Expected | None = None


class Maker:
    """Makes one message after the other; knows which ids it has used."""

    def __init__(self, seed: int, served: Sequence[str], commands: Sequence[str]) -> None:
        self._random = Random(seed)
        self._values = Values(self._random)
        self._requests = [method for method in served if _is_request(method)]
        self._notifications = [method for method in served if not _is_request(method)]
        self._commands = commands
        self._ids: list[Identity] = []
        self._kinds: Sequence[tuple[Callable[[], Strange], int]] = (
            (self._request, 6),
            (self._spoilt_request, 6),
            (self._command, 4),
            (self._spoilt_command, 4),
            (self._notification, 4),
            (self._spoilt_notification, 4),
            (self._unknown_request, 1),
            (self._unknown_notification, 1),
            (self._notification_with_id, 1),
            (self._bad_id, 1),
            (self._cancel, 2),
            (self._response, 2),
            (self._no_message, 2),
            (self._no_json, 2),
        )

    def next(self) -> Strange:
        """Return a message that a server survives."""
        kinds, weights = zip(*self._kinds, strict=True)
        (kind,) = self._random.choices(kinds, weights)
        return kind()

    def last(self) -> Strange:
        """Return bytes after which nothing can be read any more."""
        body = _encoded({"jsonrpc": "2.0", "method": "initialized", "params": {"text": MARK}})
        name, frame = self._random.choice(
            [
                ("too short", _header(len(body) - 3) + body + _header(2) + b"{}"),
                ("too long", _header(len(body) + 3) + body + _header(2) + b"{}"),
                ("never ends", _header(len(body) + 300) + body),
                ("two lengths", b"Content-Length: 2\r\n" + _header(2) + b"{}"),
                ("negative", b"Content-Length: -2\r\n\r\n{}"),
                ("no number", b"Content-Length: two\r\n\r\n{}"),
                ("hexadecimal", b"Content-Length: 0x2\r\n\r\n{}"),
                ("digits of another script", "Content-Length: ٢\r\n\r\n{}".encode()),
                ("absurd", _header(10**15) + body),
                ("endless digits", b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}"),
                ("no length", b"Content-Type: x\r\n\r\n" + body),
                ("no header", body + b"\r\n\r\n" + body),
                ("line feeds", b"Content-Length: 2\n\n{}" * 400),
                ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                ("noise", self._random.randbytes(6000)),
                ("zeros", bytes(6000)),
            ]
        )
        return Strange(name, frame)

    def _request(self) -> Strange:
        method = self._random.choice(self._requests)
        return self._asking(method, method, self._parameters(method))

    def _spoilt_request(self) -> Strange:
        method = self._random.choice(self._requests)
        spoilt = self._values.spoilt(self._parameters(method))
        return self._asking(f"spoilt {method}", method, spoilt)

    def _command(self) -> Strange:
        parameters = self._of_command()
        return self._asking(parameters["command"], types.WORKSPACE_EXECUTE_COMMAND, parameters)

    def _spoilt_command(self) -> Strange:
        parameters = self._of_command()
        name = f"spoilt {parameters['command']}"
        part = self._random.choice(["arguments", "arguments", "workDoneToken", "command"])
        parameters[part] = self._values.spoilt(parameters.get(part))
        return self._asking(name, types.WORKSPACE_EXECUTE_COMMAND, parameters)

    def _notification(self) -> Strange:
        method = self._random.choice(self._notifications)
        return self._telling(method, method, self._parameters(method))

    def _spoilt_notification(self) -> Strange:
        method = self._random.choice(self._notifications)
        spoilt = self._values.spoilt(self._parameters(method))
        return self._telling(f"spoilt {method}", method, spoilt)

    def _unknown_request(self) -> Strange:
        method = self._random.choice(["textDocument/unheardOf", "", "$/x", MARK, "a" * 9000])
        return self._asking("unknown request", method, self._values.of_any())

    def _unknown_notification(self) -> Strange:
        method = self._random.choice(["textDocument/unheardOf", "", "$/x", "window/showMessage"])
        return self._telling("unknown notification", method, self._values.of_any())

    def _notification_with_id(self) -> Strange:
        method = self._random.choice([*self._notifications, types.EXIT, types.CANCEL_REQUEST])
        if method.startswith("procoder/"):
            method = types.EXIT
        return self._asking(f"{method} with an id", method, self._values.of_any())

    def _bad_id(self) -> Strange:
        identity = self._random.choice([None, True, 1.5, [], [1], {}, {"id": MARK}])
        data = {"id": identity, "method": types.TEXT_DOCUMENT_HOVER, "params": None}
        return Strange("bad id", self._framed({"jsonrpc": "2.0", **data}), Expected(None))

    def _cancel(self) -> Strange:
        unknown = (-1, "nobody", 10**300, "")
        identity = self._random.choice([*self._ids[-_RECENT:], *unknown, None, [], {}])
        return self._telling("cancel", types.CANCEL_REQUEST, {"id": identity})

    def _response(self) -> Strange:
        """Answer a request that was never asked, or one of our own."""
        identity = self._random.choice([*self._ids[-_RECENT:], -1, "nobody", None])
        outcome = self._random.choice(["result", "error"])
        data = {"jsonrpc": "2.0", "id": identity, outcome: self._values.of_any()}
        return Strange("response", self._framed(data))

    def _no_message(self) -> Strange:
        """JSON, but no JSON-RPC."""
        known = self._id()
        choices: list[tuple[Any, Identity | None]] = [
            ([], None),
            ([{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}], None),
            (MARK, None),
            (3, None),
            (None, None),
            ({}, None),
            ({"jsonrpc": "2.0"}, None),
            ({"jsonrpc": "2.0", "id": known}, known),
            ({"jsonrpc": "1.0", "id": known, "method": "shutdown"}, known),
            ({"jsonrpc": 2.0, "id": known, "method": "shutdown"}, known),
            ({"id": known, "method": "shutdown"}, known),
            ({"jsonrpc": "2.0", "id": known, "method": None}, known),
            ({"jsonrpc": "2.0", "id": known, "method": {"a": []}}, known),
            ({"jsonrpc": "2.0", "method": 3}, None),
        ]
        data, identity = self._random.choice(choices)
        return Strange("no message", self._framed(data), Expected(identity))

    def _no_json(self) -> Strange:
        whole = _encoded({"jsonrpc": "2.0", "method": "initialized", "params": {"text": MARK}})
        body = self._random.choice(
            [
                b"",
                b"\xff\xfe\xfd",
                b"\x80" * 50,
                whole[: self._random.randrange(1, len(whole))],
                whole + b"}",
                whole.replace(b"X", b"\xff"),
                whole.replace(b'"', b"'"),
                b"[" * 100_000,
                b'{"a":' * 100_000,
                b"1" * 5_000,
                whole.decode().encode("utf-16"),
                self._random.randbytes(200) + b"}",
            ]
        )
        if body.startswith(b"\xff\xfe{"):
            # Python's json reads UTF-16 as well: then it is a notification at a wrong time.
            return Strange("UTF-16", _header(len(body)) + body)
        return Strange("no JSON", _header(len(body)) + body, Expected(None))

    def _of_command(self) -> dict[str, Any]:
        random = self._random
        argument = {
            "uri": random.choice(URIS[:3]),
            "line": random.choice([0, 1, 5, 10**6]),
            "symbol": random.choice([MARK, "missing", "(module)"]),
            "text": random.choice(TEXTS),
            "conversation": MARK,
            "show": random.random() < 0.5,
            "refresh": True,
            "level": random.choice(["beginner", "genius"]),
            "range": self._values.of(types.Range),
            "finding": self._values.of_any(),
            "code": "F401",
            "message": MARK,
            "source": "ruff",
            "model": random.choice([MARK, "smollm2-135m"]),
            "on": random.random() < 0.5,
            "all": True,
        }
        names = random.sample(sorted(argument), random.randrange(1, 5))
        chosen = {name: argument[name] for name in {"uri", *names}}
        token = random.choice([{}, {"workDoneToken": random.choice([1, "t", MARK])}])
        command = random.choice([*self._commands, "procoder.unheardOf"])
        return {"command": command, "arguments": [chosen], **token}

    def _parameters(self, method: str) -> Any:
        if method not in types.METHOD_TO_TYPES:
            return self._values.of_any()
        kind = types.METHOD_TO_TYPES[method][2]
        return None if kind is None else self._values.of(kind)

    def _asking(self, name: str, method: str, parameters: Any) -> Strange:
        identity = self._id()
        data = {"jsonrpc": "2.0", "id": identity, "method": method, "params": parameters}
        return Strange(name, self._framed(data), Expected(identity))

    def _telling(self, name: str, method: str, parameters: Any) -> Strange:
        return Strange(
            name, self._framed({"jsonrpc": "2.0", "method": method, "params": parameters})
        )

    def _id(self) -> Identity:
        """Return an id: new, huge, odd, or one that was used not long ago."""
        kind = self._random.randrange(10)
        identity: Identity = len(self._ids) + 1000
        if kind == 0 and self._ids:
            identity = self._random.choice(self._ids[-_RECENT:])
        elif kind == 1:
            identity = f"{MARK}-{len(self._ids)}"
        elif kind == 2:
            huge = [number for number in ODD_NUMBERS if isinstance(number, int)]
            identity = self._random.choice([*huge, "", "é\ud800", "a" * 3000, "1000"])
        self._ids.append(identity)
        return identity

    def _framed(self, data: Any) -> bytes:
        body = _encoded(data)
        header = self._random.choice(
            [
                _header(len(body)),
                _header(len(body)),
                b"content-length:%d\r\n\r\n" % len(body),
                b"CONTENT-LENGTH :  000%d \r\n\r\n" % len(body),
                b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + _header(len(body)),
                b"X-Unheard: of\r\n" + _header(len(body)),
            ]
        )
        return header + body


def _is_request(method: str) -> bool:
    message = types.METHOD_TO_TYPES[method][0] if method in types.METHOD_TO_TYPES else None
    return hasattr(message, "id")


def _encoded(data: Any) -> bytes:
    return json.dumps(data).encode()


def _header(length: int) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % length
