"""Asking pytest itself whether it collects a test file.

Collecting imports the tests, and they import the user's module: it runs code. Call this only
when the user asked for it.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from procoder_tutor.edits.model import Rejected

DEFAULT_TIMEOUT = 30.0
"""Seconds."""
_NODE_ID = re.compile(r"\S+\.py::\w")
_MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Collected:
    """The tests that pytest found."""

    tests: tuple[str, ...]
    """Node ids, e.g. `tests/test_bank.py::test_merge`; none where pytest's options hide them."""


def collect_with_pytest(
    path: Path, folder: Path, interpreter: Path, timeout: float = DEFAULT_TIMEOUT
) -> Collected | Rejected:
    """Let pytest collect a file, from a folder and with the interpreter of the user's project.

    `timeout` is in seconds. No test function is called, but the modules are imported.
    """
    options = ["--collect-only", "-q", "--no-header", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(  # noqa: S603 (the user's own interpreter, asked for by the user)
            [interpreter, "-m", "pytest", *options, path],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Rejected(f"pytest did not finish collecting within {timeout:.0f} s.")
    except OSError as error:
        return Rejected(f"pytest could not be started: {error.strerror}.")
    output = done.stdout.decode(errors="replace")
    if done.returncode == 0:
        return Collected(tuple(line for line in output.splitlines() if _NODE_ID.match(line)))
    said = output.strip() or done.stderr.decode(errors="replace")
    return Rejected(f"pytest collects nothing: {_reason(said)}")


def _reason(output: str) -> str:
    """The line that says most: the error at the end of a traceback, else the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("E").strip() for line in lines if line.startswith("E  ")]
    return (errors or lines or ["it said nothing"])[-1][:_MAX_REASON]
