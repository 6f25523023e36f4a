"""Log lines: what they hold, and what they never hold."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from procoder_http.json_logs import (
    REQUEST_ID,
    HumanFormatter,
    JsonFormatter,
    LogFormat,
    configure_logging,
    request_id,
)


@pytest.fixture
def root_logging() -> Iterator[None]:
    """Leave the handlers of the tests' own process as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "given", [b"a", b"trace-1.2:3_4", b"0f8fad5b-d9cb-469f-a165-70867728950e", b"x" * 64]
)
def test_sane_ids_are_kept(given: bytes) -> None:
    assert request_id(given) == given.decode()


@pytest.mark.parametrize("given", [None, b"", b"a b", b"a\nb", b"a\n", b"\xe9", b'"', b"x" * 65])
def test_other_ids_are_replaced(given: bytes | None) -> None:
    assert request_id(given).startswith("req-")
    assert request_id(given) != request_id(given)


def _raised() -> logging.LogRecord:
    try:
        raise ValueError("def secret(): pass")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    return logging.LogRecord("x", logging.ERROR, __file__, 1, "it broke:\n%s", ("why",), info)


@pytest.mark.parametrize("formatter", [JsonFormatter(), HumanFormatter("procoder host")])
def test_a_trace_names_places_but_no_content(formatter: logging.Formatter) -> None:
    text = formatter.format(_raised())
    assert "secret" not in text
    assert "builtins.ValueError" in text
    assert "test_json_logs.py" in text


@pytest.mark.parametrize(
    ("log_format", "lines"), [("json", 2), ("human", 1)], ids=["json", "human"]
)
def test_lines(log_format: LogFormat, lines: int, root_logging: None) -> None:
    stream = io.StringIO()
    configure_logging(log_format, "procoder host", stream)
    token = REQUEST_ID.set("req-1")
    log = logging.getLogger("procoder_model_host.x")
    log.info("done\nhere", extra={"status": 200})
    log.warning("look")
    REQUEST_ID.reset(token)
    written = stream.getvalue().splitlines()
    assert len(written) == lines
    if log_format == "json":
        first = json.loads(written[0])
        assert first.pop("time").endswith("+00:00")
        assert first == {
            "level": "info",
            "logger": "procoder_model_host.x",
            "message": "done\nhere",
            "request_id": "req-1",
            "status": 200,
        }
    else:
        assert written == ["procoder host: WARNING look [req-1]"]
