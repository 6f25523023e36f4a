"""An answer as it comes, on a terminal."""

import sys

import typer

from procoder_tutor.edits.model import Rejected
from procoder_tutor.errors import describe
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
from procoder_tutor.lint import lint
from procoder_tutor.markdown import facts_text, plain_text, steps_text, why_nothing
from procoder_tutor.questions import Kind, Question
from procoder_tutor.symbols import Document

_CLEAR = "\r\x1b[K"
_WITH_FACTS = frozenset({Kind.EXPLAIN, Kind.BLOCKS})


class Status:
    """One line on standard error that says what is being waited for; only on a terminal."""

    def __init__(self) -> None:
        self._shown = False

    def show(self, text: str) -> None:
        """Replace the line."""
        if sys.stderr.isatty():
            typer.echo(f"{_CLEAR}{text}", nl=False, err=True)
            self._shown = True

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            typer.echo(_CLEAR, nl=False, err=True)
            self._shown = False


class Printer:
    """Prints the events of one answer; `code` is the exit code afterwards."""

    def __init__(self, document: Document, question: Question, status: Status) -> None:
        self.code = 0
        self._document = document
        self._question = question
        self._status = status
        self._facts: Facts | None = None
        self._begun = False

    def take(self, event: Event) -> None:
        """Print an event."""
        if not isinstance(event, FactsReady | Working):
            self._status.clear()
        match event:
            case FactsReady(facts) if self._facts is None:
                self._facts = facts
                self._show_facts(facts)
            case Delta(text):
                self._begun = True
                say(plain_text(text), end="")
            case BlockReady(line, end_line, text):
                lines = f"{line}" if line == end_line else f"{line}-{end_line}"
                say(f"\n\n{lines:>9}  {plain_text(text)}" if text else "", end="")
                self._begun = True
            case Proposed(Rejected(reason)):
                self.code = 1
                self._end_line()
                typer.echo(f"procoder: {reason}", err=True)
            case Done(explanation):
                self._done(explanation)
            case Failed(error):
                self._end_line()
                self.code = 0 if self._steps() else 1
                typer.echo(f"procoder: {describe(error)}", err=True)

    def sent(self, explanation: Explanation) -> None:
        """Print what left for the model."""
        for number, prompt in enumerate(explanation.sent, 1):
            say(f"\n--- sent ({number} of {len(explanation.sent)}) ---\n{prompt}")

    def _show_facts(self, facts: Facts) -> None:
        if self._question.kind in _WITH_FACTS:
            inside = [f for f in lint(self._document) if facts.line <= f.line <= facts.end_line]
            say(facts_text(facts, inside, level=self._question.level) + "\n")
        self._status.show("Reading the code …")

    def _steps(self) -> bool:
        """Show what the code does in our own words, where no model's words are."""
        if self._facts is None or self._question.kind not in _WITH_FACTS:
            return False
        say(steps_text(self._facts))
        return True

    def _done(self, explanation: Explanation) -> None:
        if explanation.markdown or explanation.blocks:
            self._end_line()
        elif self._steps():
            say(f"\n{why_nothing(explanation.checks)}")
        if explanation.model:
            say(summary(explanation))

    def _end_line(self) -> None:
        if self._begun:
            say("")
            self._begun = False


def summary(explanation: Explanation) -> str:
    """Return `5 of 5 checked · smollm2-135m · 118 tokens in 1.1 s (107/s) · prompt 212, …`."""
    usage, timings = explanation.usage, explanation.timings_ms
    parts = [explanation.checks.summary]
    withheld = explanation.checks.withheld
    if count := len(explanation.checks.dropped) - withheld:
        parts.append(f"{count} dropped")
    if withheld:
        parts.append(f"{withheld} withheld")
    parts.append(explanation.model)
    if explanation.cached:
        parts.append(f"from cache in {timings.total or 0:.0f} ms")
    elif usage.completion_tokens:
        seconds = ((timings.total or 0) - (timings.first_token or 0)) / 1000
        rate = f" ({usage.completion_tokens / seconds:.0f}/s)" if seconds > 0 else ""
        parts.append(f"{usage.completion_tokens} tokens in {seconds:.1f} s{rate}")
        parts.append(f"prompt {usage.prompt_tokens}, {usage.cached_tokens} from cache")
    return " · ".join(parts)


def say(text: str, end: str = "\n") -> None:
    """Print at once; what the terminal cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    typer.echo((text + end).encode(encoding, "replace").decode(encoding), nl=False)
    sys.stdout.flush()
