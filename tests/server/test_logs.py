"""Logs keep code out: templates of libraries, types and places of exceptions."""

import logging
import sys

import pytest

from procoder_server import logs
from procoder_server.logs import PrivateFormatter, configure_logging

SECRET = "password = 'hunter2'"


def record(name: str, *, fault: bool = False) -> logging.LogRecord:
    info = None
    if fault:
        try:
            raise ValueError(SECRET)
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, __file__, 1, "got %s", (SECRET,), info)


@pytest.mark.parametrize("name", ["pygls.protocol", "asyncio", "procoder_x"])
def test_exceptions_show_their_type_and_place_only(name: str) -> None:
    made = record(name, fault=True)
    made.args = ("it",)
    text = PrivateFormatter().format(made)
    assert SECRET not in text
    assert "ValueError in test_logs.py" in text


def test_arguments_of_libraries_are_left_out() -> None:
    text = PrivateFormatter().format(record("pygls.protocol"))
    assert "got %s" in text
    assert SECRET not in text


def test_a_log_file_is_rotated(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 300)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure_logging("info", tmp_path / "lsp.log")
        for number in range(40):
            logging.getLogger("procoder_server.test").info("line %d", number)
        (handler,) = root.handlers
        handler.close()
    finally:
        root.handlers[:], root.level = before
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["lsp.log", "lsp.log.1", "lsp.log.2", "lsp.log.3"]
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 300
    assert "line 39" in (tmp_path / "lsp.log").read_text()
