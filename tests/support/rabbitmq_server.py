"""Real RabbitMQ servers on loopback, ended by their tests with the name server they need."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis_server import free_port

_PROGRAMS = Path("/usr/lib/rabbitmq/bin")
"""Where Debian's package has them; those in the path insist on being run as its user."""
_SECONDS = 120


@contextmanager
def rabbitmq_server(folder: Path) -> Iterator[str]:
    """Run a RabbitMQ that keeps nothing; yield its URL once it takes connections."""
    if not (_PROGRAMS / "rabbitmq-server").exists():
        pytest.skip("needs the Debian package rabbitmq-server")
    port = free_port()
    environment = {
        **os.environ,
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(free_port()),
        "RABBITMQ_NODENAME": f"procoder{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    (folder / "plugins").write_text("[].\n")
    with subprocess.Popen(
        [_PROGRAMS / "rabbitmq-server"], env=environment, stdout=subprocess.DEVNULL
    ) as server:
        try:
            _control(
                environment, "wait", "--timeout", str(_SECONDS), environment["RABBITMQ_PID_FILE"]
            )
            yield f"amqp://guest:guest@127.0.0.1:{port}//"
        finally:
            _control(environment, "stop")
            server.wait(_SECONDS)
            subprocess.run(["epmd", "-kill"], env=environment, check=False, capture_output=True)


def _control(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [_PROGRAMS / "rabbitmqctl", *arguments],
        env=environment,
        check=True,
        capture_output=True,
        timeout=_SECONDS + 10,
    )
