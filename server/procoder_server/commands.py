"""`procoder.explain` and `procoder.explainParts`: an explanation as the result of a command.

Arguments, results and progress are described in docs/lsp.md.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lsprotocol import types
from pygls.workspace import TextDocument

from procoder_server.analysis import Analysis
from procoder_server.arguments import read_arguments, read_level, read_range
from procoder_server.asking import Answer, Outlet, ask, model_work
from procoder_server.errors import InvalidArgumentsError
from procoder_server.late import importing
from procoder_server.next_steps import next_steps, question_about
from procoder_server.presentation import show
from procoder_server.protocol import PARTIAL_RESULT_TOKEN, is_python
from procoder_server.references import references, subject
from procoder_server.selections import Selection
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import NoSymbolError
from procoder_tutor.questions import Kind, Level, Question
from procoder_tutor.symbols import Document, Symbol

EXPLAIN = "procoder.explain"
EXPLAIN_PARTS = "procoder.explainParts"
_FIELDS = {
    "uri": str,
    "line": int,
    "symbol": str,
    "range": dict,
    "level": str,
    "refresh": bool,
    "show": bool,
}
PLACES = frozenset({"line", "symbol", "range"})
"""Any of these says which code a command is about; a range before the others."""


@dataclass(frozen=True, slots=True)
class ExplainArguments:
    """The argument of `procoder.explain`, checked."""

    uri: str
    line: int | None = None
    symbol: str | None = None
    range: types.Range | None = None
    level: Level | None = None
    refresh: bool = False
    show: bool = False
    partial: types.ProgressToken | None = None


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(EXPLAIN)
    async def explain(params: types.ExecuteCommandParams) -> dict[str, Any]:
        return await _explain(server, params, Kind.EXPLAIN)

    @server.command(EXPLAIN_PARTS)
    async def explain_parts(params: types.ExecuteCommandParams) -> dict[str, Any]:
        return await _explain(server, params, Kind.BLOCKS)


def parse_arguments(arguments: Sequence[Any] | None, command: str = EXPLAIN) -> ExplainArguments:
    """Check the arguments of a command; raises InvalidArgumentsError."""
    given = read_arguments(command, arguments, _FIELDS, required=["uri"])
    if not given.keys() & PLACES:
        message = f"{command} needs `uri` and one of `line`, `symbol` and `range`."
        raise InvalidArgumentsError(message=message)
    level, partial = read_level(given.pop("level", None)), given.pop(PARTIAL_RESULT_TOKEN, None)
    if "range" in given:
        given["range"] = read_range(given["range"])
    return ExplainArguments(**given, level=level, partial=partial)


def find_code(document: Document, text_document: TextDocument, given: ExplainArguments) -> Symbol:
    """Return the code that a command is about; raises NoSymbolError where there is none."""
    if given.range is not None:
        selection = Selection.of(text_document, given.range)
        if not selection.empty:
            return document.selection(selection.line, selection.end_line)
        return selection.symbol(document)
    return find_symbol(document, given.symbol, given.line)


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


async def analysed(server: ProcoderServer, uri: str) -> Analysis:
    """Return a document as it is now; raises InputError for one that cannot be explained."""
    text_document = server.workspace.get_text_document(uri)
    if not is_python(text_document.language_id, uri):
        raise NoSymbolError("ProCoder explains Python so far", "Choose a Python document.")
    return await server.analyses.get(uri)


def to_result(answer: Answer, level: Level, text_document: TextDocument) -> dict[str, Any]:
    """Return the JSON answer of the commands."""
    with importing():
        from procoder_server import answer_cards  # noqa: PLC0415 - `initialize` needs no Markdown

    markdown = answer_cards.explained(answer, level)
    return {"markdown": markdown, **answer_fields(answer, markdown, text_document)}


def answer_fields(answer: Answer, markdown: str, text_document: TextDocument) -> dict[str, Any]:
    """Return what every answer of a command holds; `markdown` is the answer as it is shown."""
    explanation = answer.explanation
    return {
        "explanation": explanation.markdown,
        "blocks": [asdict(block) for block in answer.blocks],
        "symbol": answer.facts.name,
        "subject": subject(answer.facts, text_document),
        "references": references(markdown, text_document),
        "facts": asdict(answer.facts),
        "checks": {**asdict(explanation.checks), "summary": explanation.checks.summary},
        "cached": explanation.cached,
        "model": explanation.model,
        "usage": asdict(explanation.usage),
        "timings_ms": asdict(explanation.timings_ms),
        "sent": list(explanation.sent),
    }


async def _explain(
    server: ProcoderServer, params: types.ExecuteCommandParams, kind: Kind
) -> dict[str, Any]:
    arguments = parse_arguments(params.arguments, params.command)
    title = f"Explaining {arguments.symbol or 'this code'}"
    text_document = server.workspace.get_text_document(arguments.uri)
    async with model_work(server, arguments.uri, params.work_done_token, title) as progress:
        document = (await analysed(server, arguments.uri)).document
        session = await server.sessions.get(arguments.uri)
        question = Question(
            find_code(document, text_document, arguments),
            kind,
            level=arguments.level or session.settings.level,
            language=session.settings.language,
            refresh=arguments.refresh,
        )
        outlet = Outlet(server, progress, arguments.partial)
        answer = await ask(server, session.tutor, document, question, outlet)
    result = to_result(answer, question.level, text_document)
    argument = question_about(question.symbol, kind)
    result["next"] = next_steps(kind, question.level, argument, answer, ())
    if arguments.show:
        prose = answer.explanation.markdown
        server.spawn(show(server, question.symbol.name, result["markdown"], prose))
    return result
