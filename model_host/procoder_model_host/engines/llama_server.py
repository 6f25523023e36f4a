"""llama.cpp's server inside this process, from PyPI's `xllamacpp`; only this module imports it.

Answers are asked for by the library's in-process calls: they stream, run at the same time, and
are broken off by what the callback returns. No HTTP lies between, and no key is looked up. The
library listens all the same: here on a Unix socket in a folder that only this user may enter
(where Python has no such sockets, on a loopback port), behind a random key, and with everything
switched off that can be. What uses it is `/tokenize`, for which there is no other call.
"""

import contextlib
import json
import secrets
import shutil
import socket
import tempfile
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.errors import EngineError

Event = Mapping[str, Any]
"""One piece of a streamed answer, as llama.cpp's `/v1/completions` sends it."""

_HTTP_SECONDS = 60.0
_PROMPT_CACHE_MIB = 256
"""Prefixes that lost their slot are kept in memory up to this; llama.cpp's own limit is 8 GiB."""
_SLOT_ROUNDING = 256
"""llama.cpp rounds the KV cache of a slot up to this many tokens."""
_FOLDER, _SOCKET = "procoder-engine-", "engine.sock"
_ERRORS_ONLY = 1


class LlamaServer:
    """One loaded model with its slots; all methods may be called from any thread."""

    def __init__(self, options: LoadOptions, *, slots: int, batch: int) -> None:
        """Load the model; raises EngineError."""
        library = _import_library()
        self._key = secrets.token_urlsafe(32)
        self._folder = _private_folder() if hasattr(socket, "AF_UNIX") else None
        parameters = library.CommonParams()
        parameters.model.path = str(options.path)
        parameters.n_parallel = slots
        parameters.n_ctx = slots * -(-options.context_window // _SLOT_ROUNDING) * _SLOT_ROUNDING
        # A cancel is seen between batches, and they are what other slots wait for.
        parameters.n_batch = parameters.n_ubatch = max(batch, slots)
        parameters.cpuparams.n_threads = options.threads
        parameters.cpuparams_batch.n_threads = options.threads
        parameters.cache_ram_mib = _PROMPT_CACHE_MIB
        parameters.fit_params = parameters.warmup = False
        parameters.verbosity = _ERRORS_ONLY
        parameters.hostnames = [str(self._folder / _SOCKET) if self._folder else "127.0.0.1"]
        parameters.port = 0
        parameters.n_threads_http = 2
        parameters.api_keys = [self._key]
        # A template inside a model file is never executed, nor parsed: this one takes its place.
        parameters.use_jinja = False
        parameters.chat_template = "chatml"
        parameters.offline = True
        parameters.ui = parameters.endpoint_slots = False
        parameters.endpoint_props = parameters.endpoint_metrics = False
        try:
            self._server = library.Server(parameters)
        except (RuntimeError, ValueError) as error:
            self._remove_folder()
            raise EngineError(f"llama.cpp cannot load {options.path.name}: {error}") from error
        self._address = str(self._server.listening_address)
        # Its constructor returns before its loop runs, and closing it then would wait forever.
        # One token through the loop settles that; a model that cannot run dies while it loads.
        self.complete({"prompt": [0], "n_predict": 0, "stream": True}, lambda _: False)

    def complete(self, body: Mapping[str, Any], on_event: Callable[[Event], bool]) -> None:
        """Stream an answer to `on_event` until that returns True; block meanwhile.

        When this returns, the slot is free or becomes so within one token. What `on_event`
        raises is raised here: the library would swallow it.
        """
        raised: list[Exception] = []

        def guarded(event: Event) -> bool:
            try:
                return on_event(event)
            except Exception as error:  # noqa: BLE001 - raised again below
                raised.append(error)
                return True

        self._server.handle_completions(dict(body), guarded)
        if raised:
            raise raised[0]

    def tokenize(self, text: str, *, add_special: bool = False) -> list[int]:
        """Return the tokens of plain text, in which no special token is recognized.

        `add_special` puts the model's beginning-of-sequence token before it. Raises EngineError.
        """
        body = {"content": text, "add_special": add_special, "parse_special": False}
        connection = self._connect()
        try:
            connection.request("POST", "/tokenize", json.dumps(body), self._headers())
            response = connection.getresponse()
            return [int(token) for token in json.loads(response.read())["tokens"]]
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"llama.cpp did not tokenize: {error!r}") from error
        finally:
            connection.close()

    def close(self) -> None:
        """Free the model. No answer may be running."""
        # Its destructor ends its threads.
        del self._server
        self._remove_folder()

    def _connect(self) -> HTTPConnection:
        if self._folder is not None:
            return _UnixConnection(self._folder / _SOCKET)
        address = urlsplit(self._address)
        return HTTPConnection(address.hostname or "", address.port, timeout=_HTTP_SECONDS)

    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


class _UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_HTTP_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _import_library() -> Any:
    try:
        return import_module("xllamacpp")
    except ImportError as error:
        raise EngineError(
            f"the engine llamacpp cannot be used: {error}",
            "Install it: pip install 'procoder[llamacpp]'.",
        ) from error


def _private_folder() -> Path:
    """Make a folder for the socket, and remove those that killed engines left behind."""
    # Paths of Unix sockets may have about 100 characters: the runtime folder can be longer.
    for left in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*/{_SOCKET}"):
        with contextlib.suppress(OSError):
            if _refuses(left):
                shutil.rmtree(left.parent, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_FOLDER))


def _refuses(path: Path) -> bool:
    """Tell whether nobody listens on a socket any more."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return True
    return False
