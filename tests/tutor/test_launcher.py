"""Finding and starting the host, with a small program in the host's place."""

import http.server
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from procoder_protocol.discovery import (
    HostAddress,
    discovery_file,
    own_version,
    read_discovery,
    runtime_dir,
    write_private,
)
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.launcher import FixedEndpoint, HostLauncher
from procoder_tutor.settings import HostSettings

READY = """
import json, os, sys, time
model = "other" if "--shared" in sys.argv and {other} else sys.argv[sys.argv.index("--model") + 1]
print(json.dumps(dict(url="http://127.0.0.1:1", token_file="t", model=model, engine="e",
                      pid=os.getpid())), flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def private_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path / "run"))


def launcher(program: str, *, model: str = "m", **options: object) -> HostLauncher:
    settings = HostSettings.model_validate(options)
    return HostLauncher(model, settings, command=(sys.executable, "-c", program))


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        authorized = self.headers.get("Authorization") == "Bearer secret"
        self.send_response(200 if self.path == "/healthz" or authorized else 401)
        self.end_headers()

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["model"]
        status = 200 if wanted == "known" else 404
        if status == 200:
            address = read_discovery()
            assert address is not None
            write_private(discovery_file(), replace(address, model=wanted).to_json())
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        return None


@pytest.fixture
def running_host(tmp_path: Path) -> Iterator[HostAddress]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    token = tmp_path / "token"
    token.write_text("secret\n")
    url = f"http://127.0.0.1:{server.server_port}"
    address = HostAddress(url, str(token), "m", "e", 1, own_version())
    write_private(discovery_file(), address.to_json())
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("given", "token"), [({}, "key"), ({"token": "from the editor"}, "from the editor")]
)
async def test_a_configured_server_is_taken_as_it_is(
    tmp_path: Path, given: dict[str, str], token: str
) -> None:
    file = tmp_path / "t"
    file.write_text(" key \n")
    found = await launcher("", url="http://a.example/", token_file=file, **given).locate()
    assert isinstance(found, FixedEndpoint)
    assert (found.url, found.read_token()) == ("http://a.example", token)
    assert token not in repr(found)


async def test_a_running_host_is_found(running_host: HostAddress) -> None:
    assert await launcher("raise SystemExit(1)").locate() == running_host


async def test_a_host_of_another_model_is_asked_to_switch_once(running_host: HostAddress) -> None:
    starting = launcher(READY.format(other=True), model="known")
    switched = replace(running_host, model="known")
    assert await starting.locate() == switched
    # Somebody else has taken it back: from now on this launcher has a host of its own.
    write_private(discovery_file(), running_host.to_json())
    private = await starting.locate()
    assert isinstance(private, HostAddress)
    assert (private.model, private.url) == ("known", "http://127.0.0.1:1")
    assert read_discovery() == running_host
    await starting.aclose()


async def test_a_host_that_cannot_switch_stays_and_a_private_one_is_started(
    running_host: HostAddress,
) -> None:
    starting = launcher(READY.format(other=True), model="unknown")
    private = await starting.locate()
    assert isinstance(private, HostAddress)
    assert (private.model, private.url) == ("unknown", "http://127.0.0.1:1")
    await starting.aclose()


@pytest.mark.parametrize(("start", "url"), [(True, "http://127.0.0.1:1"), (False, None)])
async def test_a_host_of_an_earlier_version_is_replaced_if_we_may(
    running_host: HostAddress, url: str | None, *, start: bool
) -> None:
    write_private(discovery_file(), replace(running_host, version="").to_json())
    starting = launcher(READY.format(other=False), start=start)
    found = await starting.locate()
    assert isinstance(found, HostAddress)
    assert found.url == (url or running_host.url)
    if start:
        os.kill(found.pid, signal.SIGTERM)


async def test_a_host_that_knows_another_token_is_not_ours(running_host: HostAddress) -> None:
    write_private(Path(running_host.token_file), "stale")
    with pytest.raises(BackendUnavailableError, match="No model host runs"):
        await launcher("", start=False).locate()


async def test_a_started_host_outlives_us_and_its_log_is_kept() -> None:
    starting = launcher(READY.format(other=False))
    found = await starting.locate()
    assert isinstance(found, HostAddress)
    await starting.aclose()
    os.kill(found.pid, 0)
    os.kill(found.pid, signal.SIGTERM)
    assert (runtime_dir() / "host.log").exists()


async def test_a_host_of_another_model_stays_and_a_private_one_is_started_and_ended() -> None:
    starting = launcher(READY.format(other=True))
    found = await starting.locate()
    assert isinstance(found, HostAddress)
    assert found.model == "m"
    await starting.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(found.pid, 0)


@pytest.mark.parametrize(
    ("words", "message", "advice"),
    [
        ("procoder: The port is taken.", "The port is taken", "procoder doctor"),
        (
            "procoder: no file. Run `procoder models pull m`.",
            "`m` is not installed",
            "`procoder models pull m`",
        ),
        ("", "did not start", "procoder doctor"),
    ],
)
async def test_a_host_that_fails_says_why(words: str, message: str, advice: str) -> None:
    program = f"import sys; print('noise\\n' + {words!r}, file=sys.stderr); sys.exit(1)"
    with pytest.raises(BackendUnavailableError, match=message) as caught:
        await launcher(program).locate()
    assert advice in caught.value.advice
    assert not list(runtime_dir().glob("*.log"))


async def test_a_host_that_hangs_is_ended() -> None:
    hanging = launcher("import time; time.sleep(60)", start_timeout=0.2)
    with pytest.raises(BackendUnavailableError, match="not ready within"):
        await hanging.locate()
