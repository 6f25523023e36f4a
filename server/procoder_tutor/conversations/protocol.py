"""What conversations are to everybody else, wherever they are kept."""

from typing import Protocol

from procoder_tutor.conversations.model import Conversation, Found, Turn


class Conversations(Protocol):
    """The conversations of one owner. Every method raises StorageError when it cannot be done."""

    async def open_for(self, document: str) -> Conversation:
        """Return the current conversation about a document, by URI; begin one if there is none."""
        ...

    async def start_new(self, document: str, title: str = "") -> Conversation:
        """Begin another conversation about a document; it becomes the current one."""
        ...

    async def create(self, title: str) -> Conversation:
        """Begin a conversation about no document."""
        ...

    async def get(self, conversation: str) -> Conversation:
        """Return a conversation by id; raises NoConversationError."""
        ...

    async def append(self, conversation: str, turn: Turn) -> int:
        """Add a turn; it is kept when this returns its number. Raises NoConversationError.

        Numbers count up within a conversation.
        """
        ...

    async def take_back(self, conversation: str, number: int) -> int:
        """Delete a turn and all after it; returns how many. Raises NoConversationError."""
        ...

    async def turns(self, conversation: str) -> tuple[Turn, ...]:
        """Return the turns in order; raises NoConversationError."""
        ...

    async def list(
        self, *, limit: int = 50, after: Conversation | None = None
    ) -> tuple[Conversation, ...]:
        """Return a page of conversations, those changed last first."""
        ...

    async def search(self, text: str, *, limit: int = 50) -> tuple[Found, ...]:
        """Return the turns that hold every word of `text`, the latest first."""
        ...

    async def export_markdown(self, conversation: str) -> str:
        """Return a conversation as a Markdown document; raises NoConversationError."""
        ...

    async def note(self, name: str) -> str:
        """Return what was noted about this owner under a name; empty when nothing was."""
        ...

    async def write_note(self, name: str, value: str) -> None:
        """Note something about this owner, such as how many hints were given."""
        ...

    async def rename_document(self, old: str, new: str) -> int:
        """Let the conversations about a document follow it; returns how many did."""
        ...

    async def rename_folder(self, old: str, new: str) -> int:
        """Let the conversations about documents in a folder follow it; returns how many did."""
        ...

    async def delete(self, conversation: str) -> bool:
        """Delete a conversation with its turns; tells whether there was one."""
        ...

    async def delete_all(self) -> int:
        """Delete everything this owner has; returns how many conversations that were."""
        ...


class Store(Protocol):
    """All conversations."""

    def of(self, owner: str) -> Conversations:
        """Return the conversations of one owner, who never sees another's."""
        ...

    async def prune(self) -> int:
        """Delete what nobody has added to for too long; returns how many."""
        ...

    async def aclose(self) -> None:
        """Let go of files and connections."""
        ...
