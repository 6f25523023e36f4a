"""A host that is killed in the middle is an error for whoever waits, and then forgotten.

`make soak` kills many, and says how long each took.
"""

from host_kills import CAPABILITIES, kills
from server_process import running_server

KILLS = 3


async def test_killed_hosts(isolated_environment, host) -> None:
    starts_none = {**isolated_environment, "PROCODER_HOST_START": "false"}
    async with running_server(isolated_environment) as owner, running_server(starts_none) as guest:
        await owner.initialize(CAPABILITIES)
        await guest.initialize(CAPABILITIES)
        seen = [kill.during async for kill in kills(owner, guest, host, KILLS)]
        assert seen == ["explanation", "hover", "explanation"]
        assert [await owner.leave(), await guest.leave()] == [0, 0]
