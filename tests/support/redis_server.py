"""Real Redis servers on loopback, ended by their tests."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def redis_server(
    folder: Path, port: int, *options: str, port_option: str = "--port"
) -> Iterator[subprocess.Popen[str]]:
    """Run a Redis that keeps nothing; it is ready when the context is entered."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs the Debian package redis-server")
    command = [program, port_option, str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        _wait_until_ready(process)
        yield process
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ready to accept connections" in line:
            return
    raise AssertionError("".join(said))
