"""`procoder facts` and `procoder lint` as their users run them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CODE = "import os\n\ndef f(items):\n    items.sort()\n    return len(items)\n"


def run(*arguments: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "procoder_cli", *arguments]
    return subprocess.run(command, input=text, capture_output=True, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sample.py"
    path.write_text(CODE)
    return path


@pytest.mark.parametrize(
    "selector", [("--line", "4"), ("--symbol", "f"), ("--budget", "0", "--line", "5")]
)
def test_facts(file: Path, selector: tuple[str, ...]) -> None:
    done = run("facts", str(file), *selector)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["name"], facts["return_type"], facts["mutates"][0]["how"]) == (
        "f", "int", "calls .sort()",
    )  # fmt: skip
    expected = {
        "name", "kind", "signature", "parameters", "returns", "raises", "yields", "mutates",
        "calls", "recursion", "concepts", "links",
    }  # fmt: skip
    assert expected <= facts.keys()
    assert facts["complete"] is ("--budget" not in selector)


def test_facts_of_a_module_from_standard_input() -> None:
    done = run("facts", "-", "--budget", "0", text=b"# coding: latin-1\ndef f(a='\xe9'): ...\n")
    assert json.loads(done.stdout)["members"] == ["f"]


def test_lint(file: Path) -> None:
    done = run("lint", str(file))
    assert done.returncode == 1
    assert done.stdout.decode() == f"{file}:1:8: F401 'os' imported but unused\n"
    assert json.loads(run("lint", str(file), "--json").stdout)[0]["rule"] == "UnusedImport"
    assert run("lint", "-", text=b"x = 1\n").returncode == 0


REFUSED = [
    ("facts", ["missing.py"], None, 1, "There is no file missing.py"),
    ("facts", ["-", "--symbol", "g"], b"def f(): ...", 1, "There is no `g`"),
    ("facts", ["-", "--line", "9"], b"x", 1, "lines 1 to 1"),
    ("facts", ["-", "--line", "1", "--symbol", "f"], b"x", 1, "--line, --lines or --symbol"),
    ("lint", ["."], None, 2, "is a folder"),
    ("lint", ["-"], b"# coding: nope\n", 2, "unknown encoding"),
    ("lint", ["-"], b"x = 1\ny = '\xff'\n", 2, "line 2"),
    ("lint", ["-"], b"x=1\n" * 1_250_000, 2, "longer than 1,000,000"),
    ("lint", ["-"], b"x=1\n" * 300_000, 2, "more than 1,000,000"),
]


@pytest.mark.parametrize(("command", "arguments", "text", "status", "message"), REFUSED)
def test_what_cannot_be_read_is_said_without_a_traceback(
    command: str, arguments: list[str], text: bytes | None, status: int, message: str
) -> None:
    done = run(command, *arguments, text=text or b"")
    stderr = done.stderr.decode()
    assert done.returncode == status
    assert stderr.startswith("procoder: ")
    assert message in stderr
    assert "Traceback" not in stderr
