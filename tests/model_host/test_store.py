"""The store: complete or absent, whatever happens on the way; and its command line."""

import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sample_models import write_ggml
from typer.testing import CliRunner

from procoder_cli.models import app
from procoder_model_host.errors import (
    DownloadError,
    ModelFileError,
    ModelNotFoundError,
    StoreError,
)
from procoder_model_host.files.digests import sha256_of
from procoder_model_host.files.gguf_format import ValueType
from procoder_model_host.files.gguf_writer import encode_header
from procoder_model_host.files.model_files import usable_model
from procoder_model_host.files.profile import Overrides
from procoder_model_host.served import find_model
from procoder_model_host.store import store as store_module
from procoder_model_host.store.catalogue import CATALOGUE, DEFAULT_MODEL
from procoder_model_host.store.sources.base import (
    Fetched,
    Progress,
    ProgressListener,
    SourceUnavailableError,
)
from procoder_model_host.store.store import ModelStore

NAME = "general.name"
MODEL = encode_header({NAME: "tiny"}, {NAME: (ValueType.STRING, None)}, (), 32)
DIGEST = f"sha256:{hashlib.sha256(MODEL).hexdigest()}"
ID = "tiny"
ENTRY = replace(CATALOGUE[DEFAULT_MODEL], id=ID, digest=DIGEST, size_bytes=len(MODEL))


@dataclass
class ScriptedSource:
    """Delivers `content` after what the partial file holds; `before` runs first."""

    content: bytes = MODEL
    digest: str | None = None
    before: Callable[[Path], None] = lambda _: None
    fetches: int = 0

    def fetch(self, partial: Path, progress: ProgressListener) -> Fetched:
        self.fetches += 1
        self.before(partial)
        have = partial.stat().st_size if partial.exists() else 0
        with partial.open("ab") as file:
            file.write(self.content[have:])
        progress(Progress("downloading", len(self.content), len(self.content)))
        return Fetched("a script", self.digest)


StoreFactory = Callable[..., ModelStore]


@pytest.fixture
def make_store(tmp_path: Path) -> StoreFactory:
    def make(*sources: ScriptedSource, digest: str | None = DIGEST) -> ModelStore:
        catalogue = {ID: replace(ENTRY, digest=digest)}
        return ModelStore(tmp_path / "models", catalogue=catalogue, sources=lambda _: sources)

    return make


def failing(error: BaseException) -> Callable[[Path], None]:
    def act(_: Path) -> None:
        raise error

    return act


def test_pulls_once(make_store: StoreFactory) -> None:
    source = ScriptedSource()
    store = make_store(source)
    seen: list[Progress] = []

    path = store.pull(ID, seen.append)

    assert path == store.path(ID)
    assert path.read_bytes() == MODEL
    assert store.installed() == (ID,)
    assert store.verify(ID) == store.record(ID)
    assert (store.record(ID).digest, store.record(ID).origin) == (DIGEST, "a script")
    assert seen[-1] == Progress("checking", len(MODEL), len(MODEL))
    assert store.pull(ID) == path
    assert source.fetches == 1
    assert sorted(file.name for file in path.parent.iterdir()) == ["model.gguf", "model.json"]


def test_knows_what_is_not_there(make_store: StoreFactory) -> None:
    store = make_store()
    assert store.installed() == ()
    with pytest.raises(ModelNotFoundError, match="not on this machine") as caught:
        store.path(ID)
    assert caught.value.advice == "Run `procoder models pull tiny`."
    for act in (store.path, store.pull, store.verify, store.remove):
        with pytest.raises(ModelNotFoundError, match=r"no model '\.\./x'"):
            act("../x")
    with pytest.raises(ModelNotFoundError, match="not on this machine"):
        store.remove(ID)


@pytest.mark.parametrize(
    ("content", "announced", "in_catalogue", "text"),
    [
        (MODEL + b"x", None, DIGEST, "has the digest"),
        (MODEL + b"x", DIGEST, None, "has the digest"),
        (b"<html>", None, None, "not a GGUF file"),
        (MODEL[:40], None, None, "ends within"),
    ],
    ids=["catalogue's digest", "source's digest", "no model", "truncated model"],
)
def test_refuses_what_is_not_the_model(
    make_store: StoreFactory,
    content: bytes,
    announced: str | None,
    in_catalogue: str | None,
    text: str,
) -> None:
    store = make_store(ScriptedSource(content, announced), digest=in_catalogue)
    with pytest.raises(DownloadError, match=text):
        store.pull(ID)
    assert store.installed() == ()
    assert not list((store.root / ID).iterdir())


def test_asks_the_sources_in_order(make_store: StoreFactory) -> None:
    absent = ScriptedSource(before=failing(SourceUnavailableError("not here")))
    present, unused = ScriptedSource(), ScriptedSource()
    make_store(absent, present, unused).pull(ID)
    assert (absent.fetches, present.fetches, unused.fetches) == (1, 1, 0)


def test_says_why_no_source_has_it(make_store: StoreFactory) -> None:
    reasons = ("Ollama has no copy", "registry cannot be reached")
    sources = [ScriptedSource(before=failing(SourceUnavailableError(why))) for why in reasons]
    with pytest.raises(DownloadError, match="Ollama has no copy; registry cannot be reached"):
        make_store(*sources).pull(ID)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), DownloadError("broken off")])
def test_an_interrupted_pull_goes_on(make_store: StoreFactory, error: BaseException) -> None:
    def half(partial: Path) -> None:
        partial.write_bytes(MODEL[:20])
        raise error

    def expect_half(partial: Path) -> None:
        assert partial.read_bytes() == MODEL[:20]

    with pytest.raises(type(error)):
        make_store(ScriptedSource(before=half)).pull(ID)
    store = make_store(ScriptedSource(before=expect_half))
    assert store.installed() == ()
    assert store.pull(ID).read_bytes() == MODEL


def test_two_pulls_fetch_once(make_store: StoreFactory) -> None:
    fetching, waiting = threading.Event(), threading.Event()

    def hold(_: Path) -> None:
        fetching.set()
        assert waiting.wait(30)

    def notice(progress: Progress) -> None:
        if progress.stage.startswith("waiting"):
            waiting.set()

    first, second = ScriptedSource(before=hold), ScriptedSource()
    thread = threading.Thread(target=make_store(first).pull, args=(ID,))
    thread.start()
    assert fetching.wait(30)
    path = make_store(second).pull(ID, notice)
    thread.join()
    assert path.read_bytes() == MODEL
    assert (first.fetches, second.fetches) == (1, 0)


@pytest.mark.parametrize(
    ("damaged", "text"),
    [(MODEL[:-1], "digest"), (b"", "digest"), (MODEL.replace(b"tiny", b"tinz"), "digest")],
)
def test_verify_finds_damage(make_store: StoreFactory, damaged: bytes, text: str) -> None:
    store = make_store(ScriptedSource(digest=DIGEST), digest=None)
    store.pull(ID).write_bytes(damaged)
    with pytest.raises(ModelFileError, match=text):
        store.verify(ID)


def test_remove_takes_everything(make_store: StoreFactory) -> None:
    store = make_store(ScriptedSource())
    store.pull(ID)
    store.adapted_dir.mkdir()
    own = store.adapted_dir / f"{DIGEST.removeprefix('sha256:')}-a1.gguf"
    other = store.adapted_dir / f"{'0' * 64}-a1.gguf"
    for copy in (own, other):
        copy.touch()

    store.remove(ID)

    assert store.installed() == ()
    assert not (store.root / ID).exists()
    assert (own.exists(), other.exists()) == (False, True)


def test_a_full_disk_is_said(make_store: StoreFactory) -> None:
    source = ScriptedSource(before=failing(OSError(28, "No space left on device")))
    with pytest.raises(StoreError, match="No space left on device"):
        make_store(source).pull(ID)


def test_a_root_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        ModelStore(tmp_path / "models").pull(DEFAULT_MODEL)


def test_the_catalogue_is_consistent() -> None:
    assert DEFAULT_MODEL in CATALOGUE
    for model, entry in CATALOGUE.items():
        assert model == entry.id
        assert entry.sources
        assert entry.size_bytes < entry.memory_bytes
        assert (entry.kind == "chat") == (entry.chat_template is not None)
        assert entry.digest is None or len(entry.digest) == len(DIGEST)


@pytest.fixture
def run(
    make_store: StoreFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Run `procoder models` on a store that knows one tiny model."""
    source = ScriptedSource()

    def invoke(*arguments: str, error: BaseException | None = None) -> tuple[int, str, str]:
        source.before = (lambda _: None) if error is None else failing(error)
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.stdout, result.stderr

    monkeypatch.setattr(store_module, "ModelStore", lambda: make_store(source))
    return invoke


def test_the_command_line(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    file = tmp_path / "models" / ID / "model.gguf"
    assert run("pull", ID) == (0, "", f"tiny is at {file}\n")
    assert run("path", ID) == (0, f"{file}\n", "")
    assert run("verify", ID) == (0, f"tiny is whole: {DIGEST}, from a script\n", "")
    assert run("rm", ID) == (0, "", "tiny was removed\n")
    code, out, err = run("path", ID)
    assert (code, out) == (1, "")
    assert err == (
        "procoder: the model tiny is not on this machine. Run `procoder models pull tiny`.\n"
    )


def test_a_pull_is_told_in_lines_of_json(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("pull", ID, "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert told
    assert all(line.keys() == {"stage", "done", "total"} for line in told)
    assert [line["stage"] for line in told] == list(dict.fromkeys(line["stage"] for line in told))


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (DownloadError("the download failed: 503", "Pull it again."), 1, "failed: 503. Pull it"),
        (KeyboardInterrupt(), 130, "interrupted. Run the same command"),
        (OSError(13, "Permission denied"), 1, "cannot be written: Permission denied"),
    ],
)
def test_the_command_line_reports_failures(
    run: Callable[..., tuple[int, str, str]], error: BaseException, code: int, text: str
) -> None:
    exit_code, out, err = run("pull", ID, error=error)
    assert (exit_code, out) == (code, "")
    assert err.startswith("procoder: ")
    assert text in err
    assert "Traceback" not in err


def test_lists_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCODER_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["list", "--json"])
    rows = {row["id"]: row for row in json.loads(result.stdout)}
    assert rows.keys() == CATALOGUE.keys()
    assert rows[DEFAULT_MODEL]["default"] is True
    assert rows[DEFAULT_MODEL]["installed"] is False
    table = CliRunner().invoke(app, ["list"]).stdout
    assert all(model in table for model in CATALOGUE)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A model file of the user's."""
    return write_ggml(tmp_path / "My Model.bin", weight_type="Q4_1")


def test_a_file_of_the_users_is_linked_and_outlives_its_removal(
    own: Path, make_store: StoreFactory
) -> None:
    store = make_store()
    path = store.add(own, "mine")
    assert path.samefile(own)
    assert store.installed() == store.added() == ("mine",)
    assert store.path("mine") == path
    assert store.record("mine").origin == str(own)
    assert store.verify("mine").digest == sha256_of(own)

    model = find_model("mine", store)
    copy, _ = usable_model(model.path, store.adapted_dir)
    store.remove("mine")
    assert own.is_file()
    assert not copy.exists()
    assert store.installed() == ()


def test_a_file_on_another_disk_is_linked_by_name(
    own: Path, make_store: StoreFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    store = make_store()
    assert store.add(own, "mine").readlink() == own
    own.rename(own.with_name("moved.bin"))
    with pytest.raises(ModelNotFoundError, match="the file of mine is gone"):
        store.path("mine")
    store.remove("mine")
    assert own.with_name("moved.bin").is_file()
    assert store.installed() == ()


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("tiny", "a model of the catalogue"),
        ("../x", "cannot be an id"),
        ("", "cannot be an id"),
        ("adapted", "cannot be an id"),
        ("taken", "is there already"),
    ],
)
def test_ids_that_cannot_be(own: Path, make_store: StoreFactory, model: str, text: str) -> None:
    store = make_store()
    store.add(own, "taken")
    with pytest.raises(StoreError, match=text):
        store.add(own, model)


@pytest.mark.parametrize("content", [b"<html>", MODEL[:40], b"tjgg" + bytes(60)])
def test_a_file_that_is_no_model_is_not_added(
    make_store: StoreFactory, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(ModelFileError):
        make_store().add(file, "mine")
    with pytest.raises(ModelFileError, match="not a file"):
        make_store().add(tmp_path, "mine")
    assert make_store().installed() == ()


def test_add_show_set_and_remove_on_the_command_line(
    own: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    assert run("add", str(own)) == (0, "", f"{own} is now the model my-model\n")
    shown = json.loads(run("show", "my-model", "--json")[1])
    expected = {
        "id": "my-model",
        "kind": "completion",
        "fim": "code-llama",
        "rope_base": 1_000_000.0,
        "context_length": 16_384,
        "vocabulary": 32_016,
        "quantization": "Q4_1",
        "engine": "ctransformers",
        "corrected": {},
    }
    assert {key: shown[key] for key in expected} == expected
    assert run("set", "my-model", "chat_template=llama2")[0] == 0
    assert run("set", "my-model", "rope_base=10000")[0] == 0
    shown = json.loads(run("show", "my-model", "--json")[1])
    assert (shown["kind"], shown["rope_base"]) == ("chat", 10_000.0)
    assert shown["corrected"] == {"chat_template": "llama2", "rope_base": 10_000.0}
    assert run("set", "my-model", "rope_base=")[0] == 0
    assert re.search(r"rope base +1000000\.0\n", run("show", "my-model")[1])
    code, _, err = run("set", "my-model", "rope_base=fast")
    assert (code, "rope_base cannot be 'fast'" in err) == (1, True)
    assert "my-model" in run("list")[1]
    assert run("rm", "my-model")[0] == 0
    assert own.is_file()


def test_corrections_reach_the_served_model(own: Path, make_store: StoreFactory) -> None:
    store = make_store()
    store.add(own, "mine")
    store.set_overrides("mine", Overrides(chat_template="llama2", rope_base=10_000.0))
    model = find_model("mine", store)
    assert (model.profile.kind, model.chat_template) == ("chat", "llama2")
    assert (model.profile.rope_base, model.overrides.rope_base) == (10_000.0, 10_000.0)
    plain = find_model(str(own), store)
    assert plain.profile.kind == "completion"
    assert plain.digest != model.digest, "what was cached under other settings must not be found"


def test_the_real_default_model_is_whole(model_store: Path) -> None:
    record = ModelStore(model_store / "models").verify(DEFAULT_MODEL)
    assert record.digest == CATALOGUE[DEFAULT_MODEL].digest
