"""The HTTP application: OpenAI's routes over a scheduler and its engine."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from procoder_http.activity import ActivityMiddleware
from procoder_http.streams import DisconnectedError
from procoder_http.tracing import CANCELLED, TracingMiddleware, trace_of
from procoder_model_host.errors import InternalError, InvalidRequestError, RequestError
from procoder_model_host.web import routes
from procoder_model_host.web.access import AccessMiddleware, AccessRules
from procoder_model_host.web.replies import error_response
from procoder_model_host.web.routes import HostState

_CLIENT_GONE = 499
"""nginx's status for a client that closed the connection; nobody reads it."""

ROUTES = (
    ("GET", "/healthz", routes.health),
    ("GET", "/readyz", routes.readiness),
    ("GET", "/metrics", routes.metrics),
    ("GET", "/openapi.json", routes.openapi),
    ("GET", "/v1/models", routes.models),
    ("POST", "/v1/models/switch", routes.switch_model),
    ("GET", "/v1/models/{model_id:path}", routes.model),
    ("POST", "/v1/completions", routes.completions),
    ("POST", "/v1/chat/completions", routes.chat_completions),
    ("POST", "/v1/tokenize", routes.tokenize),
    ("POST", "/v1/leave", routes.leave),
)
"""Method, path, endpoint; the more special path first."""

__all__ = ["ROUTES", "HostState", "create_app"]


def create_app(state: HostState, rules: AccessRules) -> FastAPI:
    """Build the application."""
    # No generated documentation: its pages load scripts from elsewhere, and its document
    # knows nothing of bodies that are checked here. Ours is in openapi.
    app = FastAPI(title="ProCoder model host", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.host = state
    for method, path, endpoint in ROUTES:
        app.add_api_route(path, endpoint, methods=[method])
    app.add_exception_handler(RequestError, _on_request_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(DisconnectedError, _on_disconnect)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_fault)
    app.add_middleware(ActivityMiddleware, activity=state.activity)
    app.add_middleware(AccessMiddleware, rules=rules)

    def count(route: str, outcome: str) -> None:
        state.metrics.request(route, state.model.id, outcome)

    app.add_middleware(TracingMiddleware, count=count)
    return app


async def _on_request_error(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, RequestError) else InternalError()
    trace_of(request.scope).outcome = known.code.value
    return error_response(known)


async def _on_http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    path = request.url.path
    words = {404: f"there is nothing at {path}", 405: f"{path} does not take {request.method}"}
    refusal = InvalidRequestError(words.get(status, "the request cannot be served"))
    trace_of(request.scope).outcome = refusal.code.value
    headers = error.headers if isinstance(error, HTTPException) else None
    return error_response(refusal, status, headers)


async def _on_disconnect(request: Request, _: Exception) -> Response:
    trace_of(request.scope).outcome = CANCELLED
    return Response(status_code=_CLIENT_GONE)


async def _on_fault(request: Request, _: Exception) -> Response:
    trace_of(request.scope).outcome = InternalError.code.value
    return error_response(InternalError())
