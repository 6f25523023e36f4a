"""Exact tokenization from the metadata of a GGUF file.

Two families: byte-level BPE (`tokenizer.ggml.model` = "gpt2"), run by the `tokenizers` library,
and SentencePiece-style BPE with scores ("llama"), run here: `tokenizers` ranks pairs, where
llama.cpp and SentencePiece rank the merged piece and then the leftmost place, so that its
results differ on ties. Text is plain text: names of special tokens in it are not special.
"""

import heapq
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Protocol

from tokenizers import Regex, pre_tokenizers
from tokenizers import Tokenizer as BackendTokenizer
from tokenizers.models import BPE

from procoder_model_host.errors import TokenizerError
from procoder_model_host.messages import PromptPart, Special

Metadata = Mapping[str, object]

# llama.cpp, src/llama-vocab.cpp: the expressions of LLAMA_VOCAB_PRE_TYPE_SMOLLM.
_GPT2_SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_PRE_TOKENIZERS: Mapping[str, tuple[str, ...]] = {
    "smollm": (r"\p{N}", _GPT2_SPLIT),
}

# Tokens that end an answer whatever the file's own end-of-sequence id says.
_END_NAMES = frozenset(
    {"</s>", "<|im_end|>", "<|endoftext|>", "<end_of_turn>", "<|eot_id|>", "▁<EOT>"}
)
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
# Meta's tokenizer.model has Code Llama's infilling tokens as normal pieces.
_INFILLING_NAMES = frozenset({"▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"})
ANCHOR = "☺"
"""Put before a text that goes on where another ended, and cut off again with its tokens."""


class TokenType(IntEnum):
    """Values of `tokenizer.ggml.token_type` (llama.cpp, include/llama.h)."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


def special_tokens(names: Sequence[str], types: Sequence[int]) -> Mapping[str, int]:
    """Return the ids of the tokens that a prompt can name but no text contains."""
    return {
        name: index
        for index, (name, kind) in enumerate(zip(names, types, strict=False))
        if kind in (TokenType.CONTROL, TokenType.USER_DEFINED) or name in _INFILLING_NAMES
    }


class TokenModel(Protocol):
    """The part of a tokenizer that differs between families."""

    def encode(self, text: str) -> list[int]:
        """Return the tokens of plain text."""

    def piece(self, name: str) -> bytes:
        """Return the bytes that a normal token of this name stands for."""


class Tokenizer:
    """Text to token ids and back, as the model was trained with."""

    def __init__(self, metadata: Metadata, model: TokenModel | None = None) -> None:
        """Build from GGUF metadata; raises TokenizerError.

        `model`: None builds the family that the metadata names.
        """
        self._names = _strings(metadata, "tokenizer.ggml.tokens")
        self._types = _types(metadata, len(self._names))
        self._model = model or _build_model(metadata, self._names, self._types)
        self._special = special_tokens(self._names, self._types)
        self.bos_id = _optional_id(metadata, "tokenizer.ggml.bos_token_id", len(self._names))
        default_bos = metadata.get("tokenizer.ggml.model") == "llama"
        self._add_bos = bool(metadata.get("tokenizer.ggml.add_bos_token", default_bos))
        self.end_ids = self._find_end_ids(metadata)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of plain text, without a beginning-of-sequence token."""
        return self._model.encode(text) if text else []

    def encode_prompt(self, parts: Sequence[PromptPart]) -> list[int]:
        """Return the tokens of a prompt, with the beginning-of-sequence token if the model
        wants one; raises TokenizerError for a special token that it does not have."""
        tokens: list[int] = []
        for part in parts:
            if isinstance(part, Special):
                tokens.append(self._special_id(part.special))
            elif part.joined:
                tokens += self._encode_joined(part.text)
            else:
                tokens += self.encode(part.text)
        if self._add_bos and self.bos_id is not None and tokens[:1] != [self.bos_id]:
            tokens.insert(0, self.bos_id)
        return tokens

    def piece(self, token: int) -> bytes:
        """Return the bytes a token stands for; control tokens stand for none."""
        name = self._names[token]
        match self._types[token]:
            case TokenType.CONTROL | TokenType.UNKNOWN | TokenType.UNUSED:
                return b""
            case TokenType.BYTE:
                return bytes([_byte_value(name)])
            case TokenType.USER_DEFINED:
                return name.replace(_SPACE, " ").encode()
            case _:
                return self._model.piece(name)

    def has_special(self, name: str) -> bool:
        """Tell whether the vocabulary has this special token."""
        return name in self._special

    def _encode_joined(self, text: str) -> list[int]:
        """Tokenize without the space that SentencePiece puts before any text.

        Source of the anchor, which merges with nothing: Meta's codellama, `encode_infilling`.
        """
        tokens = self.encode(text)
        if b"".join(map(self.piece, tokens)) == text.encode():
            return tokens
        return self.encode(ANCHOR + text)[len(self.encode(ANCHOR)) :]

    def _special_id(self, name: str) -> int:
        try:
            return self._special[name]
        except KeyError:
            raise TokenizerError(f"the model has no special token {name}") from None

    def _find_end_ids(self, metadata: Metadata) -> frozenset[int]:
        ids = {index for name, index in self._special.items() if name in _END_NAMES}
        for key in ("eos_token_id", "eot_token_id"):
            found = _optional_id(metadata, f"tokenizer.ggml.{key}", len(self._names))
            ids |= {found} if found is not None else set()
        return frozenset(ids)


class _ByteLevelBPE:
    """GPT-2's byte-level BPE, with the model's own pre-tokenizer."""

    def __init__(self, metadata: Metadata, names: Sequence[str]) -> None:
        pre = metadata.get("tokenizer.ggml.pre", "default")
        if not isinstance(pre, str) or pre not in _PRE_TOKENIZERS:
            known = ", ".join(sorted(_PRE_TOKENIZERS))
            raise TokenizerError(f"unknown pre-tokenizer {pre!r} (known: {known})")
        merges = [_pair(merge) for merge in _strings(metadata, "tokenizer.ggml.merges")]
        vocabulary = {name: index for index, name in enumerate(names)}
        try:
            self._backend = BackendTokenizer(BPE(vocabulary, merges, cache_capacity=10_000))
        except Exception as error:
            raise TokenizerError(f"malformed merges: {error}") from error
        splits = [
            pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in _PRE_TOKENIZERS[pre]
        ]
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        self._backend.pre_tokenizer = pre_tokenizers.Sequence([*splits, byte_level])
        self._bytes = {character: byte for byte, character in byte_alphabet().items()}

    def encode(self, text: str) -> list[int]:
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def piece(self, name: str) -> bytes:
        known = self._bytes
        if all(character in known for character in name):
            return bytes(known[character] for character in name)
        return name.encode()


class _ScoredBPE:
    """SentencePiece's BPE as llama.cpp runs it: the best-scored merge first, leftmost on ties."""

    def __init__(
        self, metadata: Metadata, names: Sequence[str], types: Sequence[TokenType]
    ) -> None:
        scores = metadata.get("tokenizer.ggml.scores")
        if not isinstance(scores, Sequence) or len(scores) != len(names):
            raise TokenizerError("tokenizer.ggml.scores does not match the vocabulary")
        self._scores = [float(score) for score in scores]
        # Merges lead to the infilling tokens: code that mentions `<PRE>` must not become one.
        self._ids = {
            name: index for index, name in enumerate(names) if name not in _INFILLING_NAMES
        }
        self._byte_ids = {
            _byte_value(name): index
            for index, (name, kind) in enumerate(zip(names, types, strict=True))
            if kind is TokenType.BYTE
        }
        unknown = _optional_id(metadata, "tokenizer.ggml.unknown_token_id", len(names))
        self._unknown = unknown if unknown is not None else 0
        self._prefix = bool(metadata.get("tokenizer.ggml.add_space_prefix", True))

    def encode(self, text: str) -> list[int]:
        spaced = ((" " if self._prefix else "") + text).replace(" ", _SPACE)
        return [token for piece in self._merge(spaced) for token in self._lookup(piece)]

    def piece(self, name: str) -> bytes:
        return name.replace(_SPACE, " ").encode()

    def _merge(self, text: str) -> list[str]:
        pieces: list[str] = list(text)
        before = list(range(-1, len(pieces) - 1))
        after = [*range(1, len(pieces)), -1]
        queue: list[tuple[float, int, int, str]] = []

        def offer(left: int, right: int) -> None:
            if left >= 0 and right >= 0:
                merged = pieces[left] + pieces[right]
                if (index := self._ids.get(merged)) is not None:
                    heapq.heappush(queue, (-self._scores[index], left, right, merged))

        for left in range(len(pieces) - 1):
            offer(left, left + 1)
        while queue:
            _, left, right, merged = heapq.heappop(queue)
            # A side that was merged meanwhile no longer spells this piece.
            if not pieces[left] or not pieces[right] or pieces[left] + pieces[right] != merged:
                continue
            pieces[left], pieces[right] = merged, ""
            after[left] = after[right]
            if after[right] >= 0:
                before[after[right]] = left
            offer(before[left], left)
            offer(left, after[left])
        return [piece for piece in pieces if piece]

    def _lookup(self, piece: str) -> list[int]:
        if (index := self._ids.get(piece)) is not None:
            return [index]
        return [self._byte_ids.get(byte, self._unknown) for byte in piece.encode()]


def _build_model(
    metadata: Metadata, names: Sequence[str], types: Sequence[TokenType]
) -> TokenModel:
    match metadata.get("tokenizer.ggml.model"):
        case "gpt2":
            return _ByteLevelBPE(metadata, names)
        case "llama":
            return _ScoredBPE(metadata, names, types)
        case other:
            raise TokenizerError(f"unknown tokenizer {other!r} (known: gpt2, llama)")


def _strings(metadata: Metadata, key: str) -> list[str]:
    values = metadata.get(key)
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)) or not values:
        raise TokenizerError(f"{key} is missing")
    return [_string(value, key) for value in values]


def _string(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    raise TokenizerError(f"{key} holds something other than strings")


def _types(metadata: Metadata, count: int) -> list[TokenType]:
    values = metadata.get("tokenizer.ggml.token_type")
    if values is None:
        return [TokenType.NORMAL] * count
    if not isinstance(values, Sequence) or len(values) != count:
        raise TokenizerError("tokenizer.ggml.token_type does not match the vocabulary")
    try:
        return [TokenType(value) for value in values]
    except ValueError as error:
        raise TokenizerError(f"tokenizer.ggml.token_type: {error}") from error


def _optional_id(metadata: Metadata, key: str, count: int) -> int | None:
    value = metadata.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or not 0 <= value < count:
        raise TokenizerError(f"{key} is outside the vocabulary")
    return value


def _pair(merge: str) -> tuple[str, str]:
    # The space that separates the two halves is never part of a byte-level token.
    left, _, right = merge.partition(" ")
    return left, right


def _byte_value(name: str) -> int:
    try:
        return int(name.removeprefix("<0x").removesuffix(">"), 16) & 0xFF
    except ValueError:
        raise TokenizerError(f"{name!r} is no byte token") from None


def byte_alphabet() -> dict[int, str]:
    """Return GPT-2's printable stand-in for each byte (openai/gpt-2, encoder.py)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = {byte: chr(byte) for byte in printable}
    others = (byte for byte in range(256) if byte not in alphabet)
    return alphabet | {byte: chr(256 + index) for index, byte in enumerate(others)}
