"""The real Caddy with the configuration of docker/proxy, before a real API and a Streamlit page."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from caddy_server import Caddy, caddy_server
from deployment import Deployment
from playwright.sync_api import expect, sync_playwright
from prometheus_server import until
from redis_server import free_port
from vscode_workbench import CHROMIUM, FLAGS

CODE = "def area(width, height):\n    return width * height\n"
AREA = {"code": CODE, "symbol": "area"}
PAGE = '''
import streamlit as st
from streamlit.components.v2 import component

show = component("test.show", html="<p>…</p>", js="""
export default ({ parentElement }) => {
    parentElement.querySelector("p").textContent = "a component runs"
}
""")
st.title("A page")
if word := st.text_input("Word"):
    st.markdown(f"It says `{word}`")
st.code("print('hello')", language="python")
show()
'''
_MIB = 1024 * 1024


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Streamlit page with what the companion uses: widgets, Markdown, code, a component."""
    script, port = tmp_path_factory.mktemp("page") / "page.py", free_port()
    script.write_text(PAGE, encoding="utf-8")
    flags = {
        "server.headless": "true",
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(script)]
    command += [f"--{name}={value}" for name, value in flags.items()]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: _answers(f"http://127.0.0.1:{port}/_stcore/health"), "the page is there")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        return httpx2.get(url, trust_env=False).is_success
    except httpx2.TransportError:
        return False


@pytest.fixture(scope="module")
def proxy(
    docker: Path, deployment: Deployment, page: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Caddy]:
    api = deployment.api.url.removeprefix("http://")
    upstreams = {"PROCODER_API": api, "PROCODER_BATCHES": api, "PROCODER_COMPANION": page}
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


def test_a_browser_runs_the_page_under_the_policy(proxy: Caddy) -> None:
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page(ignore_https_errors=True)
        page.set_default_timeout(60_000)
        page.on("console", lambda message: said.append(message.text))
        page.goto(proxy.url)
        expect(page.get_by_text("a component runs")).to_be_visible(timeout=60_000)
        page.get_by_label("Word").fill("closure")
        page.get_by_label("Word").press("Enter")
        expect(page.get_by_text("It says closure")).to_be_visible(timeout=60_000)
        browser.close()
    assert not [text for text in said if "Content Security Policy" in text]


def test_the_configuration_is_formatted(docker: Path) -> None:
    file = docker / "proxy" / "Caddyfile"
    formatted = subprocess.run(
        ["caddy", "fmt", "-"], input=file.read_bytes(), capture_output=True, check=True
    )
    assert formatted.stdout == file.read_bytes()
