"""What servers that speak OpenAI's format answer, read; each says some things in its own way."""

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx2

from procoder_protocol.errors import ErrorCode
from procoder_tutor.backend import ModelInfo
from procoder_tutor.errors import BackendError, BackendRefusedError, BackendUnavailableError
from procoder_tutor.events import TokenUsage

_RETRY_SECONDS = 1.0
_RETRIABLE = {
    ErrorCode.ENGINE_CRASHED,
    ErrorCode.ENGINE_FAILED,
    ErrorCode.QUEUE_FULL,
    ErrorCode.OUT_OF_MEMORY,
    ErrorCode.HOST_LEAVING,
    ErrorCode.MODEL_SWITCHED,
}
_ADVICE: Mapping[str, str] = {
    ErrorCode.ENGINE_CRASHED: "Ask again: the host restarts its engine.",
    ErrorCode.ENGINE_FAILED: "Run `procoder doctor` to see why the model cannot be loaded.",
    ErrorCode.ENGINE_LOADING: "Ask again in a moment.",
    ErrorCode.QUEUE_FULL: "Ask again in a moment.",
    ErrorCode.OUT_OF_MEMORY: "Close something large, or choose a smaller model, and ask again.",
    ErrorCode.HOST_LEAVING: "Ask again: the host is found or started anew.",
    ErrorCode.MODEL_SWITCHED: "Ask again, or check the setting `model`.",
    ErrorCode.UNAUTHORIZED: "Check `host.token_file`.",
    ErrorCode.CONTEXT_LENGTH_EXCEEDED: "Ask about a smaller part of the code.",
    ErrorCode.MODEL_NOT_FOUND: "Check the setting `model`.",
}
_OWN_CODES = frozenset(ErrorCode)
_FOREIGN_TYPES: Mapping[str, ErrorCode] = {
    # llama.cpp, tools/server: error types beside a numeric code.
    "exceed_context_size_error": ErrorCode.CONTEXT_LENGTH_EXCEEDED,
    "unavailable_error": ErrorCode.ENGINE_LOADING,
}
_FOREIGN_STATUSES: Mapping[int, ErrorCode] = {
    401: ErrorCode.UNAUTHORIZED,
    403: ErrorCode.UNAUTHORIZED,
    429: ErrorCode.QUEUE_FULL,
}
_FOREIGN_STYLE, _FOREIGN_WINDOW, _FOREIGN_DIGEST = "purpose", 2048, "id:"
_WIDEST_FOREIGN_WINDOW = 8192
"""Servers announce windows that would take minutes to fill."""


def choose(body: Any, wanted: str) -> ModelInfo:
    """Pick the wanted model's card from a list of models, or the only one."""
    cards = body.get("data") if isinstance(body, dict) else None
    if not isinstance(cards, list) or not all(isinstance(card, dict) for card in cards):
        raise unreadable(ValueError("no list of models"))
    matching = [card for card in cards if card.get("id") == wanted]
    if not matching and len(cards) != 1:
        names = ", ".join(str(card.get("id")) for card in cards[:5]) or "none"
        raise BackendRefusedError(
            f"The model host does not serve `{wanted}` (it serves: {names})",
            _ADVICE[ErrorCode.MODEL_NOT_FOUND],
            code=ErrorCode.MODEL_NOT_FOUND,
        )
    card = (matching or cards)[0]
    profile = card.get("procoder") or {}
    identity = str(card.get("id", wanted))
    unknown = _FOREIGN_DIGEST + hashlib.sha256(identity.encode()).hexdigest()
    return ModelInfo(
        id=identity,
        digest=str(profile.get("digest") or unknown),
        prompt_style=str(profile.get("prompt_style") or _FOREIGN_STYLE),
        context_window=int(profile.get("context_window") or _foreign_window(card)),
        chats=profile.get("kind") != "completion",
        fim=bool(profile.get("fim")),
    )


def is_foreign(info: ModelInfo) -> bool:
    """Tell whether a model's server is not one of ours."""
    return info.digest.startswith(_FOREIGN_DIGEST)


def refusal(data: Any, status: int) -> BackendError:
    """Turn the body of an answer that is not 2xx, or an error in a stream, into an error."""
    detail = data.get("error") if isinstance(data, dict) else None
    if not isinstance(detail, dict):
        detail = {}
    code = _code(detail, status)
    message = str(detail.get("message") or f"The model host answered with status {status}")
    advice = _ADVICE.get(code, "Run `procoder doctor`.")
    if code in _RETRIABLE:
        return BackendUnavailableError(message, advice)
    return BackendRefusedError(message, advice, code=code)


def piece(choice: Mapping[str, Any]) -> str:
    """Return the text of one choice of a stream, of a completion or of a conversation."""
    delta = choice.get("delta")
    return str(choice.get("text") or (delta.get("content") if delta else None) or "")


def usage(counts: Mapping[str, Any]) -> TokenUsage:
    """Read how many tokens an answer took."""
    details = counts.get("prompt_tokens_details") or {}
    return TokenUsage(
        prompt_tokens=int(counts.get("prompt_tokens") or 0),
        cached_tokens=int(details.get("cached_tokens") or 0),
        completion_tokens=int(counts.get("completion_tokens") or 0),
    )


def milliseconds(data: Mapping[str, Any], ours: str, llama_cpps: str) -> float | None:
    """Read a timing under our name or llama.cpp's."""
    timings = data.get("timings") or {}
    found = timings.get(ours, timings.get(llama_cpps))
    return None if found is None else float(found)


def retry_after(response: httpx2.Response) -> float:
    """Return the seconds after which to ask again."""
    try:
        return min(5.0, max(0.05, float(response.headers.get("retry-after", _RETRY_SECONDS))))
    except ValueError:
        return _RETRY_SECONDS


def unreadable(error: Exception) -> BackendUnavailableError:
    """Make the error for an answer that is not in the format."""
    return BackendUnavailableError(
        f"The model host's answer cannot be read: {error}", "Check `host.url`."
    )


def _code(detail: Mapping[str, Any], status: int) -> str:
    """Return our code for an error, or the server's own where there is none."""
    code = str(detail.get("code") or status)
    if code in _OWN_CODES:
        return code
    known = _FOREIGN_TYPES.get(str(detail.get("type"))) or _FOREIGN_STATUSES.get(status)
    return str(known or code)


def _foreign_window(card: Mapping[str, Any]) -> int:
    """Return the context window as vLLM (`max_model_len`) or llama.cpp (`meta`) tell it."""
    meta = card.get("meta")
    announced = card.get("max_model_len") or (meta.get("n_ctx") if isinstance(meta, dict) else None)
    if isinstance(announced, int) and announced > 0:
        return min(announced, _WIDEST_FOREIGN_WINDOW)
    return _FOREIGN_WINDOW
