"""The conversations' file as the event loop sees it: durable, shared by processes, by owner."""

from datetime import UTC, datetime, timedelta

from procoder_tutor.conversations import queries
from procoder_tutor.conversations.export import conversation_markdown
from procoder_tutor.conversations.model import Conversation, Found, Turn
from procoder_tutor.conversations.schema import MIGRATIONS, prepare_index
from procoder_tutor.durable import DurableFile
from procoder_tutor.settings import ConversationSettings

LOCAL_OWNER = "local"
"""Who owns what is said on a machine of one user."""


class ConversationStore:
    """All conversations; several processes may have one on the same file.

    A turn is on the disk when `append` returns. Every method raises StorageError when the file
    can be neither read nor written.
    """

    def __init__(self, settings: ConversationSettings) -> None:
        self._settings = settings
        self._file = DurableFile(settings.path, MIGRATIONS, "Conversations", prepare_index)

    def of(self, owner: str = LOCAL_OWNER) -> "SqliteConversations":
        """Return the conversations of one owner, who never sees another's."""
        return SqliteConversations(self._file, owner)

    async def prune(self) -> int:
        """Delete what nobody has added to for longer than the settings allow; returns how many."""
        before = datetime.now(UTC) - timedelta(days=self._settings.keep_days)
        return await self._file.erase(lambda connection: queries.prune(connection, before))

    async def aclose(self) -> None:
        """Close the file."""
        await self._file.aclose()


class SqliteConversations:
    """The conversations of one owner; see protocol.Conversations."""

    def __init__(self, file: DurableFile, owner: str) -> None:
        self._file = file
        self._owner = owner

    async def open_for(self, document: str) -> Conversation:
        """Return the current conversation about a document, by URI; begin one if there is none."""
        return await self._file.write(
            lambda connection: queries.current(connection, self._owner, document)
        )

    async def start_new(self, document: str, title: str = "") -> Conversation:
        """Begin another conversation about a document; it becomes the current one."""
        title = title.strip() or queries.title_of(document)
        return await self._file.write(
            lambda connection: queries.create(connection, self._owner, title, document)
        )

    async def create(self, title: str) -> Conversation:
        """Begin a conversation about no document."""
        return await self._file.write(
            lambda connection: queries.create(connection, self._owner, title, None)
        )

    async def get(self, conversation: str) -> Conversation:
        """Return a conversation by id; raises NoConversationError."""
        return await self._file.read(
            lambda connection: queries.get(connection, self._owner, conversation)
        )

    async def append(self, conversation: str, turn: Turn) -> int:
        """Add a turn; it is on the disk when this returns its number. Raises NoConversationError.

        Numbers count up.
        """
        return await self._file.write(
            lambda connection: queries.append(connection, self._owner, conversation, turn)
        )

    async def take_back(self, conversation: str, number: int) -> int:
        """Delete a turn and all after it; returns how many. Raises NoConversationError."""
        return await self._file.erase(
            lambda connection: queries.take_back(connection, self._owner, conversation, number)
        )

    async def turns(self, conversation: str) -> tuple[Turn, ...]:
        """Return the turns in order; raises NoConversationError."""
        return await self._file.read(
            lambda connection: queries.turns(connection, self._owner, conversation)
        )

    async def list(
        self, *, limit: int = 50, after: Conversation | None = None
    ) -> tuple[Conversation, ...]:
        """Return a page of conversations, those changed last first."""
        return await self._file.read(
            lambda connection: queries.page(connection, self._owner, limit, after)
        )

    async def search(self, text: str, *, limit: int = 50) -> tuple[Found, ...]:
        """Return the turns that hold every word of `text`, the latest first."""
        return await self._file.read(
            lambda connection: queries.search(connection, self._owner, text, limit)
        )

    async def export_markdown(self, conversation: str) -> str:
        """Return a conversation as a Markdown document; raises NoConversationError."""
        found, turns = await self._file.read(
            lambda connection: (
                queries.get(connection, self._owner, conversation),
                queries.turns(connection, self._owner, conversation),
            )
        )
        return conversation_markdown(found, turns)

    async def note(self, name: str) -> str:
        """Return what was noted about this owner under a name; empty when nothing was."""
        return await self._file.read(lambda connection: queries.note(connection, self._owner, name))

    async def write_note(self, name: str, value: str) -> None:
        """Note something about this owner, such as how many hints were given."""
        await self._file.write(
            lambda connection: queries.write_note(connection, self._owner, name, value)
        )

    async def rename_document(self, old: str, new: str) -> int:
        """Let the conversations about a document follow it; returns how many did."""
        return await self._file.write(
            lambda connection: queries.rename_document(connection, self._owner, old, new)
        )

    async def rename_folder(self, old: str, new: str) -> int:
        """Let the conversations about documents in a folder follow it; returns how many did."""
        return await self._file.write(
            lambda connection: queries.rename_folder(connection, self._owner, old, new)
        )

    async def delete(self, conversation: str) -> bool:
        """Delete a conversation and overwrite its text; tells whether there was one."""
        return bool(
            await self._file.erase(
                lambda connection: queries.delete(connection, self._owner, conversation)
            )
        )

    async def delete_all(self) -> int:
        """Delete everything this owner has; returns how many conversations that were."""
        return await self._file.erase(
            lambda connection: queries.delete_all(connection, self._owner)
        )
