"""Conversations in a Redis, for servers that share their users. Imported only where one is set up.

Of an owner: a sorted set of ids by the time of the last turn (microseconds), a hash for each
conversation, a list of its turns as JSON, the current conversation of each document, and notes.
All but the notes expire when nobody adds to them for as long as the settings say.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from procoder_tutor.conversations.export import conversation_markdown
from procoder_tutor.conversations.model import Conversation, Found, Role, Turn
from procoder_tutor.conversations.queries import title_of
from procoder_tutor.errors import NoConversationError
from procoder_tutor.positions import LONE_SURROGATE, REPLACEMENT
from procoder_tutor.redis_calls import CALL_SECONDS, replied
from procoder_tutor.settings import ConversationSettings

_PREFIX = "procoder:talk:1"
"""The number is that of the format."""
_DAY = 24 * 3600
_UNTITLED = "Untitled"
_APPEND = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local number = redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], 'GT', ARGV[2], ARGV[3])
redis.call('HSET', KEYS[1], 'changed', redis.call('ZSCORE', KEYS[3], ARGV[3]))
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[4]) end
return number
"""
"""A turn is added to a conversation that is there, or not at all; turns are numbered from 1."""
_TAKE_BACK = """
local before = redis.call('LLEN', KEYS[1])
local kept = math.min(before, ARGV[1] - 1)
if kept < 1 then
  redis.call('DEL', KEYS[1])
  return before
end
redis.call('LTRIM', KEYS[1], 0, kept - 1)
return before - kept
"""


class RedisConversationStore:
    """All conversations of a Redis. Whoever can reach it can read them."""

    def __init__(self, url: str, settings: ConversationSettings) -> None:
        self._client = Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=CALL_SECONDS,
            socket_timeout=CALL_SECONDS,
        )
        self._keep = settings.keep_days * _DAY

    def of(self, owner: str) -> "RedisConversations":
        """Return the conversations of one owner, who never sees another's."""
        return RedisConversations(self._client, owner, self._keep)

    async def prune(self) -> int:
        """Do nothing: what is old expires."""
        return 0

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class RedisConversations:
    """The conversations of one owner; see protocol.Conversations."""

    def __init__(self, client: Redis, owner: str, keep: int) -> None:
        self._client = client
        self._keep = keep
        self._index = f"{_PREFIX}:{owner}:index"
        self._documents = f"{_PREFIX}:{owner}:documents"
        self._notes = f"{_PREFIX}:{owner}:notes"
        self._heads = f"{_PREFIX}:{owner}:head"
        self._turns = f"{_PREFIX}:{owner}:turns"

    async def open_for(self, document: str) -> Conversation:
        """See Conversations."""
        found = await _done(self._client.hget(self._documents, _storable(document)))
        if found is not None:
            for conversation in await self._known([found]):
                return conversation
        return await self.start_new(document)

    async def start_new(self, document: str, title: str = "") -> Conversation:
        """See Conversations."""
        document = _storable(document)
        begun = await self._begin(title.strip() or title_of(document), document)
        await _done(self._client.hset(self._documents, document, begun.id))
        await _done(self._client.expire(self._documents, self._keep))
        return begun

    async def create(self, title: str) -> Conversation:
        """See Conversations."""
        return await self._begin(title, None)

    async def get(self, conversation: str) -> Conversation:
        """See Conversations."""
        for found in await self._known([conversation]):
            return found
        raise NoConversationError("There is no such conversation", "Begin a new one.")

    async def append(self, conversation: str, turn: Turn) -> int:
        """See Conversations."""
        keys = [self._head(conversation), self._list(conversation), self._index]
        values = (_line(turn), _score(turn.created), conversation, self._keep)
        number = int(await _done(self._client.eval(_APPEND, len(keys), *keys, *values)))
        if not number:
            raise NoConversationError("There is no such conversation", "Begin a new one.")
        return number

    async def take_back(self, conversation: str, number: int) -> int:
        """See Conversations."""
        await self.get(conversation)
        turns = self._list(conversation)
        return int(await _done(self._client.eval(_TAKE_BACK, 1, turns, max(number, 1))))

    async def turns(self, conversation: str) -> tuple[Turn, ...]:
        """See Conversations."""
        await self.get(conversation)
        return _turns(await _done(self._client.lrange(self._list(conversation), 0, -1)))

    async def list(
        self, *, limit: int = 50, after: Conversation | None = None
    ) -> tuple[Conversation, ...]:
        """See Conversations."""
        known = await self._all()
        if after is not None:
            place = (after.changed, after.id)
            known = [it for it in known if (it.changed, it.id) < place]
        return tuple(known[:limit])

    async def search(self, text: str, *, limit: int = 50) -> tuple[Found, ...]:
        """See Conversations."""
        words = text.casefold().split()
        if not words:
            return ()
        known = await self._all()
        async with self._client.pipeline(transaction=False) as pipeline:
            for conversation in known:
                pipeline.lrange(self._list(conversation.id), 0, -1)
            lists = await _done(pipeline.execute())
        found = [
            Found(conversation, turn)
            for conversation, lines in zip(known, lists, strict=True)
            for turn in _turns(lines)
            if all(word in turn.text.casefold() for word in words)
        ]
        found.sort(key=lambda it: it.turn.created, reverse=True)
        return tuple(found[:limit])

    async def export_markdown(self, conversation: str) -> str:
        """See Conversations."""
        return conversation_markdown(await self.get(conversation), await self.turns(conversation))

    async def note(self, name: str) -> str:
        """See Conversations."""
        return str(await _done(self._client.hget(self._notes, name)) or "")

    async def write_note(self, name: str, value: str) -> None:
        """See Conversations."""
        await _done(self._client.hset(self._notes, name, value))

    async def rename_document(self, old: str, new: str) -> int:
        """See Conversations."""
        return await self._move({_storable(old): _storable(new)})

    async def rename_folder(self, old: str, new: str) -> int:
        """See Conversations."""
        before, after = (f"{_storable(uri).rstrip('/')}/" for uri in (old, new))
        documents = {it.document for it in await self._all() if it.document is not None}
        moved = [uri for uri in documents if uri.startswith(before)]
        return await self._move({uri: after + uri.removeprefix(before) for uri in moved})

    async def delete(self, conversation: str) -> bool:
        """See Conversations."""
        return bool(await self._delete([conversation]))

    async def delete_all(self) -> int:
        """See Conversations."""
        deleted = await self._delete([it.id for it in await self._all()])
        await _done(self._client.delete(self._index, self._documents, self._notes))
        return deleted

    async def _begin(self, title: str, document: str | None) -> Conversation:
        now = datetime.now(UTC)
        begun = Conversation(
            uuid.uuid4().hex, _storable(title).strip() or _UNTITLED, document, now, now
        )
        head: dict[Any, Any] = {
            "title": begun.title,
            "created": _score(now),
            "changed": _score(now),
        }
        if document is not None:
            head["document"] = document
        async with self._client.pipeline(transaction=True) as pipeline:
            pipeline.hset(self._head(begun.id), mapping=head)
            pipeline.zadd(self._index, {begun.id: _score(now)})
            for key in (self._head(begun.id), self._index):
                pipeline.expire(key, self._keep)
            await _done(pipeline.execute())
        return begun

    async def _all(self) -> Sequence[Conversation]:
        """Return all conversations, those changed last first."""
        ids = await _done(self._client.zrange(self._index, 0, -1, desc=True))
        known = await self._known(ids)
        gone = set(ids) - {it.id for it in known}
        if gone:
            await _done(self._client.zrem(self._index, *gone))
        return known

    async def _known(self, ids: Sequence[str]) -> Sequence[Conversation]:
        """Return those of some conversations that are there."""
        async with self._client.pipeline(transaction=False) as pipeline:
            for conversation in ids:
                pipeline.hgetall(self._head(conversation))
            heads = await _done(pipeline.execute()) if ids else []
        return [_made(key, head) for key, head in zip(ids, heads, strict=True) if head]

    async def _move(self, documents: dict[str, str]) -> int:
        """Let conversations follow their documents."""
        moved = 0
        for conversation in await self._all():
            new = documents.get(conversation.document or "")
            if new is None or conversation.document is None:
                continue
            moved += 1
            head: dict[Any, Any] = {"document": new}
            if conversation.title == title_of(conversation.document):
                head["title"] = title_of(new)
            await _done(self._client.hset(self._head(conversation.id), mapping=head))
        for old, new in documents.items():
            current = await _done(self._client.hget(self._documents, old))
            if current is not None:
                await _done(self._client.hset(self._documents, new, current))
                await _done(self._client.hdel(self._documents, old))
        return moved

    async def _delete(self, ids: Sequence[str]) -> int:
        async with self._client.pipeline(transaction=True) as pipeline:
            for conversation in ids:
                pipeline.delete(self._head(conversation))
                pipeline.delete(self._list(conversation))
                pipeline.zrem(self._index, conversation)
            replies = await _done(pipeline.execute()) if ids else []
        return sum(int(reply) for reply in replies[::3])

    def _head(self, conversation: str) -> str:
        return f"{self._heads}:{conversation}"

    def _list(self, conversation: str) -> str:
        return f"{self._turns}:{conversation}"


async def _done(call: Any) -> Any:
    return await replied(call, "Conversations cannot be kept")


def _line(turn: Turn) -> str:
    fields = {**asdict(turn), "created": turn.created.astimezone(UTC).isoformat()}
    return json.dumps({name: _clean(value) for name, value in fields.items()})


def _turns(lines: Sequence[str]) -> tuple[Turn, ...]:
    return tuple(_turn(line, number) for number, line in enumerate(lines, start=1))


def _turn(line: str, number: int) -> Turn:
    fields: dict[str, Any] = json.loads(line)
    created = datetime.fromisoformat(fields["created"])
    known = {"role": Role(fields["role"]), "created": created, "number": number}
    return Turn(**{**fields, **known})


def _made(key: str, head: dict[str, str]) -> Conversation:
    created, changed = (_time(head[name]) for name in ("created", "changed"))
    return Conversation(key, head["title"], head.get("document"), created, changed)


def _score(time: datetime) -> int:
    """Microseconds since 1970."""
    return round(time.timestamp() * 1_000_000)


def _time(score: str) -> datetime:
    return datetime.fromtimestamp(round(float(score)) / 1_000_000, UTC)


def _clean(value: object) -> object:
    return _storable(value) if isinstance(value, str) else value


def _storable(text: str) -> str:
    """Replace what UTF-8 cannot hold."""
    return LONE_SURROGATE.sub(REPLACEMENT, text)
