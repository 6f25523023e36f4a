"""`procoder lsp --socket`: the editor listens, the server connects; who does not listen is told."""

import asyncio
import socket

import pytest
from server_process import COMMAND, PATIENCE, running_server


async def test_a_session_over_tcp(without_model) -> None:
    async with running_server(without_model, socket=True) as server:
        await server.initialize()
        server.open("file:///nowhere/a.py", "def add(a, b):\n    return a + b\n")
        assert "add(a, b)" in await server.hover("file:///nowhere/a.py", 0, 5)
        assert await server.leave() == 0


@pytest.mark.parametrize(("hangs_up", "code"), [(b"", 0), (b"Content-Length: 9\r\n\r\n{}", 1)])
async def test_an_editor_that_goes_away(hangs_up, code, without_model) -> None:
    async with running_server(without_model, socket=True) as server:
        await server.initialize()
        server.write(hangs_up)
        server.hang_up()
        assert await server.wait() == code


async def test_nobody_listens(without_model) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--socket", port, stderr=pipe, env=without_model
    )
    async with asyncio.timeout(PATIENCE):
        _, errors = await process.communicate()
    assert process.returncode == 1
    assert f"no editor listens on port {port}" in errors.decode()
    assert b"Traceback" not in errors
