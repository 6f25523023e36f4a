"""The OpenAPI document holds: schemathesis makes requests of it, and reads the answers.

`make fuzz` sets PROCODER_FUZZ_CASES to run more of them.
"""

import contextlib
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from procoder_model_host.web.app import ROUTES
from procoder_model_host.web.generating import DEADLINE_HEADER

Operations = dict[tuple[str, str], schemathesis.APIOperation[Any, Any, Any, Any]]

CASES = int(os.environ.get("PROCODER_FUZZ_CASES", "200"))
VALID, INVALID = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
FUZZED = [
    ("POST", "/v1/completions", 0.2, VALID),
    ("POST", "/v1/completions", 0.2, INVALID),
    ("POST", "/v1/chat/completions", 0.2, VALID),
    ("POST", "/v1/chat/completions", 0.2, INVALID),
    ("POST", "/v1/tokenize", 0.07, VALID),
    ("POST", "/v1/tokenize", 0.03, INVALID),
    ("POST", "/v1/models/switch", 0.03, VALID),
    ("POST", "/v1/models/switch", 0.02, INVALID),
    ("GET", "/v1/models/{model_id}", 0.05, VALID),
    ("GET", "/v1/models", 0.01, VALID),
    ("GET", "/healthz", 0.01, VALID),
    ("GET", "/readyz", 0.01, VALID),
    ("GET", "/metrics", 0.01, VALID),
    ("GET", "/openapi.json", 0.01, VALID),
]
"""With their share of the cases; not `/v1/leave`, which would end the host."""
LONGEST_ANSWER = 4
"""Tokens."""
TOO_LONG = 2**31
"""Tokens that no request may ask for: such a limit stays as it is, to be refused."""
PATIENCE = 60
"""Seconds that an answer may take, and shortest deadline: 504 for a shorter one would be right.

A chat of 2,000 characters that no vocabulary knows is a token a byte: seconds on a busy machine.
"""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
"""Not positive_data_acceptance: no schema says whether a prompt fits the context window."""


@pytest.fixture(scope="module")
def document(host: Any) -> dict[str, Any]:
    reply: dict[str, Any] = host.client.get("/openapi.json").json()
    return reply


@pytest.fixture(scope="module")
def operations(document: dict[str, Any], host: Any) -> Operations:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=host.address.url)
    found = [result.ok() for result in schema.get_all_operations()]
    return {(operation.method.upper(), operation.path): operation for operation in found}


@pytest.mark.parametrize(("method", "path", "weight", "mode"), FUZZED)
def test_answers_are_as_documented(  # noqa: PLR0913, PLR0917 - a table, and what it runs on
    method: str,
    path: str,
    weight: float,
    mode: schemathesis.GenerationMode,
    operations: Operations,
    host: Any,
) -> None:
    headers = {"Authorization": f"Bearer {host.address.read_token()}"}
    strategy = operations[method, path].as_strategy(generation_mode=mode)

    @settings(
        max_examples=max(int(CASES * weight), 1),
        deadline=None,
        database=None,
        derandomize="PROCODER_FUZZ_CASES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: schemathesis.Case) -> None:
        _shorten(case)
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=PATIENCE)

    ask()


def _shorten(case: schemathesis.Case) -> None:
    """Keep answers short and deadlines far: what is tested is the format."""
    if case.headers is not None and DEADLINE_HEADER in case.headers:
        deadline = case.headers[DEADLINE_HEADER]
        with contextlib.suppress(ValueError):
            if 0 < float(deadline) < PATIENCE:
                case.headers[DEADLINE_HEADER] = str(PATIENCE)
    if not isinstance(case.body, dict):
        return
    limits = ["max_completion_tokens", "max_tokens"]
    for name in limits:
        given_limit = case.body.get(name)
        if isinstance(given_limit, int) and LONGEST_ANSWER < given_limit < TOO_LONG:
            case.body[name] = LONGEST_ANSWER
    if "messages" in case.body and all(case.body.get(name) is None for name in limits):
        case.body["max_tokens"] = LONGEST_ANSWER


def test_every_route_is_documented(document: dict[str, Any]) -> None:
    written = {(m.upper(), p) for p, methods in document["paths"].items() for m in methods}
    assert {(m, p.replace(":path", "")) for m, p, _ in ROUTES} == written


def test_the_document_needs_the_token(host: Any) -> None:
    reply = host.client.get("/openapi.json", headers={"Authorization": "Bearer wrong"})
    assert reply.status_code == 401
