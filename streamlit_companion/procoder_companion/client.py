"""The API's routes as methods; every one raises CompanionError with a sentence for the reader."""

from collections.abc import Mapping
from urllib.parse import quote

import httpx2

from procoder_companion import values
from procoder_companion.endpoint import Endpoint
from procoder_companion.wire import TIMEOUT, V, authorization, parse, problem, unreachable

_PAGE = 20


class Client:
    """Asks one API with one key."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._http = httpx2.Client(
            base_url=endpoint.url,
            headers=authorization(endpoint),
            timeout=TIMEOUT,
            # A tab ends without saying so: nothing may stay open between two requests.
            limits=httpx2.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    def facts(self, code: str, filename: str) -> values.KnownFacts:
        """Return what the whole of some code proves, without waiting for types."""
        body = {"code": code, "filename": filename, "budget": 0}
        return self._post("/v1/facts", values.KnownFacts, body)

    def lint(self, code: str, filename: str) -> values.Findings:
        """Return what is wrong with some code."""
        return self._post("/v1/lint", values.Findings, {"code": code, "filename": filename})

    def hint(self, code: str, filename: str, line: int, expected: str) -> values.Hint:
        """Return the next hint about a line."""
        body = {"code": code, "filename": filename, "line": line, "expected": expected}
        return self._post("/v1/hints", values.Hint, body)

    def lessons(self, words: str = "") -> values.LessonTitles:
        """Return the lessons, or those about some words."""
        return self._get("/v1/lessons", values.LessonTitles, q=words)

    def lesson(self, lesson_id: str, *, solution: bool) -> values.LessonText:
        """Return a lesson; `solution` says whether with that of its exercise."""
        asked = str(solution).lower()
        return self._get(f"/v1/lessons/{quote(lesson_id)}", values.LessonText, solution=asked)

    def finish_lesson(self, lesson_id: str) -> None:
        """Note that a lesson is finished."""
        self._send("PUT", f"/v1/lessons/{quote(lesson_id)}/finished")

    def reopen_lesson(self, lesson_id: str) -> None:
        """Forget that a lesson is finished."""
        self._send("DELETE", f"/v1/lessons/{quote(lesson_id)}/finished")

    def begin(self, title: str) -> values.Conversation:
        """Begin a conversation."""
        return self._post("/v1/conversations", values.Conversation, {"title": title})

    def conversations(self, cursor: str | None = None, limit: int = _PAGE) -> values.Conversations:
        """Return a page of conversations, the latest first."""
        place = {} if cursor is None else {"cursor": cursor}
        return self._get("/v1/conversations", values.Conversations, limit=str(limit), **place)

    def search(self, words: str) -> values.SearchResult:
        """Return the turns that hold all of some words."""
        return self._get("/v1/conversations/search", values.SearchResult, q=words)

    def conversation(self, conversation_id: str) -> values.ConversationTurns:
        """Return a conversation with what was said."""
        return self._get(_path(conversation_id), values.ConversationTurns)

    def export(self, conversation_id: str) -> str:
        """Return a conversation as a Markdown document."""
        return self._send("GET", f"{_path(conversation_id)}/export").text

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation."""
        self._send("DELETE", _path(conversation_id))

    def delete_everything(self) -> None:
        """Delete all conversations, and what is remembered of hints and lessons."""
        self._send("DELETE", "/v1/conversations")

    def models(self) -> values.Models:
        """Name the model that answers; starts its host if need be."""
        return self._get("/v1/models", values.Models)

    def _get(self, path: str, kind: type[V], **query: str) -> V:
        return parse(kind, self._send("GET", path, query=query).content)

    def _post(self, path: str, kind: type[V], body: Mapping[str, object]) -> V:
        return parse(kind, self._send("POST", path, body=body).content)

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        try:
            response = self._http.request(method, path, json=body, params=query)
        except httpx2.TransportError as error:
            raise unreachable(error) from error
        if not response.is_success:
            raise problem(response.content, response.status_code)
        return response


def _path(conversation_id: str) -> str:
    return f"/v1/conversations/{quote(conversation_id, safe='')}"
