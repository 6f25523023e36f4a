"""A client inside the test's process, and a tutor that says what it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from procoder_server.app import create_server
from procoder_server.framing import FrameDecoder
from procoder_server.server import ProcoderServer
from procoder_tutor.answering.previewing import Preview
from procoder_tutor.conversations import ConversationStore, Role, Turn
from procoder_tutor.edits.model import ProposedEdit, TextEdit
from procoder_tutor.events import (
    BlockReady,
    Checks,
    Delta,
    Done,
    Event,
    Explanation,
    FactsReady,
    Failed,
    Proposed,
    TimingsMs,
    TokenUsage,
    Working,
)
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.positions import Position
from procoder_tutor.privacy import Privacy
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.settings import ConversationSettings
from procoder_tutor.symbols import Document, Symbol
from procoder_tutor.targets import Target

if TYPE_CHECKING:
    from procoder_tutor.errors import TutorError

URI = "file:///nowhere/bank.py"
ANSWER = Explanation(
    "It works.",
    Checks(1, 1),
    "scripted",
    sent=("Explain `merge` with ```fences```.",),
    usage=TokenUsage(20, 0, 10),
    timings_ms=TimingsMs(1.0, 100.0, 600.0),
)
COMMENT = ProposedEdit("Add a comment", (TextEdit(Position(1, 0), Position(1, 0), "# sic\n"),))
EDITS = {Kind.FIX, Kind.SIMPLIFY, Kind.DOCUMENT, Kind.TESTS}


class ScriptedTutor:
    """Answers "It works." in two pieces; `hold` keeps it from ending, `error` makes it fail.

    It keeps conversations in memory, and proposes a comment as every edit.
    """

    def __init__(self) -> None:
        self._store = ConversationStore(ConversationSettings(path=Path(":memory:")))
        self.conversations = self._store.of()
        self.kept = 2
        self.hold = False
        self.error: TutorError | None = None
        self.fault: Exception | None = None
        self.proposes = EDITS
        self.found: Target | None = None
        self.asked: list[Question] = []
        self.warmed: asyncio.Queue[tuple[Level, str]] = asyncio.Queue()
        self.answered: set[str] = set()
        self.speaking = asyncio.Event()
        self.stopped = asyncio.Event()
        self.closed = False

    async def facts(
        self, document: Document, symbol: Symbol, *, budget: float | None = 0.1
    ) -> Facts:
        return instant_facts(document, symbol)

    async def target(
        self, document: Document, line: int, column: int, *, budget: float | None
    ) -> Target | None:
        return self.found

    async def cached(self, document: Document, question: Question) -> Explanation | None:
        known = question.symbol.name in self.answered
        return Explanation("It works.", Checks(), "scripted", cached=True) if known else None

    async def preview(
        self, document: Document, question: Question, texts: Mapping[str, str]
    ) -> Preview:
        if self.error is not None:
            raise self.error
        if question.symbol.name in self.answered:
            return Preview(cached=True)
        counts = {name: len(text.split()) for name, text in texts.items()}
        parts = {"code": 9, **counts, "conversation": 7}
        return Preview(
            model="scripted",
            window=512,
            prompt="Why?",
            tokens=40,
            answer_tokens=20,
            parts=parts,
            omitted=("2 lines in the middle",),
        )

    async def privacy(self, document: Document) -> Privacy:
        return Privacy.of(document)

    async def ask(self, document: Document, question: Question) -> AsyncIterator[Event]:
        self.asked.append(question)
        if self.fault is not None:
            raise self.fault
        yield FactsReady(instant_facts(document, question.symbol))
        yield Working("reading", 20, 10.0, 2.0)
        try:
            yield Delta("It ")
            self.speaking.set()
            if self.hold:
                await asyncio.Event().wait()
            if self.error is not None:
                yield Failed(self.error)
                return
            yield Delta("works.")
            if question.kind is Kind.BLOCKS:
                yield BlockReady(2, 3, "It adds.")
            if question.kind in self.proposes:
                yield Proposed(COMMENT)
            self.answered.add(question.symbol.name)
            yield Done(ANSWER, await self._record(question))
        finally:
            self.stopped.set()

    async def _record(self, question: Question) -> int | None:
        if question.conversation is None:
            return None
        turn = Turn(Role.USER, question.text, question.kind, question.level)
        number = await self.conversations.append(question.conversation, turn)
        answer = Turn(Role.TUTOR, ANSWER.markdown, question.kind, question.level)
        await self.conversations.append(question.conversation, answer)
        return number

    async def warm_up(self, level: Level, language: str) -> None:
        self.warmed.put_nowait((level, language))
        if self.error is not None:
            raise self.error

    async def clear_cache(self) -> int:
        self.answered.clear()
        kept, self.kept = self.kept, 0
        return kept

    async def cache_size(self) -> tuple[int, int]:
        return self.kept, 100 * self.kept

    async def aclose(self) -> None:
        self.closed = True
        await self._store.aclose()


class Client:
    """Sends messages to a server in this process and keeps what it says."""

    def __init__(self, server: ProcoderServer) -> None:
        self.server = server
        self.messages: list[dict[str, Any]] = []
        self._decoder = FrameDecoder()
        self._changed = asyncio.Condition()
        self._next_id = 0
        self._wakers: set[asyncio.Task[None]] = set()
        server.protocol.set_writer(self)

    def write(self, data: bytes) -> None:
        for body in self._decoder.feed(data):
            self.messages.append(json.loads(body))
        waker = asyncio.ensure_future(self._wake())
        self._wakers.add(waker)
        waker.add_done_callback(self._wakers.discard)

    def close(self) -> None:
        pass

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first message that is wanted, now or when it comes."""
        async with asyncio.timeout(20), self._changed:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                await self._changed.wait()

    def send(self, message: dict[str, Any]) -> None:
        self.server.protocol.receive(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: Any = None) -> int:
        self._next_id += 1
        self.send({"id": self._next_id, "method": method, "params": params})
        return self._next_id

    async def answer(self, identity: int) -> dict[str, Any]:
        return await self.until(lambda m: m.get("id") == identity and "method" not in m)

    async def request(self, method: str, params: Any = None) -> dict[str, Any]:
        return await self.answer(self.begin(method, params))

    def answers(self, identity: int) -> int:
        return sum(1 for m in self.messages if m.get("id") == identity and "method" not in m)

    def progress(self) -> list[dict[str, Any]]:
        return [m["params"]["value"] for m in self.messages if m.get("method") == "$/progress"]

    async def start(
        self,
        capabilities: dict[str, Any] | None = None,
        options: Any = None,
        name: str = "a test",
    ) -> dict[str, Any]:
        response = await self.request(
            "initialize",
            {
                "processId": None,
                "clientInfo": {"name": name},
                "rootUri": None,
                "capabilities": capabilities or {},
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})
        return response

    def open(self, text: str, uri: str = URI, language: str = "python") -> None:
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, text: str, version: int, uri: str = URI) -> None:
        """Replace the whole text."""
        identifier = {"uri": uri, "version": version}
        self.notify(
            "textDocument/didChange",
            {"textDocument": identifier, "contentChanges": [{"text": text}]},
        )

    async def diagnostics(self, version: int | None = 1) -> dict[str, Any]:
        """Return the parameters of the diagnostics for a version."""
        message = await self.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and m["params"].get("version") == version
            )
        )
        return message["params"]

    async def hover(self, line: int, character: int, uri: str = URI) -> dict[str, Any]:
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        return await self.request("textDocument/hover", place)


@pytest.fixture
def tutor() -> ScriptedTutor:
    return ScriptedTutor()


@pytest.fixture
async def client(tutor: ScriptedTutor) -> AsyncIterator[Client]:
    """A client that has not initialized its server yet."""
    server = create_server(lambda _: tutor)
    yield Client(server)
    await server.aclose()
