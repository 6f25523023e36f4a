"""The HTTP application: the routes, and the layers around them."""

from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from procoder_api.access import AccessMiddleware, AccessRules
from procoder_api.idempotency import IdempotencyMiddleware
from procoder_api.problems import Problem, handle_errors
from procoder_api.replies import ReplyStore
from procoder_api.routes import (
    batches,
    conversations,
    explanations,
    facts,
    hints,
    lessons,
    lint,
    me,
    models,
    operation,
)
from procoder_api.service import Service
from procoder_http.tracing import TracingMiddleware

_DESCRIPTION = """
Explanations of code: facts computed from it, and a local model's words, checked against them.

Every request but `/healthz` and `/readyz` carries a key as `Authorization: Bearer …`. Errors are
problem documents (RFC 9457). Lines are 1-based, columns 0-based code points.
"""
_PROBLEMS = {
    400: "A header or a cursor cannot be used.",
    401: "The key is missing, wrong or revoked.",
    403: "The key may not be used for this.",
    404: "There is no such thing, or it is somebody else's.",
    409: "The same request is still being answered.",
    413: "The body is too large.",
    422: "The request does not fit its schema, or its code cannot be worked with.",
    429: "More than the limits of this key allow.",
    500: "A fault of this server.",
    502: "The model refused the request.",
    503: "The model or the store is not there, or the server is being stopped.",
}


def create_app(service: Service, rules: AccessRules, replies: ReplyStore) -> FastAPI:
    """Build the application."""
    # No page with the documentation: it would load scripts from elsewhere.
    app = FastAPI(
        title="ProCoder",
        description=_DESCRIPTION,
        version=version("procoder"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    for module in (
        explanations,
        facts,
        lint,
        hints,
        lessons,
        conversations,
        batches,
        me,
        models,
    ):
        app.include_router(module.router, responses=_responses())
    app.include_router(operation.router, responses=_responses())
    handle_errors(app)
    app.add_middleware(IdempotencyMiddleware, replies=replies)
    app.add_middleware(AccessMiddleware, rules=rules)
    if rules.names.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(rules.names.origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"],
            expose_headers=["X-Request-Id", "Retry-After", "Location"],
        )
    app.add_middleware(TracingMiddleware, count=service.metrics.request)
    return app


def _responses() -> dict[int | str, dict[str, object]]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": words, "model": Problem, "content": content}
        for status, words in _PROBLEMS.items()
    }
