"""The commands around an answer, as a user runs them; none of these needs a model."""

import subprocess
import sys
from pathlib import Path

import pytest

CODE = """\
import os


def total(prices):
    if len(prices) is 0:
        return 0
    return f"sum"
"""


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "procoder_cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def environment(isolated_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {
        **isolated_environment,
        "PROCODER_CONVERSATIONS_PATH": str(tmp_path / "conversations.sqlite3"),
    }


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_bytes(b"\xef\xbb\xbf" + CODE.replace("\n", "\r\n").encode())
    return path


@pytest.mark.parametrize(
    ("line", "old", "new"),
    [("5", "is 0", "== 0"), ("7", 'f"sum"', '"sum"'), ("1", "import os\r\n", "")],
)
def test_a_fix_is_shown_and_then_written(
    environment: dict[str, str], code: Path, line: str, old: str, new: str
) -> None:
    before = code.read_bytes()
    shown = run(environment, "fix", str(code), "--line", line)
    assert shown.returncode == 0, shown.stderr
    assert f"-{old.strip()}" in shown.stdout or f"{new.strip()}" in shown.stdout
    assert code.read_bytes() == before
    written = run(environment, "fix", str(code), "--line", line, "--write")
    assert written.returncode == 0, written.stderr
    assert code.read_bytes() == before.replace(old.encode(), new.encode(), 1)


def test_nothing_to_fix_is_said(environment: dict[str, str], code: Path) -> None:
    done = run(environment, "fix", str(code), "--line", "3")
    assert (done.returncode, done.stdout) == (1, "")
    assert "finds nothing in line 3" in done.stderr


def test_hints_climb_from_call_to_call(environment: dict[str, str], code: Path) -> None:
    texts = [run(environment, "hint", str(code), "--line", "5").stdout for _ in range(5)]
    assert len(set(texts)) == 5
    assert "Ask again for the region." in texts[0]
    assert "len(prices) == 0" in texts[4]


def test_lessons_are_found_by_id_and_by_words(environment: dict[str, str]) -> None:
    assert "closure" in run(environment, "lesson").stdout
    assert run(environment, "lesson", "closure").stdout.startswith("# Closure")
    found = run(environment, "lesson", "remembers", "enclosing", "variables")
    assert found.stdout.startswith("# Closure")
    assert run(environment, "lesson", "zzz").returncode == 1


def test_an_empty_history(environment: dict[str, str]) -> None:
    assert run(environment, "history", "list").stdout == ""
    assert run(environment, "history", "delete", "--all").stdout == "Deleted 0.\n"
    missing = run(environment, "history", "export", "nothing")
    assert missing.returncode == 1
    assert "Begin a new one" in missing.stderr
