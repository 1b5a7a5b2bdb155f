"""Runs the application in uvicorn, in one or several processes, on a socket bound beforehand."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import tempfile
from typing import Any

import uvicorn
from litestar import Litestar

from service.app import create_app
from service.configuration.settings import Settings, export_to_children, load_environ, read
from service.runtime import logs, tracing
from service.runtime.child_process import die_with_parent
from service.system import open_system
from service.web.http.protocol import BoundedHttpProtocol
from service.web.http.sockets import connection_limits, listen

#: Seconds that open requests may take to finish after the process was asked to stop.
_DRAIN_SECONDS = 8


def child_application() -> Litestar:
    """The application in a child process, on the process's own environment; it ends when its parent does."""
    die_with_parent()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # of the terminal that closed: the parent stops its children
    environ = load_environ()
    settings = read(environ)
    logs.set_up(settings.log_format)
    tracing.set_up(environ)
    return create_app(settings)


def server_config(app: Any, *, processes: int = 1) -> uvicorn.Config:
    """The configuration of uvicorn: without its proxy headers and access log, with limits on every client."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=processes,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="on",
        ws="none",
        http=BoundedHttpProtocol,
        backlog=connection_limits()[1],
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )


def serve(host: str, port: int, processes: int) -> None:
    """Serves until a signal to stop; the schema must be up to date.

    Raises SettingsError, ListenError, DecryptionError for other secret keys than the database's,
    UnusableDatabase for a schema that is not up to date, and the driver's error while the database is away.
    """
    environ = load_environ()
    settings = read(environ)
    logs.set_up(settings.log_format)
    tracing.set_up(environ)
    app = create_app(settings)
    asyncio.run(_try_to_open(settings))
    with listen(host, port) as listener:
        if processes == 1:
            _serve_here(app, listener)
        else:
            _serve_by_children(listener, processes)


async def _try_to_open(settings: Settings) -> None:
    """Raises an error of the start-up: the framework would print a traceback, and set a status of its own."""
    async with open_system(settings):
        pass


def _serve_here(app: Litestar, listener: socket.socket) -> None:
    server = uvicorn.Server(server_config(app))
    # uvicorn raises a signal again after its orderly stop: by default this one would end us with its status.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise RuntimeError("The service did not start; the log names the reason.")


def _serve_by_children(listener: socket.socket, processes: int) -> None:
    from uvicorn.supervisors import Multiprocess

    hang_up = signal.getsignal(signal.SIGHUP)
    config = server_config("service.server:child_application", processes=processes)
    # prometheus-client sums the counters of all children through this folder, whichever answers /metrics.
    with tempfile.TemporaryDirectory(prefix="trial-alerts-metrics-") as counts:
        export_to_children("PROMETHEUS_MULTIPROC_DIR", counts)
        supervisor = Multiprocess(config, sockets=[listener])
        if hang_up is not signal.SIG_IGN:  # uvicorn's own handler starts all children again
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
        supervisor.run()
