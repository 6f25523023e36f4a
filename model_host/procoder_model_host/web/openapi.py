"""The OpenAPI document of the host, made of the models that bodies are checked with.

Served at `/openapi.json`, like everything else only with the token. What no schema can say
(whether a prompt fits the context window, or a model has infilling tokens) is answered with 400.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from procoder_model_host.messages import Priority
from procoder_model_host.web import responses, schemas
from procoder_model_host.web.generating import DEADLINE_HEADER, LONGEST_DEADLINE, PRIORITY_HEADER

Json = dict[str, Any]

_BODIES: tuple[type[BaseModel], ...] = (
    schemas.CompletionBody,
    schemas.ChatCompletionBody,
    schemas.TokenizeBody,
    schemas.SwitchBody,
)
_ANSWERS: tuple[type[BaseModel], ...] = (
    responses.Completion,
    responses.ChatCompletion,
    responses.ModelList,
    responses.ModelCard,
    responses.Tokens,
    responses.Status,
    responses.Error,
)
_REFUSALS = {
    400: "The request is malformed, or asks for what this host cannot do.",
    401: "The bearer token is missing or wrong.",
    403: "Only the owner of the host may do this.",
    404: "This host does not serve that model.",
    409: "The host changes to another model.",
    413: "The body is too large.",
    429: "Too many requests wait.",
    500: "A fault of the host.",
    502: "The engine died while it answered.",
    503: "The model is not there, or the host is leaving.",
    504: "The caller's deadline passed.",
}
_GENERATION = tuple(_REFUSALS)
_PLAIN = (400, 401, 500, 503)
_OWNER = (400, 401, 403, 500, 503)
_MODEL = (400, 401, 404, 500, 503)
_EVENT: Json = {
    "description": "A chunk of the answer as JSON, an error body, or `[DONE]`.",
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "string"}},
}
"""One server-sent event; comments in between only keep the connection alive."""
_URGENCY: list[Json] = [
    {
        "name": PRIORITY_HEADER,
        "in": "header",
        "description": "Most urgent first; a more urgent request preempts within one token.",
        "schema": {"enum": list(get_args(Priority))},
    },
    {
        "name": DEADLINE_HEADER,
        "in": "header",
        "description": "Seconds from now.",
        "schema": {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_DEADLINE},
    },
]


def document(model: str) -> Json:
    """Return the document of a host that serves this model."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "ProCoder model host", "version": version("procoder")},
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(model),
        },
    }


def _paths() -> Json:
    name = {"name": "model_id", "in": "path", "required": True, "schema": {"type": "string"}}
    completion = _answer("Completion", stream=True) | _refusals(_GENERATION)
    chat = _answer("ChatCompletion", stream=True) | _refusals(_GENERATION)
    metrics = {"200": _content("The metrics.", {"text/plain": {"schema": {"type": "string"}}})}
    document_ = {"200": _content("It.", {"application/json": {"schema": {"type": "object"}}})}
    probe = _answer("Status") | _refusals((400, 500, 503))
    return {
        "/healthz": {"get": _get("Say that the host lives.", probe) | {"security": []}},
        "/readyz": {"get": _get("Say whether the model is loaded.", probe) | {"security": []}},
        "/metrics": {"get": _get("Counts for Prometheus.", metrics | _refusals(_PLAIN))},
        "/openapi.json": {"get": _get("This document.", document_ | _refusals(_PLAIN))},
        "/v1/models": {
            "get": _get("List the one model.", _answer("ModelList") | _refusals(_PLAIN))
        },
        "/v1/models/{model_id}": {
            "get": _get("Describe the model.", _answer("ModelCard") | _refusals(_MODEL))
            | {"parameters": [name]}
        },
        "/v1/completions": {
            "post": _post("Continue a prompt, or fill a gap.", "CompletionBody", completion)
            | {"parameters": _URGENCY}
        },
        "/v1/chat/completions": {
            "post": _post("Answer a conversation.", "ChatCompletionBody", chat)
            | {"parameters": _URGENCY}
        },
        "/v1/tokenize": {
            "post": _post(
                "Tokenize plain text.", "TokenizeBody", _answer("Tokens") | _refusals(_GENERATION)
            )
        },
        "/v1/models/switch": {
            "post": _post(
                "Serve another model.", "SwitchBody", _answer("ModelCard") | _refusals(_GENERATION)
            )
        },
        "/v1/leave": {
            "post": _get("Drain and end.", _answer("Status", status=202) | _refusals(_OWNER))
        },
    }


def _get(summary: str, answers: Json) -> Json:
    return {"summary": summary, "responses": answers}


def _post(summary: str, body: str, answers: Json) -> Json:
    content = {"application/json": {"schema": _reference(body)}}
    return _get(summary, answers) | {"requestBody": {"required": True, "content": content}}


def _answer(name: str, *, status: int = 200, stream: bool = False) -> Json:
    content: Json = {"application/json": {"schema": _reference(name)}}
    if stream:
        content["text/event-stream"] = {"schema": _EVENT}
    return {str(status): _content("The answer.", content)}


def _refusals(codes: Iterable[int]) -> Json:
    content = {"application/json": {"schema": _reference("Error")}}
    return {str(code): _content(_REFUSALS[code], content) for code in codes}


def _content(description: str, content: Json) -> Json:
    return {"description": description, "content": content}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(model: str) -> Json:
    template = "#/components/schemas/{model}"
    _, bodies = models_json_schema(
        [(kind, "validation") for kind in _BODIES], ref_template=template
    )
    _, answers = models_json_schema(
        [(kind, "serialization") for kind in _ANSWERS], ref_template=template
    )
    requested: Json = bodies["$defs"]
    for name, schema in requested.items():
        _with_null(schema)
        if name != "SwitchBody" and "model" in schema.get("properties", {}):
            schema["properties"]["model"] = {"enum": [model]}
    for kind in (schemas.CompletionBody, schemas.ChatCompletionBody):
        requested[kind.__name__]["properties"] |= _neutral(schemas.UNSUPPORTED)
    requested |= answers["$defs"]
    return requested


def _with_null(schema: Json) -> None:
    """Say that null means the default, as in OpenAI's clients."""
    required = schema.get("required", ())
    for name, value in schema.get("properties", {}).items():
        if name not in required and {"type": "null"} not in value.get("anyOf", ()):
            schema["properties"][name] = {"anyOf": [value, {"type": "null"}]}


def _neutral(unsupported: Mapping[str, tuple[tuple[object, ...], str]]) -> Json:
    return {
        name: {"enum": [*values, None], "description": f"Nothing else: {reason}."}
        for name, (values, reason) in unsupported.items()
    }
