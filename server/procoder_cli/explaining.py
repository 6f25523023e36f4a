"""What `procoder explain` does once its options are read: asks the tutor and prints."""

import json
import sys
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any

import typer

from procoder_cli.source import load_document, select
from procoder_tutor.errors import InputError, describe
from procoder_tutor.events import Checks, Delta, Done, Explanation, FactsReady, Failed
from procoder_tutor.facts.model import Facts
from procoder_tutor.lint import lint
from procoder_tutor.markdown import NOTHING_HELD, facts_text, plain_text
from procoder_tutor.questions import Level, Question
from procoder_tutor.settings import load_settings
from procoder_tutor.symbols import Document
from procoder_tutor.tutor import Tutor, create_tutor

FACTS_SECONDS = 2.0
"""How long --json waits for inferred types and full names."""
_CLEAR = "\r\x1b[K"


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the command."""

    path: str
    line: int | None
    symbol: str | None
    refresh: bool = False
    as_json: bool = False


async def run(request: Request, overrides: Mapping[str, Any]) -> int:
    """Explain; returns the exit code. Raises InputError for what cannot be explained."""
    settings, problems = load_settings(overrides)
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    _refuse_bad_options(overrides, problems)
    document = load_document(request.path)
    question = Question(
        select(document, request.line, request.symbol),
        level=settings.level,
        language=settings.language,
        refresh=request.refresh,
    )
    status = _Status()
    tutor = create_tutor(settings, on_host_start=lambda: status.show("Starting the model host …"))
    try:
        if request.as_json:
            return await _print_json(tutor, document, question)
        return await _print_text(tutor, document, question, status)
    finally:
        status.clear()
        await tutor.aclose()


def _refuse_bad_options(overrides: Mapping[str, Any], problems: tuple[str, ...]) -> None:
    """A bad environment variable falls back; a bad option on this very line does not."""
    for name, value in overrides.items():
        if value is not None and any(f"`{name}`" in problem for problem in problems):
            options = ", ".join(Level) if name == "level" else "a code such as en or es"
            raise InputError(f"The {name} {value!r} cannot be used", f"Give {options}.")


async def _print_text(
    tutor: Tutor, document: Document, question: Question, status: "_Status"
) -> int:
    shown_facts = begun = False
    async with aclosing(tutor.ask(document, question)) as events:
        async for event in events:
            if isinstance(event, FactsReady) and not shown_facts:
                shown_facts = True
                _say(_facts_text(document, event.facts, question.level) + "\n")
                status.show("Reading the code …")
            elif isinstance(event, Delta):
                status.clear()
                _say(plain_text(event.text), end="")
                begun = True
            elif isinstance(event, Done):
                status.clear()
                _say("\n" if begun else NOTHING_HELD + "\n")
                _say(summary(event.explanation))
            elif isinstance(event, Failed):
                status.clear()
                _say("" if not begun else "\n", end="")
                typer.echo(f"procoder: {describe(event.error)}", err=True)
                return 0 if shown_facts else 1
    return 0


async def _print_json(tutor: Tutor, document: Document, question: Question) -> int:
    """Print one object; a failure keeps the facts and adds `error`."""
    explanation, error = Explanation("", checks=Checks(), model=tutor.settings.model), None
    async with aclosing(tutor.ask(document, question)) as events:
        async for event in events:
            if isinstance(event, Done):
                explanation = event.explanation
            elif isinstance(event, Failed):
                error = event.error
    facts = await tutor.facts(document, question.symbol, budget=FACTS_SECONDS)
    known = asdict(explanation)
    result = {
        "facts": asdict(facts),
        "explanation": known["markdown"],
        **{name: known[name] for name in ("checks", "model", "cached", "usage", "timings_ms")},
    }
    if error is not None:
        result["error"] = {"message": str(error), "advice": error.advice}
    _say(json.dumps(result, indent=2))
    return 0 if error is None else 1


def summary(explanation: Explanation) -> str:
    """Return `5 of 5 checked · smollm2-135m · 118 tokens in 1.1 s (107/s) · prompt 212, …`."""
    usage, timings = explanation.usage, explanation.timings_ms
    parts = [explanation.checks.summary]
    if count := len(explanation.checks.dropped):
        parts.append(f"{count} dropped")
    parts.append(explanation.model)
    if explanation.cached:
        parts.append(f"from cache in {timings.total or 0:.0f} ms")
    elif usage.completion_tokens:
        seconds = ((timings.total or 0) - (timings.first_token or 0)) / 1000
        rate = f" ({usage.completion_tokens / seconds:.0f}/s)" if seconds > 0 else ""
        parts.append(f"{usage.completion_tokens} tokens in {seconds:.1f} s{rate}")
        parts.append(f"prompt {usage.prompt_tokens}, {usage.cached_tokens} from cache")
    return " · ".join(parts)


def _facts_text(document: Document, facts: Facts, level: Level) -> str:
    inside = [f for f in lint(document) if facts.line <= f.line <= facts.end_line]
    return facts_text(facts, inside, level=level)


def _say(text: str, end: str = "\n") -> None:
    """Print at once; what the terminal cannot show becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    typer.echo((text + end).encode(encoding, "replace").decode(encoding), nl=False)
    sys.stdout.flush()


class _Status:
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
