"""Commands that show text about a problem: `procoder.explainError` and `procoder.hint`.

Arguments and results are described in docs/lsp.md.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from procoder_server.analysis import Analysis
from procoder_server.arguments import read_arguments
from procoder_server.asking import Outlet, ask, model_work
from procoder_server.commands import analysed
from procoder_server.edit_requests import first_on_line
from procoder_server.errors import carrying_tutor_errors
from procoder_server.finding_keys import find_again
from procoder_server.foreign_problems import own_finding, question_about
from procoder_server.late import importing
from procoder_server.presentation import show
from procoder_server.protocol import PARTIAL_RESULT_TOKEN
from procoder_server.server import ProcoderServer
from procoder_tutor.errors import InputError
from procoder_tutor.events import Explanation
from procoder_tutor.findings import Finding
from procoder_tutor.questions import Kind, Question
from procoder_tutor.symbols import Document

if TYPE_CHECKING:
    from procoder_tutor.settings import Settings

EXPLAIN_ERROR: Final = "procoder.explainError"
HINT: Final = "procoder.hint"
_PLACE = {"uri": str, "line": int, "show": bool}
_PROBLEM = {**_PLACE, "finding": dict, "code": str, "message": str, "source": str}


def register(server: ProcoderServer) -> None:
    """Add the commands to a server."""

    @server.command(EXPLAIN_ERROR)
    async def explain_error(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(EXPLAIN_ERROR, params.arguments, _PROBLEM, required=["uri"])
        return await _explain(server, given, params.work_done_token)

    @server.command(HINT)
    async def hint(params: types.ExecuteCommandParams) -> dict[str, Any]:
        given = read_arguments(HINT, params.arguments, _PLACE, required=["uri"])
        with carrying_tutor_errors():
            return await _hint(server, given)


def find_problem(
    analysis: Analysis, traps: tuple[Finding, ...], given: Mapping[str, Any]
) -> Finding | str:
    """Return the finding that a command is about, or a question about one we do not know.

    Raises InputError where there is no problem.
    """
    findings, line = (*analysis.findings, *traps), given.get("line", 0)
    if "finding" in given:
        found = find_again(findings, given["finding"])
        if found is None:
            raise InputError("This problem is not in the document any more", "")
        return found
    if "message" in given:
        code = given.get("code", "")
        own = own_finding(findings, line + 1, code)
        said = question_about(given.get("source", ""), code, given["message"], line + 1)
        return own or said
    return first_on_line(findings, line)


async def _explain(
    server: ProcoderServer, given: Mapping[str, Any], token: types.ProgressToken | None
) -> dict[str, Any]:
    uri, name = given["uri"], given.get("code") or "this problem"
    async with model_work(server, uri, token, f"Explaining {name}") as progress:
        analysis = await analysed(server, uri)
        traps = await server.analyses.traps(analysis)
        problem = await asyncio.to_thread(find_problem, analysis, traps, given)
        session = await server.sessions.get(uri)
        question = _question(analysis.document, problem, given.get("line", 0) + 1, session.settings)
        outlet = Outlet(server, progress, given.get(PARTIAL_RESULT_TOKEN))
        answer = await ask(server, session.tutor, analysis.document, question, outlet)
    markdown, prose = _texts(analysis.document, question, answer.explanation)
    if given.get("show"):
        title = question.finding.code if question.finding else name
        server.spawn(show(server, title, markdown, prose))
    return {"markdown": markdown, "model": answer.explanation.model}


def _question(
    document: Document, problem: Finding | str, line: int, settings: "Settings"
) -> Question:
    level, language = settings.level, settings.language
    if isinstance(problem, Finding):
        symbol = document.enclosing(problem.line)
        return Question(symbol, Kind.ERROR, level, language, finding=problem)
    return Question(document.enclosing(line), Kind.CHAT, level, language, text=problem)


def _texts(document: Document, question: Question, explanation: Explanation) -> tuple[str, str]:
    """Return an answer as Markdown, and as plain text for clients that show no documents."""
    # `initialize` is answered without these.
    with importing():
        from procoder_tutor.diagnoses import diagnose, diagnosis_text  # noqa: PLC0415
        from procoder_tutor.markdown import explanation_markdown, plain_text  # noqa: PLC0415

    if question.finding is None:
        return explanation_markdown(explanation), plain_text(explanation.markdown)
    return explanation.markdown, plain_text(diagnosis_text(diagnose(document, question.finding)))


async def _hint(server: ProcoderServer, given: Mapping[str, Any]) -> dict[str, Any]:
    # `initialize` is answered without these.
    with importing():
        from procoder_tutor.hinting import next_hint  # noqa: PLC0415
        from procoder_tutor.markdown import plain_text  # noqa: PLC0415

    document = (await analysed(server, given["uri"])).document
    session = await server.sessions.get(given["uri"])
    line = given.get("line", 0) + 1
    hint = await next_hint(
        session.tutor.conversations, document, line, max_rung=session.settings.hints_up_to
    )
    if given.get("show"):
        title = f"Hint for line {line}"
        server.spawn(show(server, title, hint.markdown, plain_text(hint.markdown)))
    return {
        "markdown": hint.markdown,
        "rung": hint.rung.value,
        "more": hint.more.value if hint.more else None,
        "lesson": hint.lesson,
    }
