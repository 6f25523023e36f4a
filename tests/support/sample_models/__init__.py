"""Files shaped like Code Llama, with seeded random weights: for tests and benchmarks.

No model hub is needed, and nothing sensible is answered; but the layout of vocabulary, tensors
and metadata is the real one, so that engines take the same paths as with the real model.
"""

from .full import write_full_gguf
from .ggml import write_ggml
from .gguf import write_gguf
from .shape import CODE_LLAMA_7B, CODE_LLAMA_ROPE_BASE, TINY, Shape
from .vocabulary import INFILLING, Piece, vocabulary

__all__ = [
    "CODE_LLAMA_7B",
    "CODE_LLAMA_ROPE_BASE",
    "INFILLING",
    "TINY",
    "Piece",
    "Shape",
    "vocabulary",
    "write_full_gguf",
    "write_ggml",
    "write_gguf",
]
