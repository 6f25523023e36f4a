"""The API's own file: answers to repeated requests, and batches; several processes may share it."""

from pathlib import Path

from procoder_tutor.durable import DurableFile
from procoder_tutor.settings import Settings
from procoder_tutor.sqlite_files import IN_MEMORY

_MIGRATIONS = (
    (
        """
        CREATE TABLE replies (
            key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, began REAL NOT NULL, sealed BLOB
        ) WITHOUT ROWID
        """,
        "CREATE INDEX replies_began ON replies (began)",
        """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            title TEXT NOT NULL,
            level TEXT NOT NULL,
            language TEXT NOT NULL,
            created REAL NOT NULL,
            cancelled INTEGER NOT NULL DEFAULT 0
        )
        """,
        "CREATE INDEX batches_owner ON batches (owner, created, id)",
        """
        CREATE TABLE files (
            batch TEXT NOT NULL REFERENCES batches, number INTEGER NOT NULL,
            name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (batch, number)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE items (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            batch TEXT NOT NULL REFERENCES batches,
            file INTEGER NOT NULL,
            symbol TEXT NOT NULL,
            line INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            lease TEXT NOT NULL DEFAULT '',
            until REAL NOT NULL DEFAULT 0,
            announced REAL NOT NULL DEFAULT 0,
            markdown TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT ''
        )
        """,
        "CREATE INDEX items_batch ON items (batch, id)",
        "CREATE INDEX items_state ON items (state, until, id)",
    ),
)
"""Times are in seconds since 1970."""
_NAME = "api.sqlite3"


def state_path(settings: Settings) -> Path:
    """Return where the file lies: beside the conversations, or in memory like them."""
    conversations = settings.conversations.path
    return IN_MEMORY if conversations == IN_MEMORY else conversations.with_name(_NAME)


class ApiState(DurableFile):
    """The API's own file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _MIGRATIONS, "The API's state")
