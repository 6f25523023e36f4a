"""What the routes work with, and how they reach it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Security

from procoder_api.batches.dispatch import Dispatcher
from procoder_api.batches.store import BatchStore
from procoder_api.callers import Caller, Scope, known_caller
from procoder_api.door import Door
from procoder_api.metrics import ApiMetrics
from procoder_tutor.tutor import Tutor


@dataclass(frozen=True, slots=True)
class Service:
    """One API."""

    tutor: Tutor
    door: Door
    metrics: ApiMetrics
    batches: BatchStore
    dispatcher: Dispatcher


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Api = Annotated[Service, Depends(_service)]
"""The service of the request."""
Asker = Annotated[Caller, Security(known_caller, scopes=[Scope.ASK])]
Talker = Annotated[Caller, Security(known_caller, scopes=[Scope.CONVERSATIONS])]
Batcher = Annotated[Caller, Security(known_caller, scopes=[Scope.BATCHES])]
Owner = Annotated[Caller, Security(known_caller, scopes=[Scope.CONVERSATIONS, Scope.BATCHES])]
"""Who may deal with all that is kept about them."""
Operator = Annotated[Caller, Security(known_caller, scopes=[Scope.METRICS])]
