"""Logs keep code out: templates of libraries, types and places of exceptions."""

import logging
import sys

import pytest

from procoder_server.logs import PrivateFormatter

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
