"""A process that is killed loses at most the turn it was writing."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from procoder_tutor.conversations import ConversationStore
from procoder_tutor.settings import ConversationSettings

APPENDER = Path(__file__).parents[2] / "support" / "turn_appender.py"
KILLS = 4


async def test_every_acknowledged_turn_survives_kills(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite3"
    acknowledged: set[str] = set()
    for round_ in range(KILLS):
        acknowledged |= _append_until_killed(path, [f"{round_}a", f"{round_}b"], turns=5 + round_)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store = ConversationStore(ConversationSettings(path=path))
    begun = await store.of().open_for("file:///shared.py")
    kept = [turn.text.split()[0] for turn in await store.of().turns(begun.id)]
    found = {hit.turn.text.split()[0] for hit in await store.of().search("answer", limit=10_000)}
    await store.aclose()
    assert len(kept) == len(set(kept))
    assert acknowledged <= set(kept)
    assert len(kept) <= len(acknowledged) + 2 * KILLS
    assert found == set(kept)


def _append_until_killed(path: Path, names: list[str], *, turns: int) -> set[str]:
    """Let two processes write at once, kill both in the middle, return what they acknowledged."""
    processes = [
        subprocess.Popen(
            [sys.executable, str(APPENDER), str(path), name], stdout=subprocess.PIPE, text=True
        )
        for name in names
    ]
    acknowledged: set[str] = set()
    for process in processes:
        assert process.stdout is not None
        acknowledged |= {process.stdout.readline().strip() for _ in range(turns)}
    for process in processes:
        process.kill()
    for process in processes:
        rest, _ = process.communicate()
        # A line cut by the kill acknowledges nothing.
        acknowledged |= {
            line.strip() for line in rest.splitlines(keepends=True) if line[-1] == "\n"
        }
    return acknowledged
