"""The routes: each checks its request and hands it on."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from procoder_http.activity import Activity
from procoder_http.keys import OWN_NAME
from procoder_http.tracing import trace_of
from procoder_model_host.errors import ForbiddenError, InvalidRequestError, UnknownModelError
from procoder_model_host.messages import Loaded, PromptPart, Sampling, Text
from procoder_model_host.scheduling.engine_process import EngineProcess
from procoder_model_host.scheduling.generation import Generation
from procoder_model_host.scheduling.scheduler import Scheduler
from procoder_model_host.scheduling.switching import ModelSwitch
from procoder_model_host.served import ServedModel
from procoder_model_host.templates import TEMPLATES, ChatMessage, TemplateError
from procoder_model_host.web.answers import ChatShape, CompletionShape
from procoder_model_host.web.cards import model_card
from procoder_model_host.web.generating import answer, asking
from procoder_model_host.web.infill import infill_prompt
from procoder_model_host.web.metrics import CONTENT_TYPE, HostMetrics
from procoder_model_host.web.openapi import document
from procoder_model_host.web.schemas import (
    ChatCompletionBody,
    CompletionBody,
    SwitchBody,
    TokenizeBody,
    parse_body,
)
from procoder_protocol.wire import ModelCard, TokenizeResponse

_PATIENCE = 30.0
"""Seconds that a request waits for a model that is being loaded."""
_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class HostState:
    """What the routes work with."""

    engine: EngineProcess
    scheduler: Scheduler
    switch: ModelSwitch
    activity: Activity
    metrics: HostMetrics
    leave: Callable[[], None]
    """Tell this host to drain and end."""

    @property
    def model(self) -> ServedModel:
        """The model that requests must name."""
        return self.switch.model


async def health() -> Response:
    """Say that this process lives."""
    return JSONResponse({"status": "ok"})


async def readiness(request: Request) -> Response:
    """Say whether the model is loaded."""
    host = _host(request)
    host.scheduler.check_open()
    await host.engine.loaded(patience=0)
    return JSONResponse({"status": "ready"})


async def models(request: Request) -> Response:
    """List the one model served."""
    host = _host(request)
    return JSONResponse({"object": "list", "data": [await _card(host)]})


async def model(request: Request, model_id: str) -> Response:
    """Describe the one model served."""
    host = _host(request)
    _require_model(host, model_id)
    return JSONResponse(await _card(host))


async def switch_model(request: Request) -> Response:
    """Serve another model: drains, reloads, and answers with its card when it is ready."""
    host = _host(request)
    _require_owner(request)
    body = parse_body(SwitchBody, await request.body())
    await host.switch.switch(body.model)
    return JSONResponse(await _card(host))


async def leave(request: Request) -> Response:
    """Drain and end this host; a newer one takes its place."""
    _require_owner(request)
    _host(request).leave()
    return JSONResponse({"status": "leaving"}, _ACCEPTED)


async def metrics(request: Request) -> Response:
    """Report counts and times in Prometheus' text format."""
    host = _host(request)
    snapshot = host.scheduler.snapshot()
    text = host.metrics.render(host.model.id, loaded=snapshot.ready, queued=snapshot.queued)
    return Response(text, media_type=CONTENT_TYPE)


async def openapi(request: Request) -> Response:
    """Describe these routes."""
    return JSONResponse(document(_host(request).model.id))


async def completions(request: Request) -> Response:
    """Continue a prompt, or fill the gap between a prompt and a suffix."""
    body = parse_body(CompletionBody, await request.body())
    host, ask = _host(request), asking(request, "interactive")
    _require_model(host, body.model)
    fim = host.model.profile.fim if body.suffix else None
    generation = Generation(
        prompt=await _completion_prompt(host, body),
        max_tokens=body.limit,
        sampling=_sampling(body),
        stop=(*body.stops, fim.end_text) if fim else body.stops,
        priority=ask.priority,
        json_schema=await _schema(host, body),
    )
    return await answer(
        request,
        host.scheduler,
        generation,
        CompletionShape(body.model),
        deadline=ask.deadline,
        stream=body.stream,
        include_usage=body.include_usage,
    )


async def chat_completions(request: Request) -> Response:
    """Answer a conversation, in the model's own chat template."""
    body = parse_body(ChatCompletionBody, await request.body())
    host, ask = _host(request), asking(request, "chat")
    _require_model(host, body.model)
    generation = Generation(
        prompt=await _chat_prompt(host, body),
        max_tokens=body.limit,
        sampling=_sampling(body),
        stop=(*body.stops, *host.model.profile.stops),
        trim_start=True,
        priority=ask.priority,
        json_schema=await _schema(host, body),
    )
    return await answer(
        request,
        host.scheduler,
        generation,
        ChatShape(body.model),
        deadline=ask.deadline,
        stream=body.stream,
        include_usage=body.include_usage,
    )


async def tokenize(request: Request) -> Response:
    """Tokenize plain text."""
    body = parse_body(TokenizeBody, await request.body())
    host = _host(request)
    _require_model(host, body.model)
    tokens = await host.engine.tokenize(body.input)
    return JSONResponse(TokenizeResponse(tokens=tokens, count=len(tokens)))


def _host(request: Request) -> HostState:
    state: HostState = request.app.state.host
    return state


def _require_owner(request: Request) -> None:
    """Keep the holders of team keys from what concerns everybody."""
    if trace_of(request.scope).client != OWN_NAME:
        raise ForbiddenError("only the host's own token may do this, not a key of the team")


def _require_model(host: HostState, name: str) -> None:
    served = host.model.id
    if name != served:
        raise UnknownModelError(f"this host serves {served}, not {name}", param="model")


async def _card(host: HostState) -> ModelCard:
    served = host.model
    return model_card(served, await host.engine.loaded(_PATIENCE))


async def _completion_prompt(host: HostState, body: CompletionBody) -> tuple[PromptPart, ...]:
    if not body.suffix:
        return (Text(text=body.prompt),)
    fim = host.model.profile.fim
    if fim is None:
        raise InvalidRequestError(
            f"{host.model.id} was not trained to fill gaps: leave out suffix", param="suffix"
        )
    return infill_prompt(fim, body.prompt, body.suffix)


async def _chat_prompt(host: HostState, body: ChatCompletionBody) -> tuple[PromptPart, ...]:
    name = host.model.chat_template
    if name is None:
        raise InvalidRequestError(
            f"{body.model} completes text and has no chat template: use /v1/completions",
            param="model",
        )
    try:
        return TEMPLATES[name].render(
            [ChatMessage(message.role, message.text) for message in body.messages]
        )
    except TemplateError as error:
        raise InvalidRequestError(str(error), param="messages") from error


async def _schema(
    host: HostState, body: CompletionBody | ChatCompletionBody
) -> dict[str, object] | None:
    wanted = body.schema_of_answer
    if wanted is None:
        return None
    loaded: Loaded = await host.engine.loaded(_PATIENCE)
    if not loaded.grammar:
        raise InvalidRequestError(
            f"the engine {loaded.engine} cannot hold an answer to a JSON schema: "
            "start the host with --engine llamacpp",
            param="response_format",
        )
    return dict(wanted)


def _sampling(body: CompletionBody | ChatCompletionBody) -> Sampling:
    return Sampling(temperature=body.temperature, top_p=body.top_p, seed=body.seed)
