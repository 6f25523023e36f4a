"""Asking the tutor on behalf of a command: streamed to the client, listed, and stoppable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from lsprotocol import types

from procoder_server.errors import RequestFailedError, carrying_tutor_errors
from procoder_server.progress import Announcement, Progress, stage_line, work_progress
from procoder_server.server import ProcoderServer
from procoder_server.session import Tutor, answering
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.errors import BackendError
from procoder_tutor.events import (
    BlockReady,
    Delta,
    Done,
    Event,
    Explanation,
    FactsReady,
    Failed,
    Proposed,
    Working,
)
from procoder_tutor.facts.model import Facts
from procoder_tutor.questions import Question
from procoder_tutor.symbols import Document

OFF = "ProCoder is switched off. Run the command `procoder.toggle` to switch it on."


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came of one question."""

    facts: Facts
    explanation: Explanation
    blocks: tuple[BlockReady, ...] = ()
    proposal: ProposedEdit | Rejected | None = None
    turn: int | None = None
    """Number of the question in its conversation; None for a question by itself."""


class Outlet:
    """Where the pieces of an answer go as they come: to the client's two tokens."""

    def __init__(
        self,
        server: ProcoderServer,
        progress: Progress,
        partial: types.ProgressToken | None,
        *,
        of_edit: bool = False,
    ) -> None:
        """Of an edit the progress tells how far it is, for there is no text to read meanwhile."""
        self._server = server
        self._progress = progress
        self._partial = partial
        self._of_edit = of_edit
        self._said_anything = False

    def take(self, event: Event) -> None:
        """Pass on what the client can show of an event."""
        match event:
            case FactsReady(facts):
                self._send_part({"kind": "facts", "facts": asdict(facts)})
            case Working():
                if self._of_edit:
                    self._progress.report(stage_line(event))
                self._send_part({"kind": "stage", **asdict(event)})
            case Delta(text):
                self._say(text)
                self._send_part({"kind": "text", "text": text})
            case BlockReady(line, end_line, text):
                gap = "\n\n" if self._said_anything else ""
                self._say(f"{gap}{lines_name(line, end_line)}: {text}")
                self._send_part({"kind": "block", **asdict(event)})
            case Done(explanation):
                if not self._said_anything and explanation.markdown:
                    self._say(explanation.markdown)
                    self._send_part({"kind": "text", "text": explanation.markdown})
                self._progress.closing_message = explanation.checks.summary

    def _say(self, text: str) -> None:
        self._said_anything = True
        if not self._of_edit:
            self._progress.report(text)

    def _send_part(self, value: dict[str, Any]) -> None:
        if self._partial is not None:
            self._server.protocol.notify(
                types.PROGRESS, types.ProgressParams(token=self._partial, value=value)
            )


@asynccontextmanager
async def model_work(
    server: ProcoderServer, uri: str, token: types.ProgressToken | None, title: str
) -> AsyncIterator[Progress]:
    """Do work that keeps the model busy: shown to the client, and stopped with all such work.

    Refused for a document that ProCoder is switched off for. Errors of the tutor become those of
    the protocol.
    """
    if not server.is_on(uri):
        raise RequestFailedError(message=OFF)
    announced = Announcement(title, "reading the code")
    with server.running.listed(title), carrying_tutor_errors():
        async with work_progress(server, token, announced) as progress:
            yield progress


async def ask(
    server: ProcoderServer, tutor: Tutor, document: Document, question: Question, outlet: Outlet
) -> Answer:
    """Ask and pass the pieces on; leaving early closes the iterator, which stops the model."""
    facts: Facts | None = None
    explanation: Explanation | None = None
    blocks: list[BlockReady] = []
    proposal: ProposedEdit | Rejected | None = None
    turn: int | None = None
    async with answering(tutor, document, question) as events:
        async for event in events:
            outlet.take(event)
            match event:
                case FactsReady(ready):
                    facts = ready
                case BlockReady():
                    blocks.append(event)
                case Proposed(proposed):
                    proposal = proposed
                case Done(done, number):
                    explanation, turn = done, number
                case Failed(error):
                    raise error
    if explanation is None or facts is None:
        raise BackendError("The answer broke off", "Ask again.")
    server.background.pace.learn(explanation)
    server.journal.note(question.symbol.name, explanation)
    return Answer(facts, explanation, tuple(blocks), proposal, turn)


def lines_name(line: int, end_line: int) -> str:
    """Return `Line 3` or `Lines 3-7`."""
    return f"Lines {line}-{end_line}" if end_line > line else f"Line {line}"
