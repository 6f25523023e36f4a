"""The real Caddy with the configuration of docker/proxy, before a real API and the companion."""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from caddy_server import Caddy, caddy_server
from companion_process import PATIENCE_MS, Tab, companion
from deployment import Deployment
from playwright.sync_api import expect, sync_playwright
from prometheus_server import until
from vscode_workbench import CHROMIUM, FLAGS

CODE = "def area(width, height):\n    return width * height\n"
AREA = {"code": CODE, "symbol": "area"}
SITE = "tutor.example.org"
_MIB = 1024 * 1024


@pytest.fixture(scope="module")
def page(deployment: Deployment, isolated_environment: dict[str, str]) -> Iterator[str]:
    """Where a companion listens that asks the API, told the site's name as in compose.yaml."""
    environment = {**isolated_environment, "STREAMLIT_BROWSER_SERVER_ADDRESS": SITE}
    with companion(environment, "--api", deployment.api.url) as url:
        yield urlsplit(url).netloc


@pytest.fixture(scope="module")
def proxy(
    docker: Path, deployment: Deployment, page: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Caddy]:
    api = deployment.api.url.removeprefix("http://")
    upstreams = {"PROCODER_API": api, "PROCODER_COMPANION": page}
    file, folder = docker / "proxy" / "Caddyfile", tmp_path_factory.mktemp("caddy")
    with caddy_server(file, folder, **upstreams) as running:
        yield running


def test_the_main_job_goes_through_it(proxy: Caddy, deployment: Deployment) -> None:
    with (
        proxy.client(deployment.api_key) as learner,
        learner.stream("POST", "/v1/explanations/stream", json=AREA) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [line for line in answer.iter_lines() if line.startswith("event: ")]
    assert events[0] == "event: facts"
    assert events[-1] == "event: done"


def test_batches_go_through_it(proxy: Caddy, deployment: Deployment) -> None:
    with proxy.client(deployment.api_key) as learner:
        begun = learner.post("/v1/batches", files=[("files", ("area.py", CODE))])
        assert begun.is_success
        assert learner.delete(begun.headers["location"]).is_success


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/v1/models", "default-src 'none'; frame-ancestors 'none'"),
        ("/", "default-src 'none'; script-src 'self' blob: 'sha256-"),
    ],
)
def test_answers_carry_security_headers(
    proxy: Caddy, deployment: Deployment, path: str, policy: str
) -> None:
    with proxy.client(deployment.api_key) as learner:
        headers = learner.get(path).headers
    assert headers["content-security-policy"].startswith(policy)
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_operators_paths_are_not_for_the_world(proxy: Caddy, path: str) -> None:
    with proxy.client() as anybody:
        answer = anybody.get(path)
    assert (answer.status_code, answer.text) == (404, "")


@pytest.mark.parametrize(
    ("path", "mib", "status"),
    [
        ("/v1/facts", 15, 422),
        ("/v1/facts", 18, 413),
        ("/v1/batches", 34, 413),
    ],
)
def test_bodies_have_a_limit(
    proxy: Caddy, deployment: Deployment, path: str, mib: int, status: int
) -> None:
    body = json.dumps({"code": "#" * (mib * _MIB)})
    with proxy.client(deployment.api_key) as learner:
        answer = learner.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status


def test_without_tls_there_is_only_a_redirect(proxy: Caddy) -> None:
    answer = httpx2.get(f"http://localhost:{proxy.http_port}/v1/models", trust_env=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == "https://localhost/v1/models"


def test_a_header_that_does_not_end_is_let_go(proxy: Caddy) -> None:
    with (
        socket.create_connection(("localhost", proxy.https_port)) as connection,
        proxy.trusting().wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        secured.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        secured.settimeout(60)
        assert secured.recv(1024) == b""


def test_the_log_holds_neither_keys_nor_searches(proxy: Caddy, deployment: Deployment) -> None:
    with proxy.client(deployment.api_key) as learner:
        assert learner.get("/v1/lessons", params={"q": "closures"}).is_success
    until(lambda: b'"status":200' in proxy.log.read_bytes(), "the request is logged")
    said = proxy.log.read_text()
    assert "closures" not in said
    assert deployment.api_key not in said


def test_a_learner_uses_the_companion_under_its_policy(
    proxy: Caddy, deployment: Deployment
) -> None:
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(ignore_https_errors=True)
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: said.append(message.text))
        tab = Tab(page, proxy.url)
        page.goto(proxy.url)
        page.get_by_label("Key").fill(deployment.api_key)
        page.get_by_label("Key").press("Enter")
        tab.write(CODE)
        tab.press("Explain")
        expect(page.get_by_text("What is certain about")).to_be_visible(timeout=PATIENCE_MS)
        browser.close()
    assert not [text for text in said if "Content Security Policy" in text]
    assert tab.outside == []


@pytest.mark.parametrize(
    ("origin", "status"),
    [(f"https://{SITE}", 101), ("https://elsewhere.example.org", 403)],
)
def test_only_pages_of_the_site_speak_with_the_companion(
    page: str, origin: str, status: int
) -> None:
    upgrade = {
        "Host": SITE,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    with httpx2.stream(
        "GET", f"http://{page}/_stcore/stream", headers=upgrade, trust_env=False
    ) as answer:
        assert answer.status_code == status


def test_the_configuration_is_formatted(docker: Path) -> None:
    file = docker / "proxy" / "Caddyfile"
    formatted = subprocess.run(
        ["caddy", "fmt", "-"], input=file.read_bytes(), capture_output=True, check=True
    )
    assert formatted.stdout == file.read_bytes()
