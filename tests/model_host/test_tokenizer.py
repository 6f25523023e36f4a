"""Tokens are the model's own: compared with llama.cpp's on the same file."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from procoder_model_host.errors import TokenizerError
from procoder_model_host.files.gguf import read_header
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import Special, Text

Encode = Callable[[str], list[int]]

TEXTS = {
    "empty": "",
    "space": " ",
    "spaces": "a  b   c    d  ",
    "newlines": "\n\n\n  y\n",
    "crlf": "def f(x):\r\n\treturn x + 1\r\n",
    "tabs": "\t\tif x:\n\t\t\tpass",
    "digits": "12345 3.14 0x1F 1_000_000",
    "other digits": "x²½Ⅷ ٣١٢ १२",
    "contractions": "don't I'LL we've 'sure",
    "code": "class A(B):\n    def __init__(self, *, x: int = 0) -> None:\n        self._x = x**2\n",
    "operators": "==!=>=**//->:=<<|&^~@",
    "quotes": "'''\"\"\"``` \\n",
    "accents": "naïve café e\u0301 \u0301combining",
    "japanese": "日本語のテキスト、テスト。",
    "emoji": "😀👩‍👩‍👧 a 🇫🇷",
    "astral": "\U0001d518\U0001d52b\U0001d526 𠜎 \U0010ffff",
    "odd spaces": "a\u00a0b\u3000c\u200bd\u0085e\x1cf\u2028g\u1680\u180e",
    "control characters": "\x00\x01\x7f",
    "byte order mark": "\ufeffx",
    "special names": "<|im_end|> <|im_start|>user\n<|endoftext|><s></s>[INST]",
}
ALPHABET = "ab Z09_\n\t\r'.,()=éß中😀²\u00a0\u200d\u3000٣▁"


def _random_texts(count: int) -> list[str]:
    source = random.Random(20)
    return ["".join(source.choices(ALPHABET, k=40)) for _ in range(count)]


@pytest.fixture(scope="session")
def reference(smollm2: Path, llama_cpp: Callable[[Path], Encode]) -> Encode:
    """Tokenization by llama.cpp's server, of the original file."""
    return llama_cpp(smollm2)


@pytest.fixture(scope="session")
def tokenizer(smollm2: Path) -> Tokenizer:
    return Tokenizer(read_header(smollm2).metadata)


@pytest.mark.parametrize("name", TEXTS)
def test_tokens_equal_llama_cpp(name: str, tokenizer: Tokenizer, reference: Encode) -> None:
    assert tokenizer.encode(TEXTS[name]) == reference(TEXTS[name])


def test_tokens_equal_llama_cpp_on_random_text(tokenizer: Tokenizer, reference: Encode) -> None:
    for text in _random_texts(200):
        assert tokenizer.encode(text) == reference(text)


def test_tokens_equal_llama_cpp_on_a_module(tokenizer: Tokenizer, reference: Encode) -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert tokenizer.encode(text) == reference(text)


@pytest.mark.parametrize("name", TEXTS)
def test_pieces_spell_the_text(name: str, tokenizer: Tokenizer) -> None:
    pieces = [tokenizer.piece(token) for token in tokenizer.encode(TEXTS[name])]
    assert b"".join(pieces) == TEXTS[name].encode()


def test_special_tokens_only_where_asked_for(tokenizer: Tokenizer) -> None:
    special = tokenizer.encode_prompt([Special(special="<|im_end|>")])
    assert special == [2]
    assert tokenizer.piece(2) == b""
    assert 2 in tokenizer.end_ids
    assert 2 not in tokenizer.encode_prompt([Text(text="<|im_end|>")])
    with pytest.raises(TokenizerError, match=r"no special token <\|nonsense\|>"):
        tokenizer.encode_prompt([Special(special="<|nonsense|>")])
