"""Filling in the middle, down to the token ids of Code Llama's layout."""

import pytest
from sample_models import write_gguf

from procoder_model_host.files.gguf import read_header
from procoder_model_host.files.profile import FIM_FAMILIES
from procoder_model_host.files.tokenizer import Tokenizer
from procoder_model_host.messages import Special
from procoder_model_host.web.infill import infill_prompt

CODE_LLAMA = FIM_FAMILIES["code-llama"]
BOS, PRE, SUF, MID, EOT = 1, 32_007, 32_008, 32_009, 32_010
SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    file = write_gguf(tmp_path_factory.mktemp("tiny") / "code-llama.gguf")
    return Tokenizer(read_header(file).metadata)


def _shown(tokenizer: Tokenizer, prefix: str, suffix: str) -> tuple[list[int], bytes, bytes]:
    tokens = tokenizer.encode_prompt(infill_prompt(CODE_LLAMA, prefix, suffix))
    start, gap = tokens.index(SUF), tokens.index(MID)
    before = b"".join(map(tokenizer.piece, tokens[2:start]))
    after = b"".join(map(tokenizer.piece, tokens[start + 1 : gap]))
    return [*tokens[:2], tokens[start], *tokens[gap:]], before, after


@pytest.mark.parametrize(
    ("prefix", "suffix", "before", "after"),
    [
        # The space before the prefix is SentencePiece's, and the suffix has none.
        ("def f(x):", "return x", b" def f(x):", b"return x"),
        ("def f(x):\r\n    ", "\r\n\r\n", b" def f(x):\n    ", b"\n\n"),
        (" a", " b", b"  a", b" b"),
        ("a  ", "", b" a  ", b""),
        ("", "b", b"", b"b"),
        ("é😀", "日本😀", " é😀".encode(), "日本😀".encode()),
        ("<PRE> ▁<EOT>", "<MID>", b" <PRE>  <EOT>", b"<MID>"),
    ],
)
def test_the_parts_arrive_as_they_are(
    prefix: str, suffix: str, before: bytes, after: bytes, tokenizer: Tokenizer
) -> None:
    assert _shown(tokenizer, prefix, suffix) == ([BOS, PRE, SUF, MID], before, after)


def test_the_answer_ends_at_its_own_token(tokenizer: Tokenizer) -> None:
    assert EOT in tokenizer.end_ids
    assert tokenizer.has_special(CODE_LLAMA.end)


def test_ids_of_a_whole_prompt(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode_prompt(infill_prompt(CODE_LLAMA, "def", "re"))
    assert tokens == [BOS, PRE, *tokenizer.encode("def"), SUF, tokens[-2], MID]
    assert tokenizer.piece(tokens[-2]) == b"re"


def test_merges_never_lead_to_an_infilling_token() -> None:
    """In Meta's vocabulary they do: ` <PRE` and `>` are pieces of their own."""
    steps = [SPACE, *"<PRE>", *(f"{SPACE}<PRE>"[:length] for length in range(2, 7))]
    names = ["<unk>", "<s>", "</s>", *steps]
    tokenizer = Tokenizer(
        {
            "tokenizer.ggml.model": "llama",
            "tokenizer.ggml.tokens": names,
            "tokenizer.ggml.scores": [-float(len(names) - index) for index in range(len(names))],
            "tokenizer.ggml.token_type": [2, 3, 3, *[1] * len(steps)],
            "tokenizer.ggml.bos_token_id": 1,
        }
    )
    whole, almost = names.index(f"{SPACE}<PRE>"), names.index(f"{SPACE}<PRE")
    assert tokenizer.encode("<PRE>") == [almost, names.index(">")]
    assert tokenizer.encode_prompt([Special(special=f"{SPACE}<PRE>")]) == [BOS, whole]
