"""llama.cpp's server inside the child: what it opens, to whom, and what it leaves behind."""

import contextlib
import http.client
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from procoder_model_host.engines.base import LoadOptions
from procoder_model_host.engines.llama_server import LlamaServer
from procoder_model_host.engines.llamacpp import LlamaCppEngine
from procoder_model_host.errors import EngineError
from procoder_model_host.files.gguf import read_header

Ask = Callable[[str, str], tuple[int, bytes]]


@pytest.fixture(scope="module")
def options(smollm2: Path, tmp_path_factory: pytest.TempPathFactory) -> LoadOptions:
    return LoadOptions(smollm2, read_header(smollm2), tmp_path_factory.mktemp("unused"), 256, 1)


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets of each test in a folder of its own; their paths must stay short."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("t")))


def _sockets() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob("procoder-engine-*/*"))


@pytest.fixture(scope="module")
def server(
    options: LoadOptions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LlamaServer, Path]]:
    """A server and its socket."""
    folder = tmp_path_factory.mktemp("s")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        server = LlamaServer(options, slots=1, batch=32)
    (path,) = folder.glob("procoder-engine-*/*")
    yield server, path
    server.close()


@pytest.fixture
def ask(server: tuple[LlamaServer, Path]) -> Ask:
    """Ask without a key, from a process of the same user."""

    def send(method: str, target: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("localhost")
        with contextlib.closing(connection), socket.socket(socket.AF_UNIX) as connected:
            connected.connect(str(server[1]))
            connection.sock = connected
            connection.request(method, target, "{}" if method == "POST" else None)
            response = connection.getresponse()
            return response.status, response.read()

    return send


@pytest.mark.parametrize(
    "target",
    [
        "/slots",
        "/metrics",
        "/props",
        "/models",
        "/v1/models",
        "/tools",
        "/cors-proxy",
        "/lora-adapters",
        "/v1/stream",
    ],
)
def test_what_it_tells_needs_the_key(ask: Ask, target: str) -> None:
    assert ask("GET", target)[0] == 401


@pytest.mark.parametrize(
    "target",
    [
        "/completion",
        "/v1/completions",
        "/v1/chat/completions",
        "/v1/responses",
        "/v1/messages",
        "/infill",
        "/embedding",
        "/rerank",
        "/tokenize",
        "/detokenize",
        "/apply-template",
        "/props",
        "/lora-adapters",
        "/slots/0?action=erase",
    ],
)
def test_what_it_does_needs_the_key(ask: Ask, target: str) -> None:
    assert ask("POST", target)[0] == 401


@pytest.mark.parametrize("target", ["/", "/index.html"])
def test_there_is_no_page(ask: Ask, target: str) -> None:
    assert ask("GET", target)[0] == 404


def test_without_a_key_it_tells_that_it_lives(ask: Ask) -> None:
    assert ask("GET", "/health") == (200, b'{"status":"ok"}')


def test_no_port_is_open(server: tuple[LlamaServer, Path]) -> None:
    assert server[0].tokenize("x")
    mine = {
        str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()
    }
    listening = [
        line.split()[9]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert not [inode for inode in listening if f"socket:[{inode}]" in mine]


def test_other_users_cannot_enter_its_folder(server: tuple[LlamaServer, Path]) -> None:
    assert server[1].parent.stat().st_mode & 0o077 == 0


def test_it_is_removed(options: LoadOptions) -> None:
    LlamaServer(options, slots=1, batch=32).close()
    assert not _sockets()


def test_what_a_killed_engine_left_is_removed(options: LoadOptions) -> None:
    left = Path(tempfile.mkdtemp(prefix="procoder-engine-"))
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(left / "engine.sock"))
    first = LlamaServer(options, slots=1, batch=32)
    assert not left.exists()
    second = LlamaServer(options, slots=1, batch=32)
    assert first.tokenize("x") == second.tokenize("x")
    first.close()
    second.close()


def test_a_loopback_port_with_a_key_where_there_are_no_unix_sockets(
    options: LoadOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = LlamaServer(options, slots=1, batch=32)
    tokens = expected.tokenize("def add(a, b):")
    expected.close()
    monkeypatch.delattr(socket, "AF_UNIX")
    server = LlamaServer(options, slots=1, batch=32)
    assert server.tokenize("def add(a, b):") == tokens
    server.close()


def test_a_file_that_it_cannot_load(options: LoadOptions, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EngineError, match=r"llama\.cpp cannot load broken\.gguf"):
        LlamaCppEngine(replace(options, path=broken), lambda _: None)
    assert not _sockets()


def test_without_the_library_it_says_what_to_install(
    options: LoadOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(EngineError) as raised:
        LlamaCppEngine(options, lambda _: None)
    assert raised.value.advice == "Install it: pip install 'procoder[llamacpp]'."


def test_memory_decides_how_many_slots(options: LoadOptions) -> None:
    engine = LlamaCppEngine(replace(options, memory_budget=0), lambda _: None)
    assert engine.parallel == 1
    engine.close()
