"""Edits that were proposed in a chat and not applied yet, for the command that applies them."""

from collections import OrderedDict
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from procoder_server.proposals import Written

_MOST = 32
"""Older ones are forgotten: the code they change has moved on."""


class KeptProposals:
    """Remembers the latest proposals of this session by ids that cannot be guessed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Written] = OrderedDict()

    def keep(self, written: "Written") -> str:
        """Remember a proposal; returns its id."""
        identity = uuid4().hex
        self._kept[identity] = written
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return identity

    def get(self, identity: str) -> "Written | None":
        """Return a proposal; None for one that is not remembered."""
        return self._kept.get(identity)
