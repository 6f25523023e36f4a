"""Questions of the reader, put to the tutor within the tab's conversation."""

from collections.abc import Mapping
from dataclasses import dataclass

from procoder_companion.answering import Answering
from procoder_companion.replies import Reply
from procoder_companion.state import Exchange, Session
from procoder_companion.values import ConversationTurns, Turn

LEVELS = ("beginner", "intermediate", "expert")
_TITLE = 60
"""Characters of a conversation's title."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader wants, and the words that the talk shows for it."""

    words: str
    kind: str
    text: str = ""
    """A question of their own, for a chat."""
    level: str | None = None
    """Another level than the tab's."""
    line: int | None = None
    """Another place than the one that is chosen."""
    refresh: bool = False


def ask(session: Session, wish: Wish) -> None:
    """Put a wish to the tutor; raises CompanionError when it cannot even be asked."""
    code = session.code
    place = code.place() if wish.line is None else {"line": wish.line}
    body: Mapping[str, object] = {
        "code": code.text,
        "filename": code.filename,
        "kind": wish.kind,
        "text": wish.text,
        "level": wish.level or session.level,
        "language": session.language,
        "refresh": wish.refresh,
        **place,
    }
    _send(session, wish.words, body)


def ask_again(session: Session, exchange: Exchange) -> None:
    """Ask the same once more, and have the model write anew; raises CompanionError."""
    _send(session, exchange.question, {**exchange.body, "refresh": True})


def hint(session: Session, line: int, expected: str = "") -> None:
    """Take the next hint about a line; raises CompanionError."""
    code = session.code
    given = session.api().hint(code.text, code.filename, line, expected)
    body = {"line": line, "expected": expected}
    before = session.exchanges[-1].body if session.exchanges else {}
    words = "Give me another hint." if before == body else f"Give me a hint for line {line}."
    session.exchanges.append(Exchange(words, body, settled=Reply(), hint=given))


def resume(session: Session, kept: ConversationTurns) -> None:
    """Go on with a conversation of an earlier visit, or of an editor."""
    session.begin_anew()
    session.conversation = kept.conversation
    session.exchanges = exchanges_of(kept.turns)
    document = kept.conversation.document
    if document is not None:
        session.code.filename = document.rsplit("/", 1)[-1] or session.code.filename


def exchanges_of(turns: tuple[Turn, ...]) -> list[Exchange]:
    """Pair what was asked with what was answered."""
    found: list[Exchange] = []
    for turn in turns:
        if turn.role == "user" or not found:
            found.append(Exchange(turn.text if turn.role == "user" else "", {}, settled=Reply()))
        if turn.role == "tutor":
            found[-1].settled = Reply(markdown=turn.text)
            found[-1].kept = " · ".join(filter(None, (turn.checks, turn.model)))
    return found


def simpler(level: str) -> str | None:
    """Return the level below; None at the bottom."""
    at = LEVELS.index(level)
    return LEVELS[at - 1] if at else None


def deeper(level: str) -> str | None:
    """Return the level above; None at the top."""
    at = LEVELS.index(level)
    return LEVELS[at + 1] if at + 1 < len(LEVELS) else None


def _send(session: Session, words: str, body: Mapping[str, object]) -> None:
    session.stop()
    api = session.api()
    if session.conversation is None:
        subject = str(body.get("symbol") or body.get("filename") or "")
        title = str(body["text"] or subject)
        session.conversation = api.begin(title[:_TITLE])
    answering = Answering(api.endpoint, session.conversation.id, body)
    session.exchanges.append(Exchange(words, body, answering))
