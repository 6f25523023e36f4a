"""What a prompt shows of some code."""

from dataclasses import dataclass

from procoder_tutor.facts.model import SymbolKind

_NOUNS = {"module": "script", "range": "fragment"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The code a prompt is about, without its docstrings."""

    kind: SymbolKind
    code: str
    header: str
    """The `def` or `class` line without decorators; empty for a module or a range."""
    owner: str = ""
    """For a method the header of its class, e.g. `Account(Base)`."""
    context: str = ""
    """Module-level definitions that the code uses."""

    @property
    def noun(self) -> str:
        """What a prompt calls it."""
        return _NOUNS.get(self.kind, self.kind)

    @property
    def shown(self) -> str:
        """The code under what it uses."""
        return f"{self.context}\n\n{self.code}" if self.context else self.code
