"""The tokenizer of a model folder: `tokenizer.json` run by the library that wrote it.

It is told in the words of GGUF metadata, so that special tokens, ends of answers and the
beginning of a sequence are decided in one place (`tokenizer.Tokenizer`); only how text becomes
tokens, and tokens bytes, is the library's.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as BackendTokenizer

from procoder_model_host.errors import ModelFileError
from procoder_model_host.files.gguf import Value
from procoder_model_host.files.tokenizer import Tokenizer, TokenType, byte_alphabet

_FILE = "tokenizer.json"
_MAX_BYTES = 128 * 2**20
_MAX_TOKENS = 2**22
_BYTE_NAME = re.compile(r"<0x[0-9A-Fa-f]{2}>")
_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


def tokenizer_metadata(folder: Path, end_ids: Sequence[int]) -> dict[str, Value]:
    """Return the vocabulary of a folder as GGUF metadata; raises ModelFileError."""
    backend = _backend(folder)
    names_by_id = {id_: name for name, id_ in backend.get_vocab(with_added_tokens=True).items()}
    count = max(names_by_id, default=-1) + 1
    if not 0 < count <= _MAX_TOKENS:
        raise ModelFileError(folder / _FILE, f"has {count:,} tokens")
    added = backend.get_added_tokens_decoder()
    names = [names_by_id.get(index) for index in range(count)]
    types = [_type(name, added.get(index)) for index, name in enumerate(names)]
    metadata: dict[str, Value] = {
        "tokenizer.ggml.model": "tokenizer.json",
        "tokenizer.ggml.tokens": tuple(name or "" for name in names),
        "tokenizer.ggml.token_type": tuple(int(kind) for kind in types),
    }
    # The tokenizer itself knows what belongs before a text: it puts it there.
    before = backend.encode("", add_special_tokens=True).ids[:1]
    metadata["tokenizer.ggml.add_bos_token"] = bool(before)
    if before:
        metadata["tokenizer.ggml.bos_token_id"] = before[0]
    known = [id_ for id_ in dict.fromkeys(end_ids) if id_ < count]
    metadata |= dict(zip(("tokenizer.ggml.eos_token_id", _END_OF_TURN), known, strict=False))
    return metadata


_END_OF_TURN = "tokenizer.ggml.eot_token_id"


def folder_tokenizer(folder: Path, metadata: Mapping[str, Value]) -> Tokenizer:
    """Return the tokenizer of a folder whose metadata was read; raises TokenizerError."""
    return Tokenizer(metadata, _FolderModel(_backend(folder)))


class _FolderModel:
    """What differs between families, done by the library."""

    def __init__(self, backend: BackendTokenizer) -> None:
        self._backend = backend
        # Text is plain text: names of special tokens in it are not special.
        self._backend.encode_special_tokens = True
        self._backend.no_padding()
        self._backend.no_truncation()
        self._bytes = {character: byte for byte, character in byte_alphabet().items()}
        self._byte_level = "ByteLevel" in repr(backend.decoder)

    def encode(self, text: str) -> list[int]:
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def piece(self, name: str) -> bytes:
        if not self._byte_level:
            return name.replace(_SPACE, " ").encode()
        if all(character in self._bytes for character in name):
            return bytes(self._bytes[character] for character in name)
        return name.encode()


def _type(name: str | None, added: Any) -> TokenType:
    if name is None:
        return TokenType.UNUSED
    if added is not None:
        return TokenType.CONTROL if added.special else TokenType.USER_DEFINED
    return TokenType.BYTE if _BYTE_NAME.fullmatch(name) else TokenType.NORMAL


def _backend(folder: Path) -> BackendTokenizer:
    path = folder / _FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ModelFileError(path, f"is larger than {_MAX_BYTES:,} bytes")
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    try:
        return BackendTokenizer.from_file(str(path))
    except Exception as error:
        raise ModelFileError(path, f"is no tokenizer: {error}") from error
