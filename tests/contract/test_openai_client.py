"""The host speaks OpenAI's format: driven with the official `openai` client."""

import openai
import pytest

from procoder_protocol.discovery import HostAddress

MODEL = "smollm2-135m"
PROMPT = "def add(a, b):\n    return"
MESSAGES = [
    {"role": "system", "content": "Answer briefly."},
    {"role": "user", "content": "What is the capital of France?"},
]


def test_models(client: openai.OpenAI) -> None:
    (model,) = client.models.list().data
    assert (model.id, model.object, model.owned_by) == (MODEL, "model", "procoder")
    profile = model.model_extra["procoder"] if model.model_extra else {}
    assert profile["kind"] == "chat"
    assert profile["prompt_style"] == "docstring"
    assert profile["engine"] == "ctransformers"
    assert profile["digest"].startswith("sha256:")
    assert profile["context_window"] == 2048
    assert client.models.retrieve(MODEL) == model


def test_completion(client: openai.OpenAI) -> None:
    answer = client.completions.create(model=MODEL, prompt=PROMPT, max_tokens=12, temperature=0)
    assert answer.object == "text_completion"
    assert answer.id.startswith("cmpl-")
    (choice,) = answer.choices
    assert choice.text.startswith(" a + b")
    assert choice.finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 12
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 12
    assert answer.usage.prompt_tokens_details is not None


def test_completion_streamed(client: openai.OpenAI) -> None:
    whole = client.completions.create(model=MODEL, prompt=PROMPT, max_tokens=12, temperature=0)
    chunks = list(
        client.completions.create(
            model=MODEL,
            prompt=PROMPT,
            max_tokens=12,
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    *texts, usage = chunks
    assert "".join(chunk.choices[0].text for chunk in texts) == whole.choices[0].text
    assert [chunk.choices[0].finish_reason for chunk in texts][-1] == "length"
    assert len({chunk.id for chunk in chunks}) == 1
    assert usage.choices == []
    assert usage.usage is not None
    assert usage.usage.completion_tokens == 12
    assert usage.model_extra
    assert set(usage.model_extra["timings"]) == {"queued_ms", "prefill_ms", "decode_ms"}


def test_completion_defaults_to_sixteen_tokens(client: openai.OpenAI) -> None:
    answer = client.completions.create(model=MODEL, prompt="1 2 3 4 5 6 7", temperature=0)
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 16


def test_stop(client: openai.OpenAI) -> None:
    answer = client.completions.create(
        model=MODEL, prompt=PROMPT, max_tokens=40, temperature=0, stop=["\n", " +"]
    )
    assert answer.choices[0].text == " a"
    assert answer.choices[0].finish_reason == "stop"


def test_chat(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL,
        messages=MESSAGES,  # type: ignore[arg-type]
        max_completion_tokens=40,
        temperature=0,
    )
    assert answer.object == "chat.completion"
    (choice,) = answer.choices
    assert choice.message.role == "assistant"
    assert "France" in (choice.message.content or "")
    assert "<|im_end|>" not in (choice.message.content or "")
    assert choice.finish_reason == "stop"


def test_chat_streamed(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model=MODEL,
            messages=MESSAGES,  # type: ignore[arg-type]
            temperature=0,
            stream=True,
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert "France" in text
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert all(chunk.object == "chat.completion.chunk" for chunk in chunks)


def test_seed(client: openai.OpenAI) -> None:
    def draw(seed: int) -> str:
        answer = client.completions.create(
            model=MODEL, prompt="Once", max_tokens=12, temperature=1, top_p=0.95, seed=seed
        )
        return answer.choices[0].text

    draw(7)
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_a_stream_that_is_left_frees_the_engine(client: openai.OpenAI) -> None:
    stream = client.completions.create(
        model=MODEL, prompt="1 2 3 4 5", max_tokens=1800, temperature=0, stream=True
    )
    next(stream)
    stream.close()
    answer = client.completions.create(model=MODEL, prompt="Hi", max_tokens=1)
    assert answer.model_extra
    assert answer.model_extra["timings"]["queued_ms"] < 5_000


def test_a_caller_that_gives_up_frees_the_engine(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APITimeoutError):
        client.with_options(timeout=0.5).completions.create(
            model=MODEL, prompt="1 2 3 4 5", max_tokens=1800, temperature=0
        )
    answer = client.completions.create(model=MODEL, prompt="Hi", max_tokens=1)
    assert answer.model_extra
    assert answer.model_extra["timings"]["queued_ms"] < 5_000


@pytest.mark.parametrize(
    ("arguments", "kind", "code"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "model_not_found"),
        ({"n": 2}, openai.BadRequestError, "invalid_request"),
        ({"logprobs": 3}, openai.BadRequestError, "invalid_request"),
        ({"extra_body": {"top_k": 3}}, openai.BadRequestError, "invalid_request"),
        ({"max_tokens": 5000}, openai.BadRequestError, "context_length_exceeded"),
        ({"prompt": "word " * 4000}, openai.BadRequestError, "context_length_exceeded"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_refusals_are_the_clients_error_classes(
    client: openai.OpenAI,
    arguments: dict[str, object],
    kind: type[openai.APIStatusError],
    code: str,
    *,
    stream: bool,
) -> None:
    with pytest.raises(kind) as caught:
        client.completions.create(
            **{"model": MODEL, "prompt": "x", "stream": stream, **arguments}  # type: ignore[call-overload]
        )
    assert caught.value.code == code


def test_a_wrong_key(address: HostAddress) -> None:
    with (
        openai.OpenAI(base_url=f"{address.url}/v1", api_key="wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.models.list()


def test_a_suffix_is_refused_by_models_that_cannot_fill_gaps(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="fill gaps") as caught:
        client.completions.create(model=MODEL, prompt="def f():", suffix="return x")
    assert caught.value.param == "suffix"


def test_max_tokens_zero_warms_the_prefix(client: openai.OpenAI) -> None:
    prompt = "# A module of small functions.\n" * 12
    warm = client.completions.create(model=MODEL, prompt=prompt, max_tokens=0)
    assert (warm.choices[0].text, warm.choices[0].finish_reason) == ("", "length")
    asked = client.completions.create(model=MODEL, prompt=prompt + "def f", max_tokens=1)
    assert warm.usage is not None
    assert asked.usage is not None
    assert asked.usage.prompt_tokens_details is not None
    assert warm.usage.completion_tokens == 0
    assert (asked.usage.prompt_tokens_details.cached_tokens or 0) >= warm.usage.prompt_tokens - 1


def test_headers_reach_the_scheduler(client: openai.OpenAI) -> None:
    answer = client.completions.with_raw_response.create(
        model=MODEL,
        prompt="Hi",
        max_tokens=1,
        extra_headers={"X-ProCoder-Priority": "prefetch", "X-Request-Id": "mine-1"},
    )
    assert answer.headers["x-request-id"] == "mine-1"
    with pytest.raises(openai.APIStatusError) as caught:
        client.completions.create(
            model=MODEL, prompt="Hi", extra_headers={"X-ProCoder-Deadline": "0.001"}
        )
    assert (caught.value.status_code, caught.value.code) == (504, "deadline_exceeded")


@pytest.mark.parametrize(
    "headers",
    [{"X-ProCoder-Priority": "urgent"}, {"X-ProCoder-Deadline": "soon"}],
)
def test_unknown_headers_values_are_refused(client: openai.OpenAI, headers: dict[str, str]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.completions.create(model=MODEL, prompt="Hi", extra_headers=headers)
    assert caught.value.param in headers
