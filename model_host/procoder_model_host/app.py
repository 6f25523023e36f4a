"""The HTTP application: OpenAI's routes over an engine process."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from procoder_model_host.access import AccessMiddleware
from procoder_model_host.activity import Activity, ActivityMiddleware
from procoder_model_host.answers import ChatShape, CompletionShape, Json, Meter
from procoder_model_host.engine_process import EngineProcess
from procoder_model_host.errors import (
    InternalError,
    InvalidRequestError,
    RequestError,
    UnknownModelError,
)
from procoder_model_host.generation import AnswerEvent, Generation
from procoder_model_host.messages import Sampling, Text
from procoder_model_host.replies import (
    DisconnectedError,
    EventStream,
    error_response,
    until_disconnect,
)
from procoder_model_host.scheduler import Scheduler
from procoder_model_host.schemas import (
    ChatCompletionBody,
    CompletionBody,
    TokenizeBody,
    parse_body,
)
from procoder_model_host.served import ServedModel
from procoder_model_host.switching import ModelSwitch
from procoder_model_host.templates import TEMPLATES, ChatMessage, TemplateError
from procoder_protocol.wire import ModelCard, TokenizeResponse

_CLIENT_GONE = 499
"""nginx's status for a client that closed the connection; nobody reads it."""
_PATIENCE = 30.0
"""Seconds that a request waits for a model that is being loaded."""


@dataclass(frozen=True, slots=True)
class HostState:
    """What the routes work with."""

    engine: EngineProcess
    scheduler: Scheduler
    switch: ModelSwitch
    activity: Activity
    leave: Callable[[], None]
    """Tell this host to drain and end."""

    @property
    def model(self) -> ServedModel:
        """The model that requests must name."""
        return self.switch.model


def create_app(state: HostState, *, token: str, loopback: bool) -> FastAPI:
    """Build the application; `loopback` says that only this machine can reach it."""
    # No generated documentation: its pages load scripts from elsewhere.
    app = FastAPI(title="ProCoder model host", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.host = state
    app.add_api_route("/healthz", health, methods=["GET"])
    app.add_api_route("/readyz", readiness, methods=["GET"])
    app.add_api_route("/v1/models", models, methods=["GET"])
    app.add_api_route("/v1/models/{model_id:path}", model, methods=["GET"])
    app.add_api_route("/v1/completions", completions, methods=["POST"])
    app.add_api_route("/v1/chat/completions", chat_completions, methods=["POST"])
    app.add_api_route("/v1/tokenize", tokenize, methods=["POST"])
    app.add_exception_handler(RequestError, _on_request_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(DisconnectedError, _on_disconnect)
    app.add_exception_handler(Exception, _on_fault)
    app.add_middleware(ActivityMiddleware, activity=state.activity)
    app.add_middleware(AccessMiddleware, token=token, loopback=loopback)
    return app


async def health() -> dict[str, str]:
    """Say that this process lives."""
    return {"status": "ok"}


async def readiness(request: Request) -> Response:
    """Say whether the model is loaded."""
    _host(request).scheduler.check_open()
    await _host(request).engine.loaded(patience=0)
    return JSONResponse({"status": "ready"})


async def models(request: Request) -> Response:
    """List the one model served."""
    return JSONResponse({"object": "list", "data": [await _card(request)]})


async def model(request: Request, model_id: str) -> Response:
    """Describe the one model served."""
    _require_model(request, model_id)
    return JSONResponse(await _card(request))


async def completions(request: Request) -> Response:
    """Continue a prompt."""
    body = parse_body(CompletionBody, await request.body())
    _require_model(request, body.model)
    generation = Generation(
        prompt=(Text(text=body.prompt),),
        max_tokens=body.max_tokens or CompletionBody.DEFAULT_MAX_TOKENS,
        sampling=_sampling(body),
        stop=body.stops,
    )
    return await _answer(request, body, generation, CompletionShape(body.model))


async def chat_completions(request: Request) -> Response:
    """Answer a conversation, in the model's own chat template."""
    body = parse_body(ChatCompletionBody, await request.body())
    _require_model(request, body.model)
    host = _host(request)
    name = host.model.chat_template or (await host.engine.loaded(_PATIENCE)).chat_template
    if name is None:
        raise InvalidRequestError(
            f"{body.model} completes text and has no chat template: use /v1/completions",
            param="model",
        )
    try:
        prompt = TEMPLATES[name].render(
            [ChatMessage(message.role, message.text) for message in body.messages]
        )
    except TemplateError as error:
        raise InvalidRequestError(str(error), param="messages") from error
    generation = Generation(
        prompt=prompt,
        max_tokens=body.max_completion_tokens or body.max_tokens,
        sampling=_sampling(body),
        stop=body.stops,
        trim_start=True,
    )
    return await _answer(request, body, generation, ChatShape(body.model))


async def tokenize(request: Request) -> Response:
    """Tokenize plain text."""
    body = parse_body(TokenizeBody, await request.body())
    _require_model(request, body.model)
    tokens = await _host(request).engine.tokenize(body.input)
    return JSONResponse(TokenizeResponse(tokens=tokens, count=len(tokens)))


async def _answer(
    request: Request,
    body: CompletionBody | ChatCompletionBody,
    generation: Generation,
    shape: CompletionShape,
) -> Response:
    meter = Meter()
    events = _host(request).scheduler.generate(generation)
    if not body.stream:
        text = await until_disconnect(request.receive, _collect(events, meter))
        return JSONResponse(shape.whole(text, meter))
    # The first event says that the prompt fits: until then a failure has an HTTP status.
    try:
        first = await until_disconnect(request.receive, _first(events))
    except BaseException:
        await events.aclose()
        raise
    meter.observe(first)
    return EventStream(_chunks(events, meter, shape, include_usage=body.include_usage))


async def _first(events: AsyncIterator[AnswerEvent]) -> AnswerEvent:
    return await anext(events)


async def _collect(events: AsyncGenerator[AnswerEvent, None], meter: Meter) -> str:
    async with contextlib.aclosing(events):
        return "".join([meter.observe(event) async for event in events])


async def _chunks(
    events: AsyncGenerator[AnswerEvent, None],
    meter: Meter,
    shape: CompletionShape,
    *,
    include_usage: bool,
) -> AsyncGenerator[Json, None]:
    async with contextlib.aclosing(events):
        for chunk in shape.opening():
            yield chunk
        async for event in events:
            if text := meter.observe(event):
                yield shape.chunk(text)
    yield shape.closing(meter)
    if include_usage:
        yield shape.accounts(meter)


def _host(request: Request) -> HostState:
    state: HostState = request.app.state.host
    return state


async def _card(request: Request) -> ModelCard:
    host = _host(request)
    return host.model.card(await host.engine.loaded(_PATIENCE))


def _require_model(request: Request, name: str) -> None:
    served = _host(request).model.id
    if name != served:
        raise UnknownModelError(f"this host serves {served}, not {name}", param="model")


def _sampling(body: CompletionBody | ChatCompletionBody) -> Sampling:
    return Sampling(temperature=body.temperature, top_p=body.top_p, seed=body.seed)


async def _on_request_error(_: Request, error: Exception) -> Response:
    known = error if isinstance(error, RequestError) else InternalError()
    return error_response(known)


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path
    words = {404: f"there is nothing at {path}", 405: f"{path} does not take {request.method}"}
    refusal = InvalidRequestError(words.get(status, "the request cannot be served"))
    return error_response(refusal, status)


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=_CLIENT_GONE)


async def _on_fault(_: Request, __: Exception) -> Response:
    return error_response(InternalError())
