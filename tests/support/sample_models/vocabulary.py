"""A vocabulary laid out like Code Llama's: 32,016 pieces of SentencePiece BPE.

Unknown, beginning and end; 256 bytes; 31,741 pieces; then the merges that lead to the infilling
tokens, and these. As in Meta's tokenizer.model the infilling tokens are *normal* pieces.
"""

import itertools
import string
from typing import NamedTuple

SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
SIZE = 32_016
INFILLING = {"▁<PRE>": 32_007, "▁<SUF>": 32_008, "▁<MID>": 32_009, "▁<EOT>": 32_010}
FIRST_PIECE = 259
_FIRST_INFILLING = 32_000

NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6


class Piece(NamedTuple):
    """One entry of the vocabulary."""

    name: str
    score: float
    kind: int
    """A value of `tokenizer.ggml.token_type`."""


def vocabulary() -> list[Piece]:
    """Return the pieces by id; the same at every call."""
    pieces = [
        Piece("<unk>", 0.0, UNKNOWN),
        Piece("<s>", 0.0, CONTROL),
        Piece("</s>", 0.0, CONTROL),
        *(Piece(f"<0x{byte:02X}>", 0.0, BYTE) for byte in range(256)),
        *(Piece(name, -float(rank), NORMAL) for rank, name in enumerate(_words())),
        *(Piece(name, -1e6 - rank, NORMAL) for rank, name in enumerate(_infilling())),
    ]
    assert len(pieces) == SIZE
    assert all(pieces[number].name == name for name, number in INFILLING.items())
    return pieces


def _words() -> list[str]:
    """Return runs of spaces, then words that grow by a letter at a time, then characters."""
    letters = string.ascii_lowercase + "_"
    pairs = ["".join(pair) for pair in itertools.product(letters, repeat=2)]
    triples = ["".join(triple) for triple in itertools.product(letters, repeat=3)]
    short = [*letters, *pairs]
    characters = [SPACE, *string.digits, *string.ascii_letters, *string.punctuation]
    words = [
        *(SPACE * length for length in (2, 4, 8, 16)),
        *pairs,
        *(SPACE + word for word in short),
        *triples,
        *(SPACE + word for word in triples),
    ]
    room = _FIRST_INFILLING - FIRST_PIECE - len(characters)
    return [*words[:room], *characters]


def _infilling() -> list[str]:
    """Return the sixteen pieces that Code Llama adds to Llama's 32,000."""
    steps = ["▁<SU", "▁<SUF", "▁<PRE", "▁<M", "▁<MID", "▁<E", "▁<EOT"]
    return [*steps, *INFILLING, *("▁<EOT>" + "<EOT>" * count for count in range(1, 6))]
