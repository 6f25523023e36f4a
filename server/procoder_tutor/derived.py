"""What every question needs of a document and its symbols, derived from them once."""

from procoder_tutor.excerpts import excerpt_of
from procoder_tutor.facts.build import instant_facts
from procoder_tutor.facts.model import Facts
from procoder_tutor.once import Once
from procoder_tutor.privacy import Hidden, Privacy
from procoder_tutor.prompts import Excerpt
from procoder_tutor.symbols import Document, Symbol


class Derived:
    """Facts, secrets and excerpts of the documents that there are; belongs to one event loop."""

    def __init__(self) -> None:
        self._facts: Once[Facts] = Once()
        self._hidden: Once[Hidden] = Once()
        self._excerpts: Once[Excerpt] = Once()

    async def facts(self, document: Document, symbol: Symbol) -> Facts:
        """Return what the syntax tree proves about a symbol."""
        return await self._facts.get(document, symbol, lambda: instant_facts(document, symbol))

    async def privacy(self, document: Document) -> Privacy:
        """Return a document without its secrets."""
        hidden = await self._hidden.get(document, None, lambda: Hidden.of(document.snapshot))
        return hidden.privacy(document)

    async def excerpt(self, document: Document, symbol: Symbol) -> Excerpt:
        """Return the code of a symbol as prompts show it, without secrets."""
        privacy = await self.privacy(document)
        return await self._excerpts.get(
            document, symbol, lambda: excerpt_of(privacy.document, privacy.symbol(symbol))
        )
