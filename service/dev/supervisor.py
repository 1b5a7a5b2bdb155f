"""Runs the whole system in one process and two children, and stops all of them together."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from service.configuration.settings import load_environ, read
from service.dev.embedded_redis import embedded_redis
from service.dev.environment import alone_in, complete, data_folder, written_down
from service.dev.worker_child import WorkerChild
from service.runtime.child_process import die_with_parent
from service.web.http.sockets import listen


def run(host: str, port: int, data: Path | None, *, end_with_parent: bool) -> None:
    """Runs the development system until Ctrl-C or SIGTERM. Raises ListenError, AlreadyRunning, NoRedis."""
    if end_with_parent:
        die_with_parent()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: sys.exit(0))
    folder = data_folder(data)
    with contextlib.ExitStack() as stack:
        stack.enter_context(alone_in(folder))
        web = stack.enter_context(listen(host, port))
        smtp = stack.enter_context(listen("127.0.0.1", 0))
        redis_url = stack.enter_context(_redis(folder))
        here = _url(host, web)
        environ = complete(folder, here, redis_url, f"smtp://127.0.0.1:{smtp.getsockname()[1]}?tls=none")
        read(environ)
        stack.enter_context(written_down(folder, environ))
        worker = WorkerChild(environ)
        stack.callback(worker.stop)
        with contextlib.suppress(KeyboardInterrupt):
            _serve(folder, environ, host, here, web, smtp, worker)


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    given = load_environ().get("ALERTS_REDIS_URL")
    if given:
        yield given
        return
    with embedded_redis(folder / "redis") as url:
        yield url


def _url(host: str, listener: socket.socket) -> str:
    """The URL at which a browser on this machine reaches the listener."""
    reached = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    reached = f"[{reached}]" if ":" in reached and not reached.startswith("[") else reached
    return f"http://{reached}:{listener.getsockname()[1]}"


def _serve(
    folder: Path,
    environ: dict[str, str],
    host: str,
    here: str,
    web: socket.socket,
    smtp: socket.socket,
    worker: WorkerChild,
) -> None:
    """Serves the pages and the mailbox, and stops the worker while both still answer."""
    # Imported here, while the worker and Redis start: this import takes most of the time.
    from service.dev.application import DevServer, application, greet, prepare
    from service.dev.mailbox import DevMailbox, receive
    from service.dev.website import DemoWebsite
    from service.server import server_config

    settings = read(environ)
    mailbox = DevMailbox(folder / "mailbox")
    website = DemoWebsite(folder, settings.public_url, here, settings.webhook_secrets[0])
    app = application(settings, website, mailbox, host)
    server = DevServer(server_config(app))

    async def live() -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(name, server.ask_to_stop)
        inbox = await receive(mailbox, smtp)
        await prepare(settings)
        worker.begin()
        keeping = asyncio.create_task(worker.keep_alive())
        greeting = asyncio.create_task(greet(app, server, here, folder))
        await server.serve(sockets=[web])
        keeping.cancel()
        greeting.cancel()
        await asyncio.to_thread(worker.stop)
        inbox.close()

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(live())
    if not server.started:
        raise RuntimeError("The web service did not start; the log names the reason.")
