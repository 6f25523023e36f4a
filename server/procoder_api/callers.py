"""Who asks: the key behind a request, whose it is, and what it may be used for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer, SecurityScopes
from starlette.types import Scope as AsgiScope

from procoder_api.errors import ForbiddenError, UnauthorizedError
from procoder_http.keys import Key


class Scope(StrEnum):
    """What a key can be used for."""

    ASK = "ask"
    """Explanations, facts, findings, hints, lessons and the model's name."""
    CONVERSATIONS = "conversations"
    """The conversations of the key's user."""
    BATCHES = "batches"
    """Work on many files."""
    METRICS = "metrics"
    """What an operator watches."""


LEARNER_SCOPES = (Scope.ASK, Scope.CONVERSATIONS, Scope.BATCHES)
"""What a key can be used for when nothing else is said."""
_bearer = HTTPBearer(auto_error=False, description="A key from `procoder keys add`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    key: str
    """Name of the key: limits are counted by it."""
    user: str
    """Owner of the conversations."""
    scopes: frozenset[str]

    @classmethod
    def of(cls, key: Key) -> "Caller":
        """Return who holds a key."""
        return cls(key.name, key.user, frozenset(Scope) if key.scopes is None else key.scopes)


def remember(scope: AsgiScope, caller: Caller) -> None:
    """Note in a request who sent it."""
    scope.setdefault("state", {})["caller"] = caller


def caller_of(scope: AsgiScope) -> Caller:
    """Return who sent a request that access let through; raises UnauthorizedError."""
    caller: Caller | None = scope.get("state", {}).get("caller")
    if caller is None:
        raise UnauthorizedError
    return caller


async def known_caller(
    request: Request, scopes: SecurityScopes, _: Annotated[object, Depends(_bearer)]
) -> Caller:
    """Return who sent a request that access let through; raises ForbiddenError."""
    caller = caller_of(request.scope)
    if missing := sorted(set(scopes.scopes) - caller.scopes):
        raise ForbiddenError(
            f"This key has not the scope {', '.join(missing)}. Ask who runs this server for one."
        )
    return caller
