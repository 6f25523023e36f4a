"""How a host is doing, asked of hosts that answer as they are told to."""

import httpx2
import pytest

from procoder_protocol.discovery import HostAddress, discovery_file
from procoder_tutor.host_status import host_status
from procoder_tutor.settings import HostSettings

THEIRS = HostSettings(url="http://127.0.0.1:9")


def transport(answer: int | Exception) -> httpx2.MockTransport:
    def handle(request: httpx2.Request) -> httpx2.Response:
        assert request.url.path in {"/readyz", "/v1/models"}
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer)

    return httpx2.MockTransport(handle)


@pytest.mark.parametrize(
    ("answer", "own", "theirs"),
    [
        (200, "ready", "ready"),
        (503, "loading", "loading"),
        (401, "unreachable", "unreachable"),
        (httpx2.ConnectError("gone"), "not running", "unreachable"),
    ],
)
async def test_states(answer, own, theirs, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path))
    assert (await host_status(HostSettings())).state == "not running"
    (tmp_path / "token").write_text("secret")
    address = HostAddress("http://127.0.0.1:9", str(tmp_path / "token"), "m", "e", 7)
    discovery_file().write_text(address.to_json())
    status = await host_status(HostSettings(), transport(answer))
    assert status.state == own
    assert status.pid == (None if own == "not running" else 7)
    assert (await host_status(THEIRS, transport(answer))).state == theirs


async def test_a_token_that_is_gone(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PROCODER_RUNTIME_DIR", str(tmp_path))
    address = HostAddress("http://127.0.0.1:9", str(tmp_path / "token"), "m", "e", 7)
    discovery_file().write_text(address.to_json())
    assert (await host_status(HostSettings(), transport(200))).state == "not running"
