"""A host for a team, as processes: keys, TLS, metrics, log lines, slow callers."""

import json
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import httpx2

from procoder_http.keys import add_key

MODEL = "smollm2-135m"
ASKED = {"model": MODEL, "prompt": "def secret_name(a):", "max_tokens": 3, "temperature": 0}


def _certificate(folder: Path) -> tuple[Path, Path]:
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *names, "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    return cert, key


def test_a_host_for_a_team(start_host: Any, tmp_path: Path) -> None:
    (cert, key), keys = _certificate(tmp_path), tmp_path / "keys"
    ada = add_key(keys, "ada")
    host = start_host(
        *("--tls-cert", str(cert), "--tls-key", str(key), "--keys", str(keys)),
        *("--log-format", "json"),
        PROCODER_RUNTIME_DIR=str(tmp_path),
    )
    assert host.address.url.startswith("https://127.0.0.1:")
    trusting = ssl.create_default_context(cafile=str(cert))
    headers = {"Authorization": f"Bearer {ada}", "X-Request-Id": "mine-7"}
    with httpx2.Client(base_url=host.address.url, verify=trusting, headers=headers) as client:
        answer = client.post("/v1/completions", json=ASKED, timeout=60)
        assert answer.status_code == 200
        assert answer.headers["x-request-id"] == "mine-7"
        text = answer.json()["choices"][0]["text"]
        for path, body in (("/v1/leave", {}), ("/v1/models/switch", {"model": MODEL})):
            assert client.post(path, json=body).json()["error"]["code"] == "forbidden"
        metrics = client.get("/metrics").text
        keys.write_text("")
        assert client.get("/v1/models").status_code == 401
    host.process.terminate()
    log = host.process.communicate(timeout=30)[1]
    _check_metrics(metrics)
    _check_log(log, text, ada)


def _check_metrics(metrics: str) -> None:
    labels = f'model="{MODEL}",outcome="ok",route="/v1/completions"'
    for line in (
        f"procoder_requests_total{{{labels}}} 1.0",
        'procoder_time_to_first_token_seconds_count{priority="interactive"} 1.0',
        'procoder_queue_wait_seconds_count{priority="interactive"} 1.0',
        'procoder_queue_length{priority="prefetch"} 0.0',
        'procoder_tokens_total{kind="generated"} 3.0',
        'procoder_tokens_total{kind="cached"} 0.0',
        "procoder_child_restarts_total 0.0",
        f'procoder_model_loaded{{model="{MODEL}"}} 1.0',
    ):
        assert line in metrics.splitlines()


def _check_log(log: str, text: str, key: str) -> None:
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line.get("route") == "/v1/completions"]
    assert (line["request_id"], line["client"], line["outcome"]) == ("mine-7", "ada", "ok")
    assert line["completion_tokens"] == 3
    assert key not in log
    assert "secret_name" not in log
    assert text not in log


def test_300_slow_callers_do_not_stop_a_request(host: Any) -> None:
    place = (httpx2.URL(host.address.url).host, httpx2.URL(host.address.url).port)
    slow = [socket.create_connection(place) for _ in range(300)]
    for connection in slow:
        connection.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: local")
    answer = host.client.post("/v1/completions", json=ASKED)
    assert answer.status_code == 200
    # Their time is up before the ten seconds that a proxy may wait.
    slow[0].settimeout(10)
    assert slow[0].recv(1) == b""
    for connection in slow:
        connection.close()
