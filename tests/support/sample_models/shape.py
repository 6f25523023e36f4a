"""How large a sample is."""

from dataclasses import dataclass

CODE_LLAMA_ROPE_BASE = 1_000_000.0
_ROUNDING = 32


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts of a llama model without grouped heads; the vocabulary is always Code Llama's."""

    width: int
    heads: int
    blocks: int
    context: int
    multiple: int = _ROUNDING
    """The feed-forward width is rounded up to a multiple of this (`n_mult` of a GGML file)."""
    seed: int = 9
    """Decides the weights; 9 gives clear greedy answers at every weight type."""

    @property
    def inner(self) -> int:
        """Feed-forward width, as Meta's code and GGML loaders compute it."""
        return -(-(8 * self.width // 3) // self.multiple) * self.multiple

    @property
    def head_width(self) -> int:
        """Features of one head, all of which are rotated."""
        return self.width // self.heads

    def tensors(self, vocabulary: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes by GGUF name, the contiguous axis first, in file order."""
        block = {
            "attn_norm": (self.width,),
            "attn_q": (self.width, self.width),
            "attn_k": (self.width, self.width),
            "attn_v": (self.width, self.width),
            "attn_output": (self.width, self.width),
            "ffn_norm": (self.width,),
            "ffn_gate": (self.width, self.inner),
            "ffn_down": (self.inner, self.width),
            "ffn_up": (self.width, self.inner),
        }
        return {
            "token_embd.weight": (self.width, vocabulary),
            "output_norm.weight": (self.width,),
            "output.weight": (self.width, vocabulary),
            **{
                f"blk.{index}.{name}.weight": shape
                for index in range(self.blocks)
                for name, shape in block.items()
            },
        }


TINY = Shape(width=64, heads=4, blocks=2, context=512)
CODE_LLAMA_7B = Shape(width=4096, heads=32, blocks=32, context=16_384, multiple=256)
