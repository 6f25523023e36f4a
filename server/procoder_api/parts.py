"""What an API is put together from, by its settings: in files of its own, or in a shared Redis."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module

from procoder_api.batches.dispatch import Dispatcher
from procoder_api.batches.running import BatchRunner
from procoder_api.batches.sqlite_store import SqliteBatches
from procoder_api.batches.store import LEASE_SECONDS, BatchStore
from procoder_api.replies import ReplyStore, SqliteReplies
from procoder_api.state import ApiState, state_path
from procoder_tutor.backend import Backend
from procoder_tutor.conversations import Store
from procoder_tutor.settings import Settings
from procoder_tutor.tutor import Tutor, create_tutor


@dataclass(frozen=True, slots=True)
class Parts:
    """What is opened for an API, and closed with it."""

    state: ApiState
    tutor: Tutor
    replies: ReplyStore
    batches: BatchStore
    dispatcher: Dispatcher


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    broker_url: str | None = None,
    backend: Backend | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> AsyncIterator[Parts]:
    """Open the parts; nobody works on batches yet. `backend` stands in for the model's host."""
    url = redis_url(settings)
    async with AsyncExitStack() as stack:
        state = ApiState(state_path(settings))
        stack.push_async_callback(state.aclose)
        tutor = create_tutor(settings, backend=backend, store=_conversations(settings, url))
        stack.push_async_callback(tutor.aclose)
        replies = _replies(state, url)
        stack.push_async_callback(replies.aclose)
        batches = _batches(state, url, lease_seconds)
        stack.push_async_callback(batches.aclose)
        dispatcher = _dispatcher(batches, tutor, broker_url)
        stack.push_async_callback(dispatcher.aclose)
        yield Parts(state, tutor, replies, batches, dispatcher)


def redis_url(settings: Settings) -> str | None:
    """Return the URL of the shared Redis, if there is one."""
    return None if settings.redis.url is None else settings.redis.url.get_secret_value()


def _conversations(settings: Settings, url: str | None) -> Store | None:
    if url is None:
        return None
    # The client is an extra, here and below.
    module = import_module("procoder_tutor.conversations.redis")
    store: Store = module.RedisConversationStore(url, settings.conversations)
    return store


def _replies(state: ApiState, url: str | None) -> ReplyStore:
    if url is None:
        return SqliteReplies(state)
    replies: ReplyStore = import_module("procoder_api.redis_replies").RedisReplies(url)
    return replies


def _batches(state: ApiState, url: str | None, lease_seconds: float) -> BatchStore:
    if url is None:
        return SqliteBatches(state, lease_seconds=lease_seconds)
    module = import_module("procoder_api.batches.redis_store")
    batches: BatchStore = module.RedisBatches(url, lease_seconds=lease_seconds)
    return batches


def _dispatcher(batches: BatchStore, tutor: Tutor, broker_url: str | None) -> Dispatcher:
    if broker_url is None:
        return BatchRunner(batches, tutor)
    # celery is an extra.
    dispatcher: Dispatcher = import_module("procoder_api.batches.broker").BrokerDispatcher(
        batches, broker_url
    )
    return dispatcher
