"""One real host for the contract tests, seen through other people's clients."""

import subprocess
import sys
from collections.abc import Iterator

import openai
import pytest

from procoder_protocol.discovery import HostAddress


@pytest.fixture(scope="session")
def address(isolated_environment: dict[str, str]) -> Iterator[HostAddress]:
    """A ready `procoder host`, started as any client would start it."""
    command = [sys.executable, "-P", "-m", "procoder_cli", "host", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=isolated_environment
    ) as process:
        assert process.stdout is not None
        yield HostAddress.from_json(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="session")
def client(address: HostAddress) -> Iterator[openai.OpenAI]:
    """The official client; without retries, so that errors show."""
    with openai.OpenAI(
        base_url=f"{address.url}/v1", api_key=address.read_token(), max_retries=0, timeout=60
    ) as client:
        yield client
