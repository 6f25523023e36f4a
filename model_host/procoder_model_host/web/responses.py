"""The answers' shapes, for the OpenAPI document alone: answers themselves are built in `answers`.

They forbid unknown fields, so that a test that holds answers against the document finds both
what is missing and what nobody wrote down.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from procoder_protocol.errors import ErrorCode

_Count = Annotated[int, Field(ge=0)]
_Milliseconds = Annotated[float, Field(ge=0)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PromptTokensDetails(_Shape):
    """Part of the usage."""

    cached_tokens: _Count


class Usage(_Shape):
    """Token counts."""

    prompt_tokens: _Count
    completion_tokens: _Count
    total_tokens: _Count
    prompt_tokens_details: PromptTokensDetails


class Timings(_Shape):
    """Where the time went."""

    queued_ms: _Milliseconds
    prefill_ms: _Milliseconds
    decode_ms: _Milliseconds


class _Choice(_Shape):
    index: Literal[0]
    logprobs: None
    finish_reason: Literal["stop", "length"]


class CompletionChoice(_Choice):
    """The one answer."""

    text: str


class ChatMessage(_Shape):
    """What the model says."""

    role: Literal["assistant"]
    content: str


class ChatChoice(_Choice):
    """The one answer."""

    message: ChatMessage


class _Answer(_Shape):
    id: str
    created: _Count
    model: str
    usage: Usage
    timings: Timings


class Completion(_Answer):
    """Answer of `POST /v1/completions`."""

    object: Literal["text_completion"]
    choices: Annotated[list[CompletionChoice], Field(min_length=1, max_length=1)]


class ChatCompletion(_Answer):
    """Answer of `POST /v1/chat/completions`."""

    object: Literal["chat.completion"]
    choices: Annotated[list[ChatChoice], Field(min_length=1, max_length=1)]


class FimNames(_Shape):
    """Names of the special tokens around a gap."""

    prefix: str
    suffix: str
    middle: str
    end: str


class Profile(_Shape):
    """What a client must know to prompt the model; see procoder_protocol.wire.ModelProfile."""

    kind: Literal["completion", "chat"]
    prompt_style: str
    context_window: _Count
    digest: str
    engine: str
    chat_template: str | None
    parallel: _Count
    grammar: bool
    fim: FimNames | None = None
    stops: list[str] = []
    context_length: _Count = 0
    rope_base: float = 0
    quantization: str = ""


class ModelCard(_Shape):
    """A model."""

    id: str
    object: Literal["model"]
    created: _Count
    owned_by: str
    procoder: Profile


class ModelList(_Shape):
    """Answer of `GET /v1/models`."""

    object: Literal["list"]
    data: Annotated[list[ModelCard], Field(min_length=1, max_length=1)]


class Tokens(_Shape):
    """Answer of `POST /v1/tokenize`."""

    tokens: list[_Count]
    count: _Count


class Status(_Shape):
    """Answer of the probes, and of `POST /v1/leave`."""

    status: str


class ErrorDetail(_Shape):
    """What went wrong."""

    message: str
    type: Literal["invalid_request_error", "authentication_error", "api_error"]
    code: ErrorCode
    param: str | None


class Error(_Shape):
    """Every answer that is not 2xx."""

    error: ErrorDetail
