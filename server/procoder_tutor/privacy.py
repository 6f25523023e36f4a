"""What a model may see of a document: everything but its secrets."""

from dataclasses import dataclass, replace

from procoder_tutor.backend import Prompt
from procoder_tutor.redaction import Redactor, Restorer
from procoder_tutor.symbols import Document, Snapshot, Symbol


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is secret in a snapshot; refers to no document but the clean one."""

    redactor: Redactor
    clean: Document | None
    """The snapshot without its secrets, parsed; None where it has none."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Hidden":
        """Find the secrets; the same text always gets the same placeholders."""
        redactor = Redactor()
        redacted = redactor.redact(snapshot.text)
        if not redacted.hits:
            return cls(redactor, None)
        return cls(redactor, Document.parse(replace(snapshot, text=redacted.text)))

    def privacy(self, document: Document) -> "Privacy":
        """Return what a model may see of the document that was looked through."""
        if self.clean is None:
            return Privacy(document, self.redactor, holds_secrets=False)
        return Privacy(self.clean, self.redactor, holds_secrets=True)


@dataclass(frozen=True, slots=True)
class Privacy:
    """A document without its secrets, and the way to take them out of other texts and back."""

    document: Document
    """The document itself where it has none; with as many lines in any case."""
    redactor: Redactor
    holds_secrets: bool
    """Whether anything was taken out of the document."""

    @classmethod
    def of(cls, document: Document) -> "Privacy":
        """Take the secrets out of a document; the same text always gets the same placeholders."""
        return Hidden.of(document.snapshot).privacy(document)

    def symbol(self, symbol: Symbol) -> Symbol:
        """Return a symbol of the original as it stands in the document without secrets."""
        if symbol.snapshot == self.document.snapshot:
            return symbol
        if symbol.kind == "module":
            return self.document.module
        for other in self.document.symbols:
            if (other.line, other.end_line, other.kind) == (
                symbol.line,
                symbol.end_line,
                symbol.kind,
            ):
                return other
        return self.document.selection(symbol.line, symbol.end_line)

    def redact(self, text: str) -> str:
        """Take secrets out of any text, under the placeholders of the document."""
        return self.redactor.redact(text).text

    def redact_prompt(self, prompt: Prompt) -> Prompt:
        """Take secrets out of a prompt: questions may hold some that the code does not."""
        if isinstance(prompt, str):
            return self.redact(prompt)
        return tuple(replace(m, content=self.redact(m.content)) for m in prompt)

    def restore(self, text: str) -> str:
        """Put secrets back, for the one who has them."""
        return self.redactor.restore(text)

    def restorer(self) -> Restorer:
        """Return what puts them back into a text that comes in pieces."""
        return self.redactor.restorer()
