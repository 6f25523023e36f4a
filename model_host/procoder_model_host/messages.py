"""What the host's parent and its engine child say to each other: one JSON object a line.

Parent to child: Load, Generate, Cancel, Tokenize. Child to parent: everything in `Reply`.
`id` is the parent's number for a request; every request with one is answered by exactly one
Tokens, Finished or Failed that carries it.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from procoder_protocol.errors import ErrorCode
from procoder_protocol.wire import FinishReason

Priority = Literal["interactive", "chat", "prefetch"]
"""Most urgent first: somebody waits; somebody reads along; nobody has asked yet."""


class MessageError(ValueError):
    """A line that is no message of this protocol."""


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Text(_Message):
    """Part of a prompt: text in which special tokens are never recognized."""

    text: str
    joined: bool = False
    """It goes on where the part before ends: no space is put before it by the tokenizer."""


class Special(_Message):
    """Part of a prompt: one special token, by its name in the vocabulary."""

    special: str


PromptPart = Text | Special


class Sampling(_Message):
    """How the next token is chosen; temperature 0 takes the most likely one."""

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None
    """None draws a fresh seed."""


class Load(_Message):
    """First message: what to serve. Answered by Loaded or LoadFailed."""

    type: Literal["load"] = "load"
    engine: str
    path: str
    adapted_folder: str
    """Where the engine may keep a rewritten copy of the model."""
    adapter: str | None = None
    """Folder of a LoRA adapter; refused by engines that cannot apply one."""
    context_window: int
    """Upper bound in tokens; the model's own window may be smaller."""
    threads: int
    parallel: int | None = None
    """Requests of one priority to work on at the same time, for engines that can; None: many."""
    niceness: int = 5
    """Of 19, on POSIX systems: how far the child gives way to the rest of the machine."""
    memory_budget: int | None = None
    """Bytes for all KV caches together; None: what the machine can spare."""
    rope_base: float | None = None
    """The user's correction of what the file says; None leaves it."""
    context_length: int | None = None
    """Likewise, of the tokens that the model was trained for."""


class Generate(_Message):
    """Answer a prompt: Accepted, Prefilling…, Prefilled, Delta…, Finished; or Failed."""

    type: Literal["generate"] = "generate"
    id: int
    prompt: tuple[PromptPart, ...]
    max_tokens: int | None
    """None: as many as fit into the context window. 0: only evaluate the prompt and keep it."""
    priority: Priority = "interactive"
    """A more urgent request is served first, from the next token on."""
    json_schema: dict[str, Any] | None = None
    """The answer must be JSON of this schema; refused by engines without grammars."""
    sampling: Sampling = Sampling()
    stop: tuple[str, ...] = ()
    trim_start: bool = False
    """Drop white space before the first visible character of the answer."""


class Tokenize(_Message):
    """Count the tokens of plain text. Answered by Tokens, also while another answer runs."""

    type: Literal["tokenize"] = "tokenize"
    id: int
    text: str


class Cancel(_Message):
    """Break off a Generate; its Finished comes within one token or one prefill batch."""

    type: Literal["cancel"] = "cancel"
    id: int


class Loaded(_Message):
    """The model is ready."""

    type: Literal["loaded"] = "loaded"
    engine: str
    parallel: int = 1
    """Requests of one priority that the engine works on at the same time."""
    grammar: bool = False
    """Whether answers can be held to a JSON schema."""
    context_window: int
    chat_template: str | None
    """Name in our fixed table, when the model's own template matches one."""


class LoadFailed(_Message):
    """The model cannot be loaded, and trying again would not help."""

    type: Literal["load_failed"] = "load_failed"
    reason: str


class Accepted(_Message):
    """The prompt fits; its evaluation begins."""

    type: Literal["accepted"] = "accepted"
    id: int
    prompt_tokens: int


class Prefilling(_Message):
    """Part of the prompt is evaluated: a sign of life, and a measure of progress."""

    type: Literal["prefilling"] = "prefilling"
    id: int
    evaluated: int
    """Tokens of the prompt whose KV entries are there, reused ones included."""


class Prefilled(_Message):
    """The prompt is evaluated."""

    type: Literal["prefilled"] = "prefilled"
    id: int
    cached_tokens: int
    prefill_ms: float


class Delta(_Message):
    """More of the answer's text."""

    type: Literal["delta"] = "delta"
    id: int
    text: str


class Finished(_Message):
    """The answer is complete, or was cancelled."""

    type: Literal["finished"] = "finished"
    id: int
    finish_reason: FinishReason | Literal["cancelled"]
    completion_tokens: int
    decode_ms: float


class Failed(_Message):
    """A request was refused or broke; `id` is None when it could not even be read."""

    type: Literal["failed"] = "failed"
    id: int | None
    code: ErrorCode
    message: str


class Tokens(_Message):
    """The tokens of a Tokenize."""

    type: Literal["tokens"] = "tokens"
    id: int
    tokens: list[int]


Request = Load | Generate | Tokenize | Cancel
Reply = Loaded | LoadFailed | Accepted | Prefilling | Prefilled | Delta | Finished | Failed | Tokens

_T = TypeVar("_T")
_REQUESTS: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="type")])
_REPLIES: TypeAdapter[Reply] = TypeAdapter(Annotated[Reply, Field(discriminator="type")])


def encode(message: Request | Reply) -> bytes:
    """Render as one line, newline included."""
    return message.model_dump_json().encode() + b"\n"


def decode_request(line: bytes) -> Request:
    """Read a line from the parent; raises MessageError."""
    return _decode(_REQUESTS, line)


def decode_reply(line: bytes) -> Reply:
    """Read a line from the child; raises MessageError."""
    return _decode(_REPLIES, line)


def _decode(adapter: TypeAdapter[_T], line: bytes) -> _T:
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise MessageError(f"not a message: {first['msg']} at {first['loc']}") from error
