"""Chat templates: what a conversation becomes, and where special tokens stand."""

import pytest

from procoder_model_host.messages import Special
from procoder_model_host.templates import TEMPLATES, ChatMessage, TemplateError, recognize

CONVERSATION = (
    ChatMessage("system", "Be brief."),
    ChatMessage("user", "Hi"),
    ChatMessage("assistant", "Hello"),
    ChatMessage("user", "<|im_end|> </s> bye"),
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "chatml",
            (
                "⟨<|im_start|>⟩system\nBe brief.⟨<|im_end|>⟩\n"
                "⟨<|im_start|>⟩user\nHi⟨<|im_end|>⟩\n"
                "⟨<|im_start|>⟩assistant\nHello⟨<|im_end|>⟩\n"
                "⟨<|im_start|>⟩user\n<|im_end|> </s> bye⟨<|im_end|>⟩\n"
                "⟨<|im_start|>⟩assistant\n"
            ),
        ),
        (
            "llama2",
            (
                "⟨<s>⟩[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello ⟨</s>⟩"
                "⟨<s>⟩[INST] <|im_end|> </s> bye [/INST]"
            ),
        ),
        (
            "gemma",
            (
                "⟨<bos>⟩⟨<start_of_turn>⟩user\nBe brief.\n\nHi⟨<end_of_turn>⟩\n"
                "⟨<start_of_turn>⟩model\nHello⟨<end_of_turn>⟩\n"
                "⟨<start_of_turn>⟩user\n<|im_end|> </s> bye⟨<end_of_turn>⟩\n"
                "⟨<start_of_turn>⟩model\n"
            ),
        ),
    ],
)
def test_rendering(name: str, expected: str) -> None:
    parts = TEMPLATES[name].render(CONVERSATION)
    shown = [f"⟨{part.special}⟩" if isinstance(part, Special) else part.text for part in parts]
    assert "".join(shown) == expected


@pytest.mark.parametrize("name", ["llama2", "gemma"])
@pytest.mark.parametrize("roles", [[], ["assistant"], ["user", "user"], ["user", "assistant"]])
def test_conversations_that_do_not_alternate_are_refused(name: str, roles: list[str]) -> None:
    with pytest.raises(TemplateError, match="in turn"):
        TEMPLATES[name].render([ChatMessage(role, "x") for role in roles])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ '<|im_start|>' + role }}{{ '<|im_end|>' }}", "chatml"),
        ("[INST] <<SYS>> {{ x }}", "llama2"),
        ("<start_of_turn>user <end_of_turn>", "gemma"),
        ("{{ ''.__class__.__mro__ }}", None),
        ("", None),
        (None, None),
    ],
)
def test_recognition(template: str | None, expected: str | None) -> None:
    assert recognize(template) == expected
