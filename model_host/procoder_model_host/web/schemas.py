"""Bodies of requests, checked strictly: what this host cannot do is refused, never ignored."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from procoder_model_host.errors import InvalidRequestError

UNSUPPORTED: Mapping[str, tuple[tuple[object, ...], str]] = {
    "n": ((1,), "one answer per request"),
    "best_of": ((1,), "one answer per request"),
    "echo": ((False,), "answers never repeat the prompt"),
    "logprobs": ((False,), "log probabilities are not available"),
    "top_logprobs": ((), "log probabilities are not available"),
    "logit_bias": (({},), "token biases are not available"),
    "frequency_penalty": ((0,), "penalties are not available"),
    "presence_penalty": ((0,), "penalties are not available"),
    "tools": (([],), "tools are not available"),
    "tool_choice": (("none",), "tools are not available"),
    "functions": (([],), "tools are not available"),
}
"""Parameters of OpenAI's that are refused unless they say what happens anyway (or null)."""

Stop = Annotated[str, Field(min_length=1, max_length=200)]
_Seed = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_MaxTokens = Annotated[int, Field(ge=0, lt=2**31)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _drop_neutral(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        kept = {}
        for name, value in data.items():
            if name in UNSUPPORTED and issubclass(cls, _GenerationBody):
                neutral, reason = UNSUPPORTED[name]
                if value is not None and not any(_same(value, allowed) for allowed in neutral):
                    raise InvalidParameter(name, f"{name} is not supported: {reason}")
            elif value is not None:
                kept[name] = value
        return kept


def _same(value: object, allowed: object) -> bool:
    """Compare as JSON does: true is not 1."""
    return value == allowed and isinstance(value, bool) == isinstance(allowed, bool)


class InvalidParameter(ValueError):  # noqa: N818 - pydantic wants a ValueError; never leaves here
    """A parameter that is refused, with the reason."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


class StreamOptions(_Body):
    """What a stream carries besides the answer."""

    include_usage: bool = False


class JsonSchema(_Body):
    """The content of a `json_schema` response format; `strict` is how this host always is."""

    name: str | None = None
    description: str | None = None
    strict: bool | None = None
    content: Annotated[dict[str, JsonValue], Field(alias="schema")]


class ResponseFormat(_Body):
    """What an answer must look like."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None

    @model_validator(mode="after")
    def _schema_with_its_type(self) -> "ResponseFormat":
        if (self.type == "json_schema") != (self.json_schema is not None):
            raise InvalidParameter(
                "response_format", "response_format takes json_schema with the type json_schema"
            )
        return self


class _GenerationBody(_Body):
    """What completions and chat completions share."""

    model: str
    max_tokens: _MaxTokens | None = None
    """0 evaluates the prompt and keeps it, for a question that begins with it."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    seed: _Seed | None = None
    stop: Stop | Annotated[list[Stop], Field(max_length=16)] = []
    stream: bool = False
    stream_options: StreamOptions | None = None
    response_format: ResponseFormat | None = None

    @property
    def schema_of_answer(self) -> dict[str, JsonValue] | None:
        """The JSON schema that the answer must follow, if any."""
        wanted = self.response_format
        if wanted is None or wanted.type == "text":
            return None
        return wanted.json_schema.content if wanted.json_schema else {"type": "object"}

    @property
    def limit(self) -> int | None:
        """Tokens of the answer at most; None: as many as fit."""
        return self.max_tokens

    @property
    def stops(self) -> tuple[str, ...]:
        """The stop strings, however they were given."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop)

    @property
    def include_usage(self) -> bool:
        """Whether a stream ends with its usage."""
        return self.stream_options is not None and self.stream_options.include_usage

    @model_validator(mode="after")
    def _options_need_a_stream(self) -> "_GenerationBody":
        if self.stream_options is not None and not self.stream:
            raise InvalidParameter("stream_options", "stream_options needs stream to be true")
        return self


class CompletionBody(_GenerationBody):
    """Body of `POST /v1/completions`."""

    DEFAULT_MAX_TOKENS: ClassVar[int] = 16
    """OpenAI's default for completions."""

    prompt: str
    suffix: str | None = None
    """What follows the gap, for models with infilling tokens."""

    @property
    def limit(self) -> int | None:
        """Tokens of the answer at most."""
        return self.DEFAULT_MAX_TOKENS if self.max_tokens is None else self.max_tokens


class TextPart(_Body):
    """Part of a chat message."""

    type: Literal["text"]
    text: str


class ChatMessageBody(_Body):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str | list[TextPart]

    @property
    def text(self) -> str:
        """The content, however it was given."""
        if isinstance(self.content, str):
            return self.content
        return "".join(part.text for part in self.content)


class ChatCompletionBody(_GenerationBody):
    """Body of `POST /v1/chat/completions`."""

    messages: Annotated[list[ChatMessageBody], Field(min_length=1)]
    max_completion_tokens: _MaxTokens | None = None

    @property
    def limit(self) -> int | None:
        """Tokens of the answer at most; None: as many as fit."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @model_validator(mode="after")
    def _one_limit(self) -> "ChatCompletionBody":
        if self.max_tokens is not None and self.max_completion_tokens is not None:
            raise InvalidParameter("max_tokens", "give max_completion_tokens or max_tokens")
        return self


class TokenizeBody(_Body):
    """Body of `POST /v1/tokenize`."""

    model: str
    input: str


class SwitchBody(_Body):
    """Body of `POST /v1/models/switch`."""

    model: str


_B = TypeVar("_B", bound=_Body)


def parse_body(kind: type[_B], body: bytes) -> _B:
    """Read and check a body; raises InvalidRequestError naming the first parameter at fault."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _explained(error) from error


def _explained(error: ValidationError) -> InvalidRequestError:
    first = error.errors(include_url=False, include_input=False)[0]
    # Branches of a union appear in the path by the name of their type.
    name = ".".join(str(part) for part in first["loc"] if "[" not in str(part) and part != "str")
    reason = first.get("ctx", {}).get("error")
    if isinstance(reason, InvalidParameter):
        return InvalidRequestError(str(reason), param=reason.name)
    match first["type"]:
        case "json_invalid":
            return InvalidRequestError(f"the body is not JSON: {first['msg']}")
        case "extra_forbidden":
            return InvalidRequestError(f"unknown parameter: {name}", param=name)
        case "missing":
            return InvalidRequestError(f"missing parameter: {name}", param=name)
        case _:
            return InvalidRequestError(f"{name or 'body'}: {first['msg']}", param=name or None)
