"""A model behind the OpenAI wire format: our own host, or any server that speaks it."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Protocol

import httpx2

from procoder_protocol.errors import ErrorCode
from procoder_tutor import openai_wire as wire
from procoder_tutor.backend import Completion, CompletionJob, ModelInfo
from procoder_tutor.errors import (
    BackendError,
    BackendRefusedError,
    BackendUnavailableError,
    ChatOnlyError,
)
from procoder_tutor.events import TokenUsage

CHAT_STYLE = "chat"
"""The prompt style of a server that completes no text."""
_CHAT_STOPS = 4
"""Clouds take no more (OpenAI API reference, chat completions, `stop`)."""
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 300.0
"""A large prompt on a small machine is read for minutes before the first word comes."""
_UNAUTHORIZED, _NOT_FOUND = 401, 404
_LOST = "The connection to the model host was lost"
_AGAIN = "Ask again: the host is found or started anew."
_FOREIGN_BYTES_PER_TOKEN = 2
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_BACKGROUND: Mapping[str, str] = MappingProxyType({"X-ProCoder-Priority": "prefetch"})
"""Our own host lets every other request go first; other servers do not know the header."""


class Endpoint(Protocol):
    """A server's address and key."""

    @property
    def url(self) -> str:
        """Base URL without a trailing slash and without `/v1`."""
        ...

    def read_token(self) -> str:
        """Return the bearer token as it is now, empty for none; may raise OSError."""
        ...


class OpenAIBackend:
    """Asks a model over HTTP; finds the server again after it was lost."""

    def __init__(
        self,
        model: str,
        locate: Callable[[], Awaitable[Endpoint]],
        *,
        load_seconds: float = 120.0,
        transport: httpx2.AsyncBaseTransport | None = None,
        aclose_host: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._model = model
        self._locate = locate
        self._load_seconds = load_seconds
        self._transport = transport
        self._aclose_host = aclose_host
        self._client: httpx2.AsyncClient | None = None
        self._endpoint: Endpoint | None = None
        self._token: str | None = None
        self._info: ModelInfo | None = None
        self._lock = asyncio.Lock()

    async def identify(self) -> ModelInfo:
        """Find or start the server and return the card of the model that answers."""
        if self._endpoint is not None and self._info is not None:
            return self._info
        body = await self._json("GET", "/v1/models")
        self._info = wire.choose(body, self._model)
        return self._info

    async def count_tokens(self, text: str) -> int:
        """Count with the server's tokenizer; estimate high where it offers none."""
        info = await self.identify()
        try:
            body = await self._json("POST", "/v1/tokenize", {"model": info.id, "input": text})
            return int(body["count"])
        except BackendRefusedError as error:
            if error.code != str(_NOT_FOUND):
                raise
        except (KeyError, TypeError, ValueError) as error:
            raise wire.unreadable(error) from error
        return len(text.encode()) // _FOREIGN_BYTES_PER_TOKEN + 1

    async def complete(self, job: CompletionJob) -> AsyncGenerator[str | Completion, None]:
        """Stream an answer; closing this generator closes the connection at once."""
        info = await self.identify()
        path, body = _request(info, job)
        headers = _BACKGROUND if job.background else _NO_HEADERS
        try:
            async with self._response("POST", path, body, headers) as response:
                async for item in self._items(response):
                    yield item
        except BackendRefusedError as error:
            missing = isinstance(job.prompt, str) and error.code == str(_NOT_FOUND)
            if not (missing and wire.is_foreign(info)):
                raise
            self._info = replace(info, prompt_style=CHAT_STYLE)
            raise ChatOnlyError(str(error), error.advice, code=error.code) from error

    async def aclose(self) -> None:
        """Close connections, and a host that serves nobody else."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
        if self._aclose_host is not None:
            await self._aclose_host()

    async def _items(self, response: httpx2.Response) -> AsyncIterator[str | Completion]:
        """Read the stream's events; one that ends without `[DONE]` was cut off."""
        reason, usage, decode_ms, prefill_ms = "stop", TokenUsage(), None, None
        try:
            async for event in httpx2.EventSource(response):
                if event.data == "[DONE]":
                    yield Completion(reason, usage, decode_ms, prefill_ms)
                    return
                data = json.loads(event.data)
                if "error" in data:
                    raise self._refusal(data, response.status_code)
                for choice in data.get("choices", ()):
                    if text := wire.piece(choice):
                        yield text
                    reason = choice.get("finish_reason") or reason
                if data.get("usage"):
                    usage = wire.usage(data["usage"])
                decode_ms = wire.milliseconds(data, "decode_ms", "predicted_ms") or decode_ms
                prefill_ms = wire.milliseconds(data, "prefill_ms", "prompt_ms") or prefill_ms
        except httpx2.SSEError as error:
            raise wire.unreadable(error) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise wire.unreadable(error) from error
        self._forget()
        raise BackendUnavailableError(_LOST, _AGAIN)

    async def _json(self, method: str, path: str, body: object = None) -> Any:
        async with self._response(method, path, body) as response:
            try:
                return json.loads(await response.aread())
            except ValueError as error:
                raise wire.unreadable(error) from error

    @asynccontextmanager
    async def _response(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> AsyncIterator[httpx2.Response]:
        """Open a response of status 2xx; a host that is gone is found again once."""
        response = await self._open(method, path, body, headers)
        try:
            yield response
        except httpx2.TransportError as error:
            self._forget()
            raise BackendUnavailableError(_LOST, _AGAIN) from error
        finally:
            await response.aclose()

    async def _open(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> httpx2.Response:
        give_up = asyncio.get_running_loop().time() + self._load_seconds
        found_again = read_again = False
        while True:
            try:
                response = await self._send(method, path, body, headers)
            except httpx2.TransportError as error:
                self._forget()
                if found_again:
                    raise BackendUnavailableError(
                        "The model host cannot be reached", "Run `procoder doctor`."
                    ) from error
                found_again = True
                continue
            if response.is_success:
                return response
            refusal = await self._read_refusal(response)
            if response.status_code == _UNAUTHORIZED and not read_again:
                self._token, read_again = None, True
                continue
            late = asyncio.get_running_loop().time() >= give_up
            loading = getattr(refusal, "code", "") == ErrorCode.ENGINE_LOADING
            if not loading or late:
                raise _final(refusal)
            await asyncio.sleep(wire.retry_after(response))

    async def _send(
        self, method: str, path: str, body: object, headers: Mapping[str, str]
    ) -> httpx2.Response:
        """Send one request to wherever the host is now."""
        async with self._lock:
            if self._endpoint is None:
                self._endpoint, self._token, self._info = await self._locate(), None, None
            endpoint = self._endpoint
            if self._client is None:
                timeout = httpx2.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS)
                self._client = httpx2.AsyncClient(
                    timeout=timeout, transport=self._transport, trust_env=False
                )
            if self._token is None:
                self._token = _read_token(endpoint)
        key = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        request = self._client.build_request(
            method,
            endpoint.url + path,
            headers={**headers, **key},
            json=body if body is not None else None,
        )
        return await self._client.send(request, stream=True)

    async def _read_refusal(self, response: httpx2.Response) -> BackendError:
        """Turn an answer that is not 2xx into an error."""
        try:
            data = json.loads(await response.aread())
        except (ValueError, httpx2.TransportError):
            data = None
        finally:
            await response.aclose()
        return self._refusal(data, response.status_code)

    def _refusal(self, data: Any, status: int) -> BackendError:
        """Turn an error body into an error; what is unavailable is looked for again."""
        error = wire.refusal(data, status)
        # A host that serves another model by now is found anew, or another one is.
        switched = getattr(error, "code", "") == ErrorCode.MODEL_NOT_FOUND
        if switched or isinstance(error, BackendUnavailableError):
            self._forget()
        return error

    def _forget(self) -> None:
        self._endpoint = self._info = None


def _request(info: ModelInfo, job: CompletionJob) -> tuple[str, dict[str, Any]]:
    """Return the route and the body for a job."""
    body: dict[str, Any] = {
        "model": info.id,
        "max_tokens": job.max_tokens,
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if isinstance(job.prompt, str):
        suffix = {"suffix": job.suffix} if job.suffix else {}
        body |= {"prompt": job.prompt, **suffix, "stop": list(job.stop)}
        return "/v1/completions", body
    body["messages"] = [asdict(message) for message in job.prompt]
    if job.stop:
        body["stop"] = list(job.stop[:_CHAT_STOPS])
    return "/v1/chat/completions", body


def _final(refusal: BackendError) -> BackendError:
    """Loading for longer than the limit is being unavailable."""
    if getattr(refusal, "code", "") == ErrorCode.ENGINE_LOADING:
        return BackendUnavailableError(str(refusal), refusal.advice)
    return refusal


def _read_token(endpoint: Endpoint) -> str:
    try:
        return endpoint.read_token()
    except OSError as error:
        raise BackendUnavailableError(
            f"The host's token cannot be read: {error}", "Check `host.token_file`."
        ) from error
