"""Finds the host that serves this user, or starts it; safe when many do so at once.

A user's shared host has one model at a time. A launcher that wants another one asks it to switch,
once: when the host has changed back later, somebody else wants the other model, and this launcher
starts a host of its own instead of taking it away again and again. A host of an earlier version
is replaced by starting one: that asks the old one to leave.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx2
from pydantic import SecretStr

from procoder_protocol.discovery import HostAddress, read_discovery, runtime_dir
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.settings import HostSettings

_PROBE_SECONDS = 2.0
_OK = 200
_DOCTOR = "Run `procoder doctor` to see what is missing."
HOST_COMMAND = (sys.executable, "-P", "-m", "procoder_cli", "host")
"""`-P` keeps the user's folder off `sys.path`: a `json.py` there must not be run."""


@dataclass(frozen=True, slots=True)
class FixedEndpoint:
    """A server that the user configured."""

    url: str
    token_file: Path | None
    token: SecretStr | None = None

    @classmethod
    def of(cls, url: str, settings: HostSettings) -> Self:
        """Return the endpoint at `url`, with the token of the settings."""
        return cls(url, settings.token_file, settings.token)

    def read_token(self) -> str:
        """Return the token; from its file anew, for its owner may have changed it."""
        if self.token is not None:
            return self.token.get_secret_value()
        if self.token_file is None:
            return ""
        return self.token_file.read_text(encoding="utf-8").strip()


class HostLauncher:
    """Locates the host of one model. A host for all of the user's windows outlives us."""

    def __init__(
        self,
        model: str,
        settings: HostSettings,
        *,
        command: Sequence[str] = HOST_COMMAND,
        on_start: Callable[[], None] | None = None,
    ) -> None:
        self._model = model
        self._settings = settings
        self._command = tuple(command)
        self._on_start = on_start
        self._asked_to_switch = False
        self._private: subprocess.Popen[bytes] | None = None

    async def locate(self) -> FixedEndpoint | HostAddress:
        """Return a host that answers; raises BackendUnavailableError with what to do."""
        if self._settings.url:
            return FixedEndpoint.of(self._settings.url, self._settings)
        address = await self._running()
        if address is not None and not (address.is_older() and self._settings.start):
            address = address if serves(address, self._model) else await self._switched(address)
            if address is not None:
                return address
        if not self._settings.start:
            raise BackendUnavailableError(
                "No model host runs", "Run `procoder host --shared`, or set `host.start`."
            )
        if self._on_start is not None:
            self._on_start()
        address = await self._start(shared=True)
        if serves(address, self._model):
            return address
        return await self._start(shared=False)

    async def aclose(self) -> None:
        """End the host that serves only us, if there is one."""
        process, self._private = self._private, None
        if process is not None and process.poll() is None:
            process.terminate()
            await asyncio.to_thread(process.wait)

    async def _running(self) -> HostAddress | None:
        """Return the advertised host if it lives and knows its token."""
        address = await asyncio.to_thread(read_discovery)
        return address if address is not None and await _answers(address) else None

    async def _switched(self, address: HostAddress) -> HostAddress | None:
        """Have a host switch to our model, the first time; return where it serves it."""
        if self._asked_to_switch:
            return None
        self._asked_to_switch = True
        if not await _switch(address, self._model, self._settings.start_timeout):
            return None
        address_now = await asyncio.to_thread(read_discovery)
        if address_now is None or not serves(address_now, self._model):
            return None
        return address_now

    async def _start(self, *, shared: bool) -> HostAddress:
        """Start a host and wait for its one line; asking is cancelled, starting goes on."""
        command = [*self._command, "--model", self._model, "--port", "0"]
        command += ["--idle-timeout", f"{self._settings.idle_timeout:g}"]
        starting = _Starting([*command, "--shared"] if shared else command)
        ready = asyncio.get_running_loop().create_future()
        starting.begin(ready)
        try:
            line = await asyncio.wait_for(asyncio.shield(ready), self._settings.start_timeout)
        except TimeoutError:
            starting.stop()
            raise BackendUnavailableError(
                f"The model host was not ready within {self._settings.start_timeout:g} s",
                "Raise `host.start_timeout`, or run `procoder doctor`.",
            ) from None
        try:
            address = HostAddress.from_json(line)
        except ValueError:
            raise _not_started(starting.last_words(), self._model) from None
        if not shared:
            self._private = starting.process
        return address


class _Starting:
    """A host process on its way up, watched by a thread: it must outlive our event loop."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self.process: subprocess.Popen[bytes] | None = None
        self._log = Path(runtime_dir() / "host.log")

    def begin(self, ready: "asyncio.Future[str]") -> None:
        """Start the process; `ready` gets its first line, empty when it ended without one."""
        loop = asyncio.get_running_loop()
        descriptor, name = tempfile.mkstemp(prefix="host-", suffix=".log", dir=self._log.parent)
        self._log = Path(name)
        with os.fdopen(descriptor, "wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        watch = threading.Thread(
            target=self._watch, args=(self.process, loop, ready), name="host-start", daemon=True
        )
        watch.start()

    def stop(self) -> None:
        """End a host that took too long; its own children end with it."""
        if self.process is not None:
            self.process.terminate()

    def last_words(self) -> str:
        """Return the last line of a failed host's log, and remove the log."""
        try:
            text = self._log.read_text(encoding="utf-8", errors="replace")
            self._log.unlink()
        except OSError:
            return ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return lines[-1].removeprefix("procoder: ") if lines else ""

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        loop: asyncio.AbstractEventLoop,
        ready: "asyncio.Future[str]",
    ) -> None:
        """Read the first line, tell the loop, then wait, so that no zombie stays behind."""
        if process.stdout is None:
            raise RuntimeError("the host was started without a pipe")
        with process.stdout as stdout:
            line = stdout.readline().decode("utf-8", "replace")
            if not line:
                process.wait()
            self._keep_log(line, process.pid)

            def tell() -> None:
                if not ready.done():
                    ready.set_result(line)

            # A closed loop means that the asker is gone; the host stays for the next one.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(tell)
            process.wait()

    def _keep_log(self, line: str, pid: int) -> None:
        """Keep the log of the host that runs under a known name; drop it if another one runs."""
        try:
            ours = HostAddress.from_json(line).pid == pid
        except ValueError:
            return
        if ours:
            self._log.replace(self._log.with_name("host.log"))
        else:
            self._log.unlink()


def serves(address: HostAddress, model: str) -> bool:
    """Tell whether a host serves `model`: an id, or the path of a file it is named after."""
    return address.model == model or address.model in {Path(model).name, Path(model).stem}


async def _answers(address: HostAddress) -> bool:
    """Ask for health, and with the token for models: a file can outlive its host."""
    try:
        headers = {"Authorization": f"Bearer {address.read_token()}"}
        async with httpx2.AsyncClient(timeout=_PROBE_SECONDS, trust_env=False) as client:
            health = await client.get(f"{address.url}/healthz")
            models = await client.get(f"{address.url}/v1/models", headers=headers)
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL):
        return False
    return health.status_code == _OK and models.status_code == _OK


async def _switch(address: HostAddress, model: str, patience: float) -> bool:
    """Ask a host to serve another model, and wait until it does; False when it does not."""
    try:
        headers = {"Authorization": f"Bearer {address.read_token()}"}
        async with httpx2.AsyncClient(timeout=patience, trust_env=False) as client:
            answer = await client.post(
                f"{address.url}/v1/models/switch", headers=headers, json={"model": model}
            )
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL):
        return False
    return answer.status_code == _OK


def _not_started(reason: str, model: str) -> BackendUnavailableError:
    """Say why a host did not start: its last words, and what to do."""
    if "models pull" in reason:
        return BackendUnavailableError(
            f"The model `{model}` is not installed", f"Run `procoder models pull {model}`."
        )
    what = f"The model host did not start: {reason}" if reason else "The model host did not start"
    return BackendUnavailableError(what, _DOCTOR)
