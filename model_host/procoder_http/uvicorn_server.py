"""uvicorn as ProCoder's services run it: their own signals, limited connections, no access log."""

import contextlib
from collections.abc import Iterator
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from procoder_http.connections import Doorkeeper, PatientProtocol
from procoder_http.errors import StartupError
from procoder_http.http_options import HttpOptions

_GRACE_SECONDS = 2


class QuietServer(uvicorn.Server):
    """uvicorn, without its signal handlers: they end the process by the signal."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the service."""
        yield


def create_server(
    app: ASGIApp, options: HttpOptions, doorkeeper: Doorkeeper | None = None
) -> QuietServer:
    """Build the server of an application; raises StartupError for a bad TLS file."""
    config = uvicorn.Config(
        app,
        # uvicorn declares a class and calls it as a factory.
        http=partial(PatientProtocol, doorkeeper=doorkeeper or Doorkeeper()),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=options.tls_cert,
        ssl_keyfile=options.tls_key,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:
        raise StartupError(f"cannot use the TLS certificate or key: {error}") from error
    return QuietServer(config)
