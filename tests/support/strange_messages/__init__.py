"""Messages that a language server should never be sent, made from a seed."""

from .messages import ENDING, Maker, Strange

__all__ = ["ENDING", "Maker", "Strange"]
