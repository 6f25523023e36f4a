"""Code Llama's kind of tokenizer, on a tiny model of its layout, compared with llama.cpp."""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from procoder_model_host.errors import TokenizerError
from procoder_model_host.files.gguf import TensorInfo, Value, ValueType, read_header
from procoder_model_host.files.gguf_writer import encode_header
from procoder_model_host.files.tokenizer import Tokenizer, TokenType
from procoder_model_host.messages import Special, Text

Encode = Callable[[str], list[int]]

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
INFILLING = (f"{SPACE}<PRE>", f"{SPACE}<SUF>", f"{SPACE}<MID>", f"{SPACE}<EOT>")
TRAINING = Path(__file__).read_text(encoding="utf-8") + "aaaaaaaa  bbbb\t\téé日本日本 = = =="
TEXTS = {
    "empty": "",
    "space": " ",
    "code": "def f(x):\r\n\treturn  x + 1\n",
    "runs": "aaaaa aaaaaaa bbbbb      \n\n\n",
    "digits": "12345 3.14 ²½٣",
    "emoji": "😀👩‍👩‍👧 a",
    "unknown letters": "Ж日本語 \U0001d518",
    "special names": "<s> </s> <unk> <0x41> <PRE> ▁<PRE> <EOT>",
    "eighth block": "▁a▁ ▁",
    "module": TRAINING,
}
WIDTH, INNER = 32, 64
SHAPES = {
    "attn_norm": (WIDTH,),
    "attn_q": (WIDTH, WIDTH),
    "attn_k": (WIDTH, WIDTH),
    "attn_v": (WIDTH, WIDTH),
    "attn_output": (WIDTH, WIDTH),
    "ffn_norm": (WIDTH,),
    "ffn_gate": (WIDTH, INNER),
    "ffn_down": (INNER, WIDTH),
    "ffn_up": (WIDTH, INNER),
}


def _train(text: str, merges: int) -> list[str]:
    """Return the pieces of a byte-pair training: first the merges, best first, then letters."""
    symbols = list(text.replace(" ", SPACE))
    letters = sorted(set(symbols))
    learned: list[str] = []
    while len(learned) < merges:
        pairs = Counter(itertools.pairwise(symbols))
        (left, right), _ = pairs.most_common(1)[0]
        merged, index = [], 0
        while index < len(symbols):
            pair = tuple(symbols[index : index + 2]) == (left, right)
            merged.append(left + right if pair else symbols[index])
            index += 2 if pair else 1
        symbols = merged
        if left + right not in learned:
            learned.append(left + right)
    return [*learned, *(letter for letter in letters if letter not in learned)]


def _vocabulary() -> list[tuple[str, float, TokenType]]:
    """Code Llama's layout: three special tokens, 256 bytes, pieces, infilling tokens."""
    pieces = _train(TRAINING, 250)
    return [
        ("<unk>", 0.0, TokenType.UNKNOWN),
        ("<s>", 0.0, TokenType.CONTROL),
        ("</s>", 0.0, TokenType.CONTROL),
        *((f"<0x{byte:02X}>", 0.0, TokenType.BYTE) for byte in range(256)),
        # Pairs of equal scores: the leftmost place must win.
        *((piece, -float(rank // 2), TokenType.NORMAL) for rank, piece in enumerate(pieces)),
        *((name, 0.0, TokenType.CONTROL) for name in INFILLING),
    ]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    names, scores, kinds = zip(*_vocabulary(), strict=True)
    metadata: dict[str, Value] = {
        "general.architecture": "llama",
        "llama.block_count": 1,
        "llama.context_length": 64,
        "llama.embedding_length": WIDTH,
        "llama.feed_forward_length": INNER,
        "llama.attention.head_count": 4,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": names,
        "tokenizer.ggml.scores": scores,
        "tokenizer.ggml.token_type": tuple(int(kind) for kind in kinds),
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
    }
    kind_of = {str: ValueType.STRING, int: ValueType.UINT32, float: ValueType.FLOAT32}
    types: dict[str, tuple[ValueType, ValueType | None]] = {
        key: (ValueType.ARRAY, kind_of[type(value[0])])
        if isinstance(value, tuple)
        else (kind_of[type(value)], None)
        for key, value in metadata.items()
    }
    types["tokenizer.ggml.token_type"] = (ValueType.ARRAY, ValueType.INT32)
    shapes = {
        "token_embd.weight": (WIDTH, len(names)),
        "output_norm.weight": (WIDTH,),
        "output.weight": (WIDTH, len(names)),
        **{f"blk.0.{name}.weight": shape for name, shape in SHAPES.items()},
    }
    tensors: list[TensorInfo] = []
    offset = 0
    for name, shape in shapes.items():
        tensors.append(TensorInfo(name, shape, 0, offset))
        offset += -(-tensors[-1].size // 32) * 32
    path = tmp_path_factory.mktemp("tiny") / "tiny-code-llama.gguf"
    path.write_bytes(encode_header(metadata, types, tuple(tensors), 32) + bytes(offset))
    return path


@pytest.fixture(scope="module")
def tokenizer(model: Path) -> Tokenizer:
    return Tokenizer(read_header(model).metadata)


@pytest.fixture(scope="module")
def reference(model: Path, llama_cpp: Callable[[Path], Encode]) -> Encode:
    return llama_cpp(model)


@pytest.mark.parametrize("name", TEXTS)
def test_tokens_equal_llama_cpp(name: str, tokenizer: Tokenizer, reference: Encode) -> None:
    assert tokenizer.encode(TEXTS[name]) == reference(TEXTS[name])


def test_tokens_equal_llama_cpp_on_random_text(tokenizer: Tokenizer, reference: Encode) -> None:
    source = random.Random(20)
    for _ in range(200):
        text = "".join(source.choices("aabbée日本 \n\t=()_:.selfdr▁😀", k=60))
        assert tokenizer.encode(text) == reference(text)


@pytest.mark.parametrize("name", TEXTS)
def test_pieces_spell_the_text_after_a_space(name: str, tokenizer: Tokenizer) -> None:
    spelled = b"".join(tokenizer.piece(token) for token in tokenizer.encode(TEXTS[name]))
    expected = f" {TEXTS[name]}" if TEXTS[name] else ""
    assert spelled.decode() == expected.replace(SPACE, " ")


def test_a_prompt_begins_with_one_beginning(tokenizer: Tokenizer) -> None:
    plain = tokenizer.encode("def")
    assert tokenizer.encode_prompt([Text(text="def")]) == [1, *plain]
    assert tokenizer.encode_prompt([Special(special="<s>"), Text(text="def")]) == [1, *plain]


def test_ends(tokenizer: Tokenizer) -> None:
    assert {2, len(_vocabulary()) - 1} == tokenizer.end_ids


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("tokenizer.ggml.model", "bert", "unknown tokenizer 'bert'"),
        ("tokenizer.ggml.tokens", (), "tokens is missing"),
        ("tokenizer.ggml.tokens", ("a",), "does not match"),
        ("tokenizer.ggml.scores", (1.0,), "scores does not match"),
        ("tokenizer.ggml.token_type", (99,) * 600, "does not match|99"),
        ("tokenizer.ggml.eos_token_id", 10**6, "outside the vocabulary"),
        ("tokenizer.ggml.bos_token_id", -1, "outside the vocabulary"),
    ],
)
def test_malformed_metadata(model: Path, key: str, value: object, words: str) -> None:
    metadata: dict[str, object] = {**read_header(model).metadata, key: value}
    with pytest.raises(TokenizerError, match=words):
        Tokenizer(metadata)


@pytest.mark.parametrize("pre", ["llama-bpe", "default", None, 3])
def test_unknown_pre_tokenizers_are_refused(pre: object) -> None:
    metadata = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": ("a",),
        "tokenizer.ggml.merges": ("a b",),
    }
    with pytest.raises(TokenizerError, match=r"unknown pre-tokenizer .*smollm"):
        Tokenizer(metadata)
