"""Tables of the conversations' file, and the index that searches them where SQLite has FTS5."""

import sqlite3

MIGRATIONS = (
    (
        """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            document TEXT,
            title TEXT NOT NULL,
            created TEXT NOT NULL,
            changed TEXT NOT NULL
        )
        """,
        "CREATE INDEX conversations_changed ON conversations (owner, changed, id)",
        "CREATE INDEX conversations_document ON conversations (owner, document)",
        """
        CREATE TABLE turns (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation TEXT NOT NULL REFERENCES conversations,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            kind TEXT NOT NULL,
            level TEXT NOT NULL,
            language TEXT NOT NULL,
            symbol TEXT NOT NULL,
            code_digest TEXT NOT NULL,
            checks TEXT NOT NULL,
            model TEXT NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            created TEXT NOT NULL
        )
        """,
        "CREATE INDEX turns_conversation ON turns (conversation, number)",
    ),
    (
        """
        CREATE TABLE notes (
            owner TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner, name)
        ) WITHOUT ROWID
        """,
    ),
)
"""Times are ISO 8601 in UTC with microseconds, so that they sort as text."""

_INDEX = (
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS turns_text
    USING fts5(text, content='turns', content_rowid='number', tokenize='trigram')
    """,
    """
    CREATE TRIGGER turns_added AFTER INSERT ON turns BEGIN
        INSERT INTO turns_text (rowid, text) VALUES (new.number, new.text);
    END
    """,
    """
    CREATE TRIGGER turns_deleted AFTER DELETE ON turns BEGIN
        INSERT INTO turns_text (turns_text, rowid, text) VALUES ('delete', old.number, old.text);
    END
    """,
    "INSERT INTO turns_text (turns_text) VALUES ('rebuild')",
)
_TRIGGERS = ("turns_added", "turns_deleted")
_TRIGRAMS_SINCE = (3, 34)
"""sqlite.org/fts5.html, section 4.3.4."""
_FTS5 = "SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"
_SHORTEST_INDEXED = 3
"""Trigrams find words of three characters and more."""


def has_index(connection: sqlite3.Connection) -> bool:
    """Tell whether this SQLite can use the index."""
    if sqlite3.sqlite_version_info < _TRIGRAMS_SINCE:
        return False
    return connection.execute(_FTS5).fetchone() is not None


def prepare_index(connection: sqlite3.Connection) -> None:
    """Make the index if it is not there; without FTS5 keep it from being in the way.

    The triggers are the sign of a complete index: a SQLite without FTS5 can write only once they
    are gone, and what it wrote is indexed when they are made again.
    """
    query = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    complete = all(connection.execute(query, (name,)).fetchone() for name in _TRIGGERS)
    if not has_index(connection):
        for name in _TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    elif not complete:
        for statement in _INDEX:
            connection.execute(statement)


def forget_deleted(connection: sqlite3.Connection) -> None:
    """Merge the index, so that nothing of deleted turns stays in it."""
    if has_index(connection):
        connection.execute("INSERT INTO turns_text (turns_text) VALUES ('optimize')")


def matching(connection: sqlite3.Connection, words: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return an SQL condition on `turns`, and its values, for texts that hold all `words`."""
    if has_index(connection) and all(len(word) >= _SHORTEST_INDEXED for word in words):
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in words)
        return "number IN (SELECT rowid FROM turns_text WHERE turns_text MATCH ?)", (phrases,)
    condition = " AND ".join(["text LIKE ? ESCAPE '\\'"] * len(words))
    return condition, tuple(f"%{_literal(word)}%" for word in words)


def _literal(word: str) -> str:
    """Take the wildcards of LIKE as characters."""
    for character in "\\%_":
        word = word.replace(character, f"\\{character}")
    return word
