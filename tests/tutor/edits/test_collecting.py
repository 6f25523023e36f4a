"""pytest itself collects what is offered; what it does not collect has a reason."""

import subprocess
import sys
from pathlib import Path

import pytest

from procoder_tutor.edits.collecting import Collected, collect_with_pytest
from procoder_tutor.edits.destination import Destination, find_destination
from procoder_tutor.edits.guard_tests import propose_guard_tests
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.symbols import Document, Snapshot

CODE = """def f(xs):
    if not xs:
        raise ValueError('x')
    return 1
"""


def test_pytest_collects_and_runs_what_is_offered(tmp_path: Path) -> None:
    (tmp_path / "bank.py").write_text(CODE)
    destination = find_destination(tmp_path / "bank.py")
    assert isinstance(destination, Destination)
    document = Document.parse(Snapshot(CODE, path=tmp_path / "bank.py"))
    found = propose_guard_tests(document, document.by_name("f"), destination)
    assert isinstance(found, ProposedEdit)
    assert found.new_file is not None
    found.new_file.path.write_text(found.new_file.text)
    collected = collect_with_pytest(found.new_file.path, tmp_path, Path(sys.executable))
    name = "test_bank.py::test_f_raises_value_error_when_xs_is_empty"
    assert collected == Collected((name,))
    run = [sys.executable, "-m", "pytest", "-q", found.new_file.path]
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=False).returncode == 0


NOT_COLLECTED = [
    ("def test_a(): pass\n1 / 0", "ZeroDivisionError: division by zero"),
    ("def check(): pass", "no tests collected"),
    ("def test_a(: pass", "SyntaxError"),
]


@pytest.mark.parametrize(("text", "why"), NOT_COLLECTED)
def test_what_pytest_does_not_collect_has_a_reason(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(text)
    found = collect_with_pytest(tmp_path / "test_x.py", tmp_path, Path(sys.executable))
    assert isinstance(found, Rejected)
    assert why in found.reason


def test_collecting_has_a_limit_of_time(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text("import threading\nthreading.Event().wait()")
    found = collect_with_pytest(tmp_path / "test_x.py", tmp_path, Path(sys.executable), 1)
    assert isinstance(found, Rejected)
    assert "within 1 s" in found.reason
    missing = collect_with_pytest(tmp_path / "test_x.py", tmp_path, tmp_path / "no-python")
    assert isinstance(missing, Rejected)
    assert "could not be started" in missing.reason
