"""What one browser tab works on; Streamlit keeps it between two runs of a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from procoder_companion import values
from procoder_companion.answering import Answering
from procoder_companion.client import Client
from procoder_companion.endpoint import find_endpoint
from procoder_companion.replies import Reply

_SESSION = "procoder"
NEW_FILE = "snippet.py"


@dataclass(slots=True)
class Code:
    """What stands in the editor."""

    text: str = ""
    filename: str = NEW_FILE
    revision: int = 0
    """Counts the times that the page, not the reader, replaced the text."""
    selection: values.Lines | None = None
    highlighted: tuple[values.Lines, ...] = ()
    symbol: str | None = None
    """What is asked about; None for the selection, else the whole file."""

    def put(self, text: str, filename: str) -> None:
        """Replace everything."""
        self.text, self.filename = text, filename
        self.revision += 1
        self.selection, self.symbol, self.highlighted = None, None, ()

    def typed(self, text: str) -> None:
        """Take what the reader has typed; what was marked may have moved."""
        self.text = text
        self.highlighted = ()

    def place(self) -> Mapping[str, object]:
        """Return what is asked about, as the API wants it."""
        if self.selection is not None:
            return {"line": self.selection.line, "end_line": self.selection.end_line}
        return {} if self.symbol is None else {"symbol": self.symbol}


@dataclass(slots=True)
class Exchange:
    """A question and its reply."""

    question: str
    body: Mapping[str, object]
    """As it was sent, to ask it again; empty for one that an earlier visit asked."""
    answering: Answering | None = None
    settled: Reply | None = None
    """A reply that came from elsewhere than `answering`."""
    kept: str = ""
    """Of a reply of an earlier visit: what was checked of it, and by which model it is."""
    hint: values.Hint | None = None

    @property
    def reply(self) -> Reply:
        """The reply as it is now."""
        if self.settled is not None:
            return self.settled
        return Reply() if self.answering is None else self.answering.reply

    @property
    def running(self) -> bool:
        """Whether the reply still grows."""
        return self.answering is not None and not self.answering.finished


@dataclass(slots=True)
class Session:
    """Everything that one tab knows."""

    key: str = ""
    """What the reader signed in with."""
    admitted: bool = False
    """Whether this tab was opened by the address that was announced."""
    client: Client | None = None
    code: Code = field(default_factory=Code)
    level: str = "beginner"
    language: str = "en"
    conversation: values.Conversation | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    lesson: str | None = None
    """Id of the lesson that is read."""
    trouble: str = ""
    """What went wrong with the last thing that was wished for."""
    checked_text: str | None = None
    """The text that `facts` and `findings` are about."""
    facts: values.Facts | None = None
    findings: values.Findings = field(default_factory=values.Findings)

    def api(self) -> Client:
        """Return a client of the API as it is now; raises CompanionError."""
        endpoint = find_endpoint(self.key)
        if self.client is None or self.client.endpoint != endpoint:
            self.client = Client(endpoint)
        return self.client

    def check_code(self) -> None:
        """Bring facts and findings up to date with the text; raises CompanionError."""
        code = self.code
        if self.checked_text == code.text:
            return
        self.facts, self.findings = None, values.Findings()
        if code.text.strip():
            api = self.api()
            self.findings = api.lint(code.text, code.filename)
            self.facts = api.facts(code.text, code.filename).facts
        known = () if self.facts is None else self.facts.members
        if code.symbol not in known:
            code.symbol = known[0] if len(known) == 1 else None
        self.checked_text = code.text

    def begin_anew(self) -> None:
        """Leave the conversation; the code stays."""
        self.stop()
        self.conversation, self.exchanges = None, []

    def stop(self) -> None:
        """Stop what is being written."""
        for exchange in self.exchanges:
            if exchange.running and exchange.answering is not None:
                exchange.answering.stop()


def session() -> Session:
    """Return what this tab works on."""
    if _SESSION not in st.session_state:
        st.session_state[_SESSION] = Session()
    found: Session = st.session_state[_SESSION]
    return found
