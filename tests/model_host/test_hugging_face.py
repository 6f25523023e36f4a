"""Files in Hugging Face's layout: its cache, and a loopback hub that redirects to storage."""

import hashlib
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from procoder_model_host.errors import DownloadError, StoreError
from procoder_model_host.files.gguf_format import ValueType
from procoder_model_host.files.gguf_writer import encode_header
from procoder_model_host.store.catalogue import CATALOGUE, HubFile
from procoder_model_host.store.sources import http as http_module
from procoder_model_host.store.sources.base import Progress, SourceUnavailableError
from procoder_model_host.store.sources.http import Downloader, digest_note, new_client
from procoder_model_host.store.sources.hugging_face import HubCacheSource, HubSource, hub_cache
from procoder_model_host.store.sources.known import sources_of
from procoder_model_host.store.store import ModelStore

FILE = HubFile("TheBloke/CodeLlama-7B-GGML", "codellama-7b.ggmlv3.Q4_1.bin")
NAME = "general.name"
HEADER = encode_header({NAME: "x" * 500_000}, {NAME: (ValueType.STRING, None)}, (), 32)
MODEL = HEADER + bytes(range(256)) * 2_000
HEX = hashlib.sha256(MODEL).hexdigest()
RESOLVE = f"/{FILE.repository}/resolve/main/{FILE.name}"
STORAGE = "/storage/signed"


@dataclass
class Hub:
    """What the hub holds, how it misbehaves, and what it was asked."""

    url: str = ""
    content: bytes = MODEL
    linked: dict[str, str] = field(
        default_factory=lambda: {"X-Linked-Etag": f'"{HEX}"', "X-Linked-Size": str(len(MODEL))}
    )
    renamed: bool = False
    troubles: list[Callable[["Handler"], None]] = field(default_factory=list)
    """Each answers one request to the storage in place of the server."""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)

    def ranges(self) -> list[str | None]:
        return [given for method, path, given in self.asked if (method, path) == ("GET", STORAGE)]


class Handler(http.server.BaseHTTPRequestHandler):
    hub: Hub

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.hub.asked.append((self.command, self.path, self.headers["Range"]))
        if self.path == RESOLVE and self.hub.renamed:
            self.answer(307, {"Location": f"/renamed{RESOLVE}"})
        elif self.path.endswith(RESOLVE):
            self.answer(302, {"Location": self.hub.url + STORAGE, **self.hub.linked})
        elif self.path == STORAGE and self.hub.troubles:
            self.hub.troubles.pop(0)(self)
        elif self.path == STORAGE:
            self.serve(len(self.hub.content))
        else:
            self.answer(404)

    def serve(self, end: int) -> None:
        """Send the content up to `end`, though the whole rest is announced."""
        content = self.hub.content
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        start = int(wanted[1]) if wanted else 0
        span = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        length = {"Content-Length": str(len(content) - start)}
        headers = length | (span if start else {})
        self.answer(206 if start else 200, headers, content[start:end])

    def answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    state = Hub()
    handler = type("BoundHandler", (Handler,), {"hub": state})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def source(hub: Hub, pauses: list[float]) -> Iterator[HubSource]:
    with new_client() as client:
        yield HubSource(FILE, hub.url, Downloader(client, pauses.append))


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "model.partial"


def ignore(_: Progress) -> None:
    """Show nothing."""


def test_follows_the_hub_to_its_storage(hub: Hub, source: HubSource, partial: Path) -> None:
    seen: list[Progress] = []
    fetched = source.fetch(partial, seen.append)
    assert fetched.digest == f"sha256:{HEX}"
    assert partial.read_bytes() == MODEL
    assert seen[-1] == Progress("downloading", len(MODEL), len(MODEL))
    assert [path.name for path in partial.parent.iterdir()] == [partial.name]
    assert hub.asked[0] == ("HEAD", RESOLVE, None)


def test_follows_a_renamed_repository(hub: Hub, source: HubSource, partial: Path) -> None:
    hub.renamed = True
    assert source.fetch(partial, ignore).digest == f"sha256:{HEX}"
    assert ("HEAD", f"/renamed{RESOLVE}", None) in hub.asked


def test_goes_on_within_and_after_a_pull(hub: Hub, source: HubSource, partial: Path) -> None:
    def busy(handler: Handler) -> None:
        handler.answer(503)

    def cut(handler: Handler) -> None:
        handler.serve(600_000)
        handler.close_connection = True

    hub.troubles = [cut, busy, busy, busy, busy]
    with pytest.raises(DownloadError, match="503"):
        source.fetch(partial, ignore)
    assert partial.stat().st_size == 600_000
    source.fetch(partial, ignore)
    assert partial.read_bytes() == MODEL
    assert hub.ranges() == [None, *["bytes=600000-"] * 5]


def test_the_beginning_of_another_file_is_not_gone_on_with(
    hub: Hub, source: HubSource, partial: Path
) -> None:
    partial.write_bytes(b"x" * 1000)
    digest_note(partial).write_text(f"sha256:{'0' * 64}")
    source.fetch(partial, ignore)
    assert partial.read_bytes() == MODEL
    assert hub.ranges() == [None]


def test_a_busy_hub_is_asked_again(
    hub: Hub, source: HubSource, partial: Path, pauses: list[float]
) -> None:
    hub.troubles = [lambda handler: handler.answer(429, {"Retry-After": "7"})]
    source.fetch(partial, ignore)
    assert pauses == [7.0]


@pytest.mark.parametrize(
    ("linked", "text"),
    [({}, "names no digest"), ({"X-Linked-Etag": '"../../x"'}, "names no digest")],
)
def test_a_file_without_a_digest_is_left(
    hub: Hub, source: HubSource, partial: Path, linked: dict[str, str], text: str
) -> None:
    hub.linked = linked
    with pytest.raises(SourceUnavailableError, match=text):
        source.fetch(partial, ignore)
    assert not partial.exists()


def test_an_absent_file_is_left_to_the_next_source(hub: Hub, partial: Path) -> None:
    with new_client() as client, pytest.raises(SourceUnavailableError, match="404"):
        HubSource(HubFile("no/such", "file"), hub.url, Downloader(client)).fetch(partial, ignore)


def test_a_full_disk_is_said_before_the_first_byte(
    source: HubSource, partial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, size: int) -> None:
        assert (folder, size) == (partial.parent, len(MODEL))
        raise StoreError("1 MB free")

    monkeypatch.setattr(http_module, "require_space", refuse)
    with pytest.raises(StoreError, match="1 MB free"):
        source.fetch(partial, ignore)
    assert not partial.exists()


@pytest.mark.parametrize("spoil", [lambda c: c[:-5] + b"wrong", lambda c: c[:-5]])
def test_the_store_refuses_what_has_not_the_digest(
    hub: Hub, source: HubSource, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    hub.content = spoil(MODEL)
    entry = CATALOGUE["7b-code-q4_1"]
    store = ModelStore(tmp_path, catalogue={entry.id: entry}, sources=lambda _: [source])
    with pytest.raises(DownloadError, match="has the digest"):
        store.pull(entry.id)
    assert store.installed() == ()
    hub.content = MODEL
    assert store.pull(entry.id).read_bytes() == MODEL


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache as huggingface_hub leaves it: a snapshot's name links to the blob."""
    folder = tmp_path / "hub" / "models--TheBloke--CodeLlama-7B-GGML"
    (folder / "blobs").mkdir(parents=True)
    (folder / "blobs" / HEX).write_bytes(MODEL)
    snapshot = folder / "snapshots" / "0123abcd"
    snapshot.mkdir(parents=True)
    (snapshot / FILE.name).symlink_to(f"../../blobs/{HEX}")
    return tmp_path / "hub"


def test_takes_what_the_cache_has(cache: Path, partial: Path) -> None:
    fetched = HubCacheSource(FILE, cache).fetch(partial, ignore)
    blob = cache / "models--TheBloke--CodeLlama-7B-GGML" / "blobs" / HEX
    assert fetched.digest == f"sha256:{HEX}"
    assert partial.samefile(blob)
    assert not partial.is_symlink()


def test_copies_from_a_cache_on_another_disk(
    cache: Path, partial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    HubCacheSource(FILE, cache).fetch(partial, ignore)
    assert partial.read_bytes() == MODEL
    assert not partial.is_symlink()


def test_an_empty_or_dangling_cache_is_no_source(cache: Path, partial: Path) -> None:
    with pytest.raises(SourceUnavailableError, match="no copy"):
        HubCacheSource(HubFile("no/such", "file"), cache).fetch(partial, ignore)
    (cache / "models--TheBloke--CodeLlama-7B-GGML" / "blobs" / HEX).unlink()
    with pytest.raises(SourceUnavailableError, match="no copy"):
        HubCacheSource(FILE, cache).fetch(partial, ignore)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HF_HUB_CACHE": "/a"}, Path("/a")),
        ({"HF_HOME": "/b"}, Path("/b/hub")),
        ({"HOME": "/c"}, Path("/c/.cache/huggingface/hub")),
    ],
)
def test_finds_the_cache(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: Path
) -> None:
    for name in ("HF_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert hub_cache() == expected


def test_code_llama_is_sought_here_first() -> None:
    kinds = [type(source).__name__ for source in sources_of(CATALOGUE["7b-code-q4_1"])]
    assert kinds == ["LocalOllamaSource", "HubCacheSource", "OllamaRegistrySource", "HubSource"]
