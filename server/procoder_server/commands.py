"""`workspace/executeCommand`: the command `procoder.explain`.

Argument, one object:
    uri      the document
    line     0-based, as LSP counts: explain the innermost symbol there
    symbol   qualified name, e.g. `Account.deposit`; with `line` when the name is not unique
    level    optional: beginner, intermediate or expert
    refresh  optional: ask the model even if an answer is cached
    show     optional: also show the result, for editors that drop what commands return

Result: {markdown, explanation, symbol, facts, checks, cached, model, usage, timings_ms}.
`markdown` is everything, ready to show; `explanation` is the model's prose alone; lines in `facts`
are 1-based.

Progress: `begin` says what is happening, every `report` carries the next piece of the explanation
(joined they are the explanation; there is no percentage, since nobody knows the length), `end` has
the verdict of the checks. Cancelling the request or its progress stops the model; the answer is
then RequestCancelled.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lsprotocol import types

from procoder_server.errors import InvalidArgumentsError, RequestFailedError
from procoder_server.parts import Explained
from procoder_server.presentation import show
from procoder_server.progress import Progress, work_progress
from procoder_server.protocol import is_python
from procoder_server.server import ProcoderServer
from procoder_server.session import Tutor, answering
from procoder_tutor.errors import BackendError, NoSymbolError, TutorError
from procoder_tutor.events import Delta, Done, Explanation, FactsReady, Failed
from procoder_tutor.facts.model import Facts
from procoder_tutor.questions import Level, Question
from procoder_tutor.symbols import Document, Symbol

EXPLAIN = "procoder.explain"
_FIELDS = {"uri": str, "line": int, "symbol": str, "level": str, "refresh": bool, "show": bool}


@dataclass(frozen=True, slots=True)
class ExplainArguments:
    """The argument of `procoder.explain`, checked."""

    uri: str
    line: int | None = None
    symbol: str | None = None
    level: Level | None = None
    refresh: bool = False
    show: bool = False


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(EXPLAIN)
    async def explain(params: types.ExecuteCommandParams) -> dict[str, Any]:
        arguments = parse_arguments(params.arguments)
        try:
            return await _explain(server, arguments, params.work_done_token)
        except TutorError as error:
            raise RequestFailedError.from_tutor(error) from error


def parse_arguments(arguments: Sequence[Any] | None) -> ExplainArguments:
    """Check the arguments of the command; raises InvalidArgumentsError."""
    if not arguments or len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise InvalidArgumentsError(message=f"{EXPLAIN} takes one object with `uri`.")
    given = {name: value for name, value in arguments[0].items() if value is not None}
    for name, value in given.items():
        if name not in _FIELDS:
            raise InvalidArgumentsError(message=f"{EXPLAIN} has no argument `{name}`.")
        if type(value) is not _FIELDS[name]:
            expected = _FIELDS[name].__name__
            raise InvalidArgumentsError(message=f"`{name}` must be of type {expected}.")
    if "uri" not in given or not given.keys() & {"line", "symbol"}:
        raise InvalidArgumentsError(message=f"{EXPLAIN} needs `uri` and `line` or `symbol`.")
    if "level" in given:
        given["level"] = _level(given["level"])
    return ExplainArguments(**given)


def find_symbol(document: Document, name: str | None, line: int | None) -> Symbol:
    """Return the symbol of that name, at `line` (0-based) if several have it; or the one there.

    Raises NoSymbolError.
    """
    if name is None:
        return document.enclosing((line or 0) + 1)
    if line is not None:
        for symbol in document.symbols:
            if symbol.name == name and symbol.line <= line + 1 <= symbol.end_line:
                return symbol
    return document.by_name(name)


def to_result(facts: Facts, explanation: Explanation, level: Level) -> dict[str, Any]:
    """Return the JSON answer of the command."""
    from procoder_server import cards  # noqa: PLC0415 - `initialize` is answered without Markdown

    return {
        "markdown": cards.compose_markdown(facts, (), Explained(explanation), level),
        "explanation": explanation.markdown,
        "symbol": facts.name,
        "facts": asdict(facts),
        "checks": asdict(explanation.checks),
        "cached": explanation.cached,
        "model": explanation.model,
        "usage": asdict(explanation.usage),
        "timings_ms": asdict(explanation.timings_ms),
    }


async def _explain(
    server: ProcoderServer, arguments: ExplainArguments, token: types.ProgressToken | None
) -> dict[str, Any]:
    text_document = server.workspace.get_text_document(arguments.uri)
    if not is_python(text_document.language_id, arguments.uri):
        raise NoSymbolError("ProCoder explains Python so far", "Choose a Python document.")
    document = (await server.analyses.get(arguments.uri)).document
    symbol = find_symbol(document, arguments.symbol, arguments.line)
    session = await server.sessions.get(arguments.uri)
    question = Question(
        symbol,
        level=arguments.level or session.settings.level,
        language=session.settings.language,
        refresh=arguments.refresh,
    )
    title = f"Explaining {symbol.name}"
    async with work_progress(server, token, title, "reading the code") as progress:
        facts, explanation = await _stream(session.tutor, document, question, progress)
        progress.closing_message = explanation.checks.summary
    server.background.pace.learn(explanation)
    result = to_result(facts, explanation, question.level)
    if arguments.show:
        server.spawn(show(server, symbol.name, result["markdown"], explanation.markdown))
    return result


async def _stream(
    tutor: Tutor, document: Document, question: Question, progress: Progress
) -> tuple[Facts, Explanation]:
    """Pass the text on as it comes; leaving early closes the iterator, which stops the model."""
    facts: Facts | None = None
    explanation: Explanation | None = None
    streamed = False
    async with answering(tutor, document, question) as events:
        async for event in events:
            match event:
                case FactsReady(ready):
                    facts = ready
                case Delta(text):
                    streamed = True
                    progress.report(text)
                case Done(done):
                    explanation = done
                case Failed(error):
                    raise error
    if explanation is None or facts is None:
        raise BackendError("The answer broke off", "Ask again.")
    if not streamed and explanation.markdown:
        progress.report(explanation.markdown)
    return facts, explanation


def _level(name: str) -> Level:
    try:
        return Level(name)
    except ValueError:
        known = ", ".join(level.value for level in Level)
        raise InvalidArgumentsError(message=f"`level` is one of {known}.") from None
