"""`procoder explain` on the real model, and without any."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = "def area(width, height):\n    return width * height\n"


def explain(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "procoder_cli", "explain", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=170, check=False
    )


@pytest.fixture
def code(tmp_path: Path) -> str:
    path = tmp_path / "shapes.py"
    path.write_text(CODE)
    return str(path)


def test_facts_first_then_prose_then_the_summary(
    isolated_environment: dict[str, str], code: str
) -> None:
    done = explain(isolated_environment, code, "--symbol", "area", "--refresh")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "def area(width, height)"
    assert "Returns width * height (line 2)" in done.stdout
    assert "smollm2-135m · " in lines[-1]
    assert " tokens in " in lines[-1]


def test_json_and_the_second_time_from_the_cache(
    isolated_environment: dict[str, str], code: str
) -> None:
    asked = (code, "--line", "2", "--json")
    explain(isolated_environment, *asked)
    done = explain(isolated_environment, *asked)
    answer = json.loads(done.stdout)
    assert set(answer) == {
        *("facts", "explanation", "blocks", "checks", "model"),
        *("cached", "usage", "timings_ms", "sent"),
    }
    assert "def area(width, height):" in answer["sent"][0]
    assert answer["cached"] is True
    assert answer["model"] == "smollm2-135m"
    assert set(answer["usage"]) == {"prompt_tokens", "cached_tokens", "completion_tokens"}
    assert set(answer["timings_ms"]) == {"facts", "first_token", "total"}
    assert answer["facts"]["name"] == "area"


@pytest.mark.parametrize(("arguments", "code_"), [((), 0), (("--json",), 1)])
def test_without_a_model_the_facts_stand(
    tmp_path: Path, code: str, arguments: tuple[str, ...], code_: int
) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PROCODER_")}
    folders = {
        "PROCODER_DATA_DIR": str(tmp_path / "data"),
        "PROCODER_RUNTIME_DIR": str(tmp_path / "run"),
        "PROCODER_CACHE_PATH": str(tmp_path / "c.sqlite3"),
    }
    done = explain({**inherited, **folders}, code, "--symbol", "area", *arguments)
    assert done.returncode == code_, done.stderr
    assert "width * height" in done.stdout
    if arguments:
        error = json.loads(done.stdout)["error"]
        assert error["advice"] == "Run `procoder models pull smollm2-135m`."
    else:
        assert done.stderr.endswith("Run `procoder models pull smollm2-135m`.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--symbol", "aera"), "Did you mean `area`?"),
        (("--line", "99"), "lines 1 to"),
        (("--level", "guru"), "beginner, intermediate, expert"),
        (("--line", "1", "--symbol", "area"), "Give --line, --lines or --symbol"),
    ],
)
def test_user_errors_say_what_to_do(code: str, arguments: tuple[str, ...], message: str) -> None:
    done = explain(dict(os.environ), code, *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
