"""The OpenAPI document holds: schemathesis makes requests of it, and reads the answers.

`PROCODER_FUZZ_CASES` makes it ask more.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from running_api import Api, running_api
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

CASES = int(os.environ.get("PROCODER_FUZZ_CASES", "10"))
"""Of each route and mode."""
VALID, INVALID = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
"""Not positive_data_acceptance: no schema says whether a symbol is in the code."""


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API in a loop and a thread of its own: schemathesis asks without one."""
    started: list[Api] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with running_api(tmp_path_factory.mktemp("api")) as running:
            await running.client("ada", scopes=None)
            started.append(running)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(30)
    with ExitStack() as leaving:
        leaving.callback(thread.join)
        leaving.callback(done.set)
        yield started[0]


@pytest.fixture(scope="module")
def headers(api: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {next(iter(api.secrets.values()))}"}


@pytest.fixture(scope="module")
def document(api: Api, headers: dict[str, str]) -> dict[str, Any]:
    reply = httpx2.get(f"{api.url}/openapi.json", headers=headers, trust_env=False)
    found: dict[str, Any] = reply.json()
    return found


def test_answers_are_as_documented(
    api: Api, headers: dict[str, str], document: dict[str, Any]
) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=api.url)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert operations
    for operation in operations:
        for mode in (VALID, INVALID):
            if mode is INVALID and not operation.body:  # unknown parameters are ignored
                continue
            _ask(operation.as_strategy(generation_mode=mode), headers)


def _ask(strategy: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize="PROCODER_FUZZ_CASES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    ask()


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for methods in document["paths"].values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert bodies
    for reference in bodies:
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        assert schema["examples"], reference
