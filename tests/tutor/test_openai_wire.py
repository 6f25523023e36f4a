"""Other servers' model lists and errors, as they send them."""

from typing import Any

import pytest

from procoder_protocol.errors import ErrorCode
from procoder_tutor import openai_wire as wire
from procoder_tutor.errors import BackendError, BackendRefusedError, BackendUnavailableError


@pytest.mark.parametrize(
    ("card", "window"),
    [
        ({}, 2048),
        ({"max_model_len": 1024}, 1024),
        ({"max_model_len": 131_072}, 8192),
        ({"max_model_len": None, "meta": None}, 2048),
        ({"meta": {"n_ctx": 4096, "n_ctx_train": 8192}}, 4096),
        ({"meta": {"n_ctx": "many"}}, 2048),
        ({"max_model_len": 512, "procoder": {"context_window": 700}}, 700),
    ],
)
def test_context_windows(card: dict[str, Any], window: int) -> None:
    info = wire.choose({"data": [{"id": "m", **card}]}, "another")
    assert (info.id, info.context_window) == ("m", window)
    assert info.digest == "id:62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"


@pytest.mark.parametrize(
    ("status", "error", "kind", "code"),
    [
        (401, {"code": "unauthorized"}, BackendRefusedError, ErrorCode.UNAUTHORIZED),
        (401, {"code": 401, "type": "authentication_error"}, BackendRefusedError, "unauthorized"),
        (401, {"code": "invalid_api_key"}, BackendRefusedError, "unauthorized"),
        (403, {}, BackendRefusedError, "unauthorized"),
        (404, {"code": 404, "type": "not_found_error"}, BackendRefusedError, "404"),
        (404, {"code": "model_not_found"}, BackendRefusedError, "model_not_found"),
        (
            400,
            {"code": 400, "type": "exceed_context_size_error"},
            BackendRefusedError,
            "context_length_exceeded",
        ),
        (503, {"code": 503, "type": "unavailable_error"}, BackendRefusedError, "engine_loading"),
        (429, {"code": "rate_limit_exceeded"}, BackendUnavailableError, None),
        (503, {"code": "host_leaving"}, BackendUnavailableError, None),
        (500, {"code": None}, BackendRefusedError, "500"),
    ],
)
def test_refusals(
    status: int, error: dict[str, Any], kind: type[BackendError], code: str | None
) -> None:
    refusal = wire.refusal({"error": {"message": "no", **error}}, status)
    assert type(refusal) is kind
    assert getattr(refusal, "code", None) == code
    assert str(refusal) == "no"
    assert refusal.advice


@pytest.mark.parametrize("body", [None, [], "no", {"error": "no"}, {"detail": "no"}])
def test_refusals_without_an_error_object(body: object) -> None:
    assert str(wire.refusal(body, 418)) == "The model host answered with status 418"


@pytest.mark.parametrize(
    ("timings", "milliseconds"),
    [(None, None), ({}, None), ({"decode_ms": 4}, 4.0), ({"predicted_ms": 5.5}, 5.5)],
)
def test_decode_times(timings: dict[str, float] | None, milliseconds: float | None) -> None:
    found = wire.milliseconds({"timings": timings}, "decode_ms", "predicted_ms")
    assert found == milliseconds
