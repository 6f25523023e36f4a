"""What was asked and answered: kept on disk, shared by editor and companion, one owner's each."""

from procoder_tutor.conversations.export import conversation_markdown
from procoder_tutor.conversations.model import Conversation, Found, Role, Turn
from procoder_tutor.conversations.packing import PackedHistory, PackedTurn, pack_turns
from procoder_tutor.conversations.protocol import Conversations, Store
from procoder_tutor.conversations.staleness import code_digest, stale_turns
from procoder_tutor.conversations.store import LOCAL_OWNER, ConversationStore

__all__ = [
    "LOCAL_OWNER",
    "Conversation",
    "ConversationStore",
    "Conversations",
    "Found",
    "PackedHistory",
    "PackedTurn",
    "Role",
    "Store",
    "Turn",
    "code_digest",
    "conversation_markdown",
    "pack_turns",
    "stale_turns",
]
