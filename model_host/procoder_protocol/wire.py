"""The OpenAI wire format as ProCoder speaks it: field names, units, and our additions.

Source of the shared part: the OpenAI API reference (completions, chat completions, models).
Additions, which other clients ignore: `timings` beside `usage`, `procoder` in a model card,
`POST /v1/tokenize`, `POST /v1/models/switch`, `POST /v1/leave`, and the headers
`X-ProCoder-Priority` (interactive, chat or prefetch) and `X-ProCoder-Deadline` (seconds).
"""

from typing import Literal, NotRequired, TypedDict

FinishReason = Literal["stop", "length"]
ProfileKind = Literal["completion", "chat"]


class PromptTokensDetails(TypedDict):
    """Part of `Usage`."""

    cached_tokens: int
    """Tokens of the prompt whose KV entries were reused, not evaluated."""


class Usage(TypedDict):
    """Token counts of one answer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptTokensDetails


class Timings(TypedDict):
    """Where the time of one answer went, in milliseconds."""

    queued_ms: float
    prefill_ms: float
    decode_ms: float


class FimNames(TypedDict):
    """Names of the special tokens around a gap."""

    prefix: str
    suffix: str
    middle: str
    end: str


class ModelProfile(TypedDict):
    """The `procoder` field of a model card: what a client must know to prompt the model."""

    kind: ProfileKind
    """`completion` for base models; `chat` when a chat template of our fixed table fits."""
    prompt_style: str
    """The tutor's prompt family for this model: `docstring`, `purpose` or `chat`."""
    context_window: int
    """Tokens that prompt and answer share."""
    digest: str
    """`sha256:<hex>` of the original model file: part of every cache key."""
    engine: str
    chat_template: NotRequired[str | None]
    """A name of our fixed table."""
    fim: NotRequired[FimNames | None]
    """None: the model was not trained to fill gaps, and `suffix` is refused."""
    stops: NotRequired[list[str]]
    """Texts that end an answer, besides the model's own end tokens."""
    context_length: NotRequired[int]
    """Tokens that the model was trained for; `context_window` is what this host gives it."""
    rope_base: NotRequired[float]
    quantization: NotRequired[str]
    parallel: NotRequired[int]
    """Requests of one priority that are worked on at the same time."""
    grammar: NotRequired[bool]
    """Whether `response_format` can be a JSON schema."""


class ModelCard(TypedDict):
    """One entry of `GET /v1/models`."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    procoder: ModelProfile


class ErrorDetail(TypedDict):
    """The content of an OpenAI error body."""

    message: str
    type: str
    code: str
    param: str | None


class ErrorBody(TypedDict):
    """Every non-2xx answer, and the last event of a stream that broke."""

    error: ErrorDetail


class CompletionRequest(TypedDict):
    """Body of `POST /v1/completions`; a field the host does not know is refused with 400."""

    model: str
    prompt: str
    suffix: NotRequired[str]
    """What follows the gap, for models with infilling tokens."""
    max_tokens: NotRequired[int]
    """0 evaluates the prompt and keeps it for later questions."""
    temperature: NotRequired[float]
    top_p: NotRequired[float]
    seed: NotRequired[int]
    stop: NotRequired[str | list[str]]
    stream: NotRequired[bool]
    stream_options: NotRequired[dict[str, bool]]


class TokenizeRequest(TypedDict):
    """Body of `POST /v1/tokenize`: plain text, special tokens are not parsed."""

    model: str
    input: str


class TokenizeResponse(TypedDict):
    """The model's own tokens for `input`, without a beginning-of-sequence token."""

    tokens: list[int]
    count: int
