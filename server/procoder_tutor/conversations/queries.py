"""What is asked of the conversations' file; every query names the owner."""

import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from procoder_tutor.conversations.model import Conversation, Found, Role, Turn
from procoder_tutor.conversations.schema import forget_deleted, matching
from procoder_tutor.errors import NoConversationError
from procoder_tutor.positions import LONE_SURROGATE, REPLACEMENT

_OPENING = (
    "COALESCE((SELECT SUBSTR(opening.text, 1, 200) FROM turns AS opening"
    " WHERE opening.conversation = conversations.id AND opening.role = 'user'"
    " ORDER BY opening.number LIMIT 1), '')"
)
_CONVERSATION = f"id, title, document, conversations.created, changed, {_OPENING}"
_TURN_FIELDS = tuple(item.name for item in fields(Turn))
_WRITTEN = tuple(name for name in _TURN_FIELDS if name != "number")
"""The number is given by the file."""
_TURN = ", ".join(f"turns.{name}" for name in _TURN_FIELDS)
_UNTITLED = "Untitled"


def create(
    connection: sqlite3.Connection, owner: str, title: str, document: str | None
) -> Conversation:
    """Begin a conversation."""
    now = datetime.now(UTC)
    title = _storable(title).strip() or _UNTITLED
    document = _storable(document) if document is not None else None
    made = Conversation(uuid.uuid4().hex, title, document, now, now)
    connection.execute(
        "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)",
        (made.id, owner, made.document, made.title, _iso(now), _iso(now)),
    )
    return made


def current(connection: sqlite3.Connection, owner: str, document: str) -> Conversation:
    """Return the conversation begun last about a document; begin one if there is none."""
    row = connection.execute(
        f"SELECT {_CONVERSATION} FROM conversations WHERE owner = ? AND document = ?"  # noqa: S608
        " ORDER BY conversations.created DESC, rowid DESC LIMIT 1",
        (owner, _storable(document)),
    ).fetchone()
    return create(connection, owner, title_of(document), document) if row is None else _made(row)


def get(connection: sqlite3.Connection, owner: str, conversation: str) -> Conversation:
    """Return a conversation; raises NoConversationError."""
    row = connection.execute(
        f"SELECT {_CONVERSATION} FROM conversations WHERE owner = ? AND id = ?",  # noqa: S608
        (owner, conversation),
    ).fetchone()
    if row is None:
        raise NoConversationError("There is no such conversation", "Begin a new one.")
    return _made(row)


def note(connection: sqlite3.Connection, owner: str, name: str) -> str:
    """Return what was noted under a name; empty when nothing was."""
    row = connection.execute(
        "SELECT value FROM notes WHERE owner = ? AND name = ?", (owner, name)
    ).fetchone()
    return "" if row is None else str(row[0])


def write_note(connection: sqlite3.Connection, owner: str, name: str, value: str) -> None:
    """Note something under a name, in place of what was there."""
    connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (owner, name, value))


def append(connection: sqlite3.Connection, owner: str, conversation: str, turn: Turn) -> int:
    """Add a turn; returns its number. Raises NoConversationError."""
    get(connection, owner, conversation)
    added = connection.execute(
        f"INSERT INTO turns (conversation, {', '.join(_WRITTEN)})"  # noqa: S608
        f" VALUES (?{', ?' * len(_WRITTEN)})",
        (conversation, *(_column(getattr(turn, name)) for name in _WRITTEN)),
    )
    connection.execute(
        "UPDATE conversations SET changed = MAX(changed, ?) WHERE owner = ? AND id = ?",
        (_iso(turn.created), owner, conversation),
    )
    if added.lastrowid is None:
        raise sqlite3.DatabaseError("a turn was added without a number")
    return added.lastrowid


def take_back(connection: sqlite3.Connection, owner: str, conversation: str, number: int) -> int:
    """Delete a turn and all after it; returns how many. Raises NoConversationError."""
    get(connection, owner, conversation)
    done = connection.execute(
        "DELETE FROM turns WHERE conversation = ? AND number >= ?", (conversation, number)
    )
    if done.rowcount:
        forget_deleted(connection)
    return done.rowcount


def turns(connection: sqlite3.Connection, owner: str, conversation: str) -> tuple[Turn, ...]:
    """Return the turns in order; raises NoConversationError."""
    get(connection, owner, conversation)
    rows = connection.execute(
        f"SELECT {_TURN} FROM turns WHERE conversation = ? ORDER BY number",  # noqa: S608
        (conversation,),
    )
    return tuple(_said(row) for row in rows)


def page(
    connection: sqlite3.Connection, owner: str, limit: int, after: Conversation | None
) -> tuple[Conversation, ...]:
    """Return conversations, those changed last first, from the one after `after`."""
    condition, values = "", tuple[str, ...]()
    if after is not None:
        condition, values = "AND (changed, id) < (?, ?)", (_iso(after.changed), after.id)
    rows = connection.execute(
        f"SELECT {_CONVERSATION} FROM conversations WHERE owner = ? {condition}"  # noqa: S608
        " ORDER BY changed DESC, id DESC LIMIT ?",
        (owner, *values, limit),
    )
    return tuple(_made(row) for row in rows)


def search(connection: sqlite3.Connection, owner: str, text: str, limit: int) -> tuple[Found, ...]:
    """Return turns that hold every word of `text`, the latest first; case does not matter."""
    words = _storable(text).replace("\0", " ").split()
    if not words:
        return ()
    condition, values = matching(connection, words)
    rows = connection.execute(
        f"SELECT {_CONVERSATION}, {_TURN} FROM turns"  # noqa: S608
        " JOIN conversations ON conversations.id = turns.conversation"
        f" WHERE owner = ? AND {condition} ORDER BY number DESC LIMIT ?",
        (owner, *values, limit),
    )
    width = len(fields(Conversation))
    return tuple(Found(_made(row[:width]), _said(row[width:])) for row in rows)


def rename_document(connection: sqlite3.Connection, owner: str, old: str, new: str) -> int:
    """Let the conversations about a document follow it; returns how many did."""
    done = connection.execute(
        "UPDATE conversations SET document = ?, title = CASE title WHEN ? THEN ? ELSE title END"
        " WHERE owner = ? AND document = ?",
        (_storable(new), title_of(old), title_of(new), owner, _storable(old)),
    )
    return done.rowcount


def rename_folder(connection: sqlite3.Connection, owner: str, old: str, new: str) -> int:
    """Let the conversations about documents in a folder follow it; returns how many did."""
    before, after = (f"{_storable(uri).rstrip('/')}/" for uri in (old, new))
    done = connection.execute(
        "UPDATE conversations SET document = ? || substr(document, ?)"
        " WHERE owner = ? AND substr(document, 1, ?) = ?",
        (after, len(before) + 1, owner, len(before), before),
    )
    return done.rowcount


def delete(connection: sqlite3.Connection, owner: str, conversation: str) -> int:
    """Delete a conversation; returns how many there were, 0 or 1."""
    return _delete(connection, "owner = ? AND id = ?", (owner, conversation))


def delete_all(connection: sqlite3.Connection, owner: str) -> int:
    """Delete all that an owner has; returns how many conversations that were."""
    connection.execute("DELETE FROM notes WHERE owner = ?", (owner,))
    return _delete(connection, "owner = ?", (owner,))


def prune(connection: sqlite3.Connection, before: datetime) -> int:
    """Delete everybody's conversations without a turn since `before`; returns how many."""
    return _delete(connection, "changed < ?", (_iso(before),))


def title_of(document: str) -> str:
    """Return the file name in a URI, e.g. `my area.py` of `file:///src/my%20area.py`."""
    return _storable(PurePosixPath(unquote(urlsplit(document).path)).name) or _UNTITLED


def _delete(connection: sqlite3.Connection, condition: str, values: Iterable[str]) -> int:
    values = tuple(values)
    connection.execute(
        f"DELETE FROM turns WHERE conversation IN (SELECT id FROM conversations WHERE {condition})",  # noqa: S608
        values,
    )
    done = connection.execute(f"DELETE FROM conversations WHERE {condition}", values)  # noqa: S608
    if done.rowcount:
        forget_deleted(connection)
    return done.rowcount


def _column(value: object) -> object:
    if isinstance(value, datetime):
        return _iso(value)
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    """Replace what UTF-8 cannot hold."""
    return LONE_SURROGATE.sub(REPLACEMENT, text)


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _made(row: tuple[str, str, str | None, str, str, str]) -> Conversation:
    key, title, document, created, changed, opening = row
    times = datetime.fromisoformat(created), datetime.fromisoformat(changed)
    return Conversation(key, title, document, *times, opening)


def _said(row: tuple[object, ...]) -> Turn:
    values = dict(zip(_TURN_FIELDS, row, strict=True))
    values["role"] = Role(str(values["role"]))
    values["created"] = datetime.fromisoformat(str(values["created"]))
    return Turn(**values)  # type: ignore[arg-type]  # the columns are the fields
