"""A newer host takes over from an older one, which leaves in its own time."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from procoder_protocol.discovery import HostAddress, own_version


@pytest.mark.parametrize(
    ("theirs", "older"),
    [("", True), ("0.0.9", True), ("0.0.10rc1", True), (own_version(), False), ("999.0", False)],
)
def test_versions_are_compared_by_their_numbers(theirs: str, *, older: bool) -> None:
    address = HostAddress("u", "t", "m", "e", 1, theirs)
    assert address.is_older() is older
    assert HostAddress.from_json(address.to_json()) == address


def test_an_address_without_a_version_is_read() -> None:
    text = '{"url": "u", "token_file": "t", "model": "m", "engine": "e", "pid": 1}'
    assert HostAddress.from_json(text).version == ""


def test_an_older_shared_host_finishes_its_answer_and_makes_way(
    start_host: Any, tmp_path: Path
) -> None:
    runtime = {"PROCODER_RUNTIME_DIR": str(tmp_path)}
    old = start_host("--shared", **runtime)
    discovery = tmp_path / "host.json"
    assert old.address.version == own_version()
    discovery.write_text(replace(old.address, version="0.0.1").to_json())
    body = {"model": "smollm2-135m", "prompt": "1 2 3 4", "max_tokens": 60, "stream": True}
    with old.client.stream("POST", "/v1/completions", json=body) as reply:
        lines = reply.iter_lines()
        next(lines)
        new = start_host("--shared", **runtime)
        last = [line for line in lines if line][-1]
    assert last == "data: [DONE]"
    assert old.process.wait(timeout=20) == 0
    assert new.address.pid == new.process.pid != old.address.pid
    assert HostAddress.from_json(discovery.read_text()) == new.address
    again = start_host("--shared", **runtime)
    assert again.address == new.address


def test_a_switch_is_published_and_served(start_host: Any, tmp_path: Path, smollm2: Path) -> None:
    copy = tmp_path / "other.gguf"
    shutil.copyfile(smollm2, copy)
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    host = start_host("--shared", PROCODER_RUNTIME_DIR=str(runtime))
    card = host.client.post("/v1/models/switch", json={"model": str(copy)})
    assert card.status_code == 200, card.text
    found = HostAddress.from_json((runtime / "host.json").read_text())
    assert found == replace(host.address, model=card.json()["id"])
    body = {"prompt": "1 2 3", "max_tokens": 2, "temperature": 0}
    old = host.client.post("/v1/completions", json={**body, "model": "smollm2-135m"})
    assert old.status_code == 404, old.text
    assert old.json()["error"]["code"] == "model_not_found"
    new = host.client.post("/v1/completions", json={**body, "model": found.model})
    assert new.status_code == 200
    missing = host.client.post("/v1/models/switch", json={"model": "no-such-model"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model_not_found")
    assert host.client.get("/readyz").status_code == 200
