"""What the commands that ask the tutor share: a request in, its answer on the terminal."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

import typer

from procoder_cli.changes import apply
from procoder_cli.options import STOPPED
from procoder_cli.printing import Printer, Status
from procoder_cli.source import Where, load_document, select
from procoder_tutor.edits.difference import difference
from procoder_tutor.edits.model import ProposedEdit, Rejected
from procoder_tutor.errors import InputError, TutorError, describe
from procoder_tutor.events import Checks, Done, Event, Explanation, Failed, Proposed
from procoder_tutor.lint import lint
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.settings import Settings, load_settings
from procoder_tutor.symbols import Document
from procoder_tutor.tutor import Tutor, create_tutor

FACTS_SECONDS = 2.0
"""How long --json waits for inferred types and full names."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a command."""

    path: str
    where: Where
    kind: Kind = Kind.EXPLAIN
    text: str = ""
    refresh: bool = False
    as_json: bool = False
    show_sent: bool = False
    new_conversation: bool = False
    write: bool = False
    """Make the change that was proposed."""


def ask_and_exit(request: Request, overrides: Mapping[str, Any]) -> NoReturn:
    """Ask, print, and end the process with the exit code that fits."""
    try:
        code = asyncio.run(_run(request, overrides))
    except KeyboardInterrupt:
        typer.echo("procoder: Stopped.", err=True)
        raise typer.Exit(STOPPED) from None
    except TutorError as error:
        typer.echo(f"procoder: {describe(error)}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(code)


async def _run(request: Request, overrides: Mapping[str, Any]) -> int:
    settings, problems = load_settings(overrides)
    for problem in problems:
        typer.echo(f"procoder: {problem}", err=True)
    _refuse_bad_options(overrides, problems)
    document = load_document(request.path)
    status = Status()
    tutor = create_tutor(settings, on_host_start=lambda: status.show("Starting the model host …"))
    try:
        question = await _question(request, settings, document, tutor)
        if request.as_json:
            return await _print_json(tutor, document, question)
        return await _print(request, tutor, document, question, status)
    finally:
        status.clear()
        await tutor.aclose()


async def _question(
    request: Request, settings: Settings, document: Document, tutor: Tutor
) -> Question:
    finding = None
    if request.kind is Kind.FIX:
        line = request.where.line
        found = [f for f in lint(document) if line is None or f.line <= line <= f.end_line]
        if not found:
            place = "this file" if line is None else f"line {line}"
            raise InputError(f"The linter finds nothing in {place}", "Run `procoder lint`.")
        finding = min(found, key=lambda f: (f.severity != "error", f.line))
    conversation = None
    if request.kind is Kind.CHAT:
        uri = document.snapshot.uri
        begin = tutor.conversations.start_new if request.new_conversation else None
        conversation = (await (begin or tutor.conversations.open_for)(uri)).id
    symbol = document.enclosing(finding.line) if finding else select(document, request.where)
    return Question(
        symbol,
        kind=request.kind,
        level=settings.level,
        language=settings.language,
        refresh=request.refresh,
        text=request.text,
        finding=finding,
        conversation=conversation,
    )


def _refuse_bad_options(overrides: Mapping[str, Any], problems: tuple[str, ...]) -> None:
    """A bad environment variable falls back; a bad option on this very line does not."""
    for name, value in overrides.items():
        if value is not None and any(f"`{name}`" in problem for problem in problems):
            options = ", ".join(Level) if name == "level" else "a code such as en or es"
            raise InputError(f"The {name} {value!r} cannot be used", f"Give {options}.")


async def _print(
    request: Request, tutor: Tutor, document: Document, question: Question, status: Status
) -> int:
    printer = Printer(document, question, status)
    proposal: ProposedEdit | Rejected | None = None
    async with aclosing(tutor.ask(document, question)) as events:
        async for event in events:
            printer.take(event)
            if isinstance(event, Proposed):
                proposal = event.proposal
            if isinstance(event, Done) and request.show_sent:
                printer.sent(event.explanation)
    if isinstance(proposal, ProposedEdit):
        typer.echo(difference(document, proposal), nl=False)
        if request.write:
            for path in apply(document, proposal):
                typer.echo(f"Changed {path}.", err=True)
    return printer.code


async def _print_json(tutor: Tutor, document: Document, question: Question) -> int:
    """Print one object; a failure keeps the facts and adds `error`."""
    explanation, error = await _outcome(tutor.ask(document, question), tutor.settings.model)
    facts = await tutor.facts(document, question.symbol, budget=FACTS_SECONDS)
    known = asdict(explanation)
    result = {
        "facts": asdict(facts),
        "explanation": known.pop("markdown"),
        **known,
    }
    if error is not None:
        result["error"] = {"message": str(error), "advice": error.advice}
    typer.echo(json.dumps(result, indent=2))
    sys.stdout.flush()
    return 0 if error is None else 1


async def _outcome(
    asked: AsyncGenerator[Event, None], model: str
) -> tuple[Explanation, TutorError | None]:
    explanation, error = Explanation("", checks=Checks(), model=model), None
    async with aclosing(asked) as events:
        async for event in events:
            if isinstance(event, Done):
                explanation = event.explanation
            elif isinstance(event, Failed):
                error = event.error
    return explanation, error
