"""An SMTP server for tests: it accepts mail fast and records it, or misbehaves at a chosen place.

In a test: `async with SmtpServer(On("RCPT", "550 5.1.1 no")) as server:`. As a process of its own, for
benchmarks and for tests that kill: `python -m tests.smtp_server --port 2525 --store FILE`, which prints
`listening on HOST:PORT` and writes one line, Message-ID and recipient, per mail before it answers 250.
"""

import argparse
import asyncio
import os
import re
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.smtp_script import On, Received
from tests.smtp_session import Session


@dataclass(init=False)
class SmtpServer:
    """The server, with the commands and mails that it received.

    `chunks` holds the bytes that arrived together, so that a test can see the groups.

    `users` (names and passwords, or access tokens) log in by the `mechanisms` offered; without
    `initial_response` only when asked. `on_mail` is called with each mail before it is answered.
    """

    rules: tuple[On, ...] = ()
    pipelining: bool = True
    smtputf8: bool = True
    dsn: bool = True
    size: int | None = 50_000_000
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    users: dict[str, str] | None = None
    mechanisms: str = "PLAIN"
    initial_response: bool = True
    store: Path | None = None
    keep: bool = True
    on_mail: Callable[[Received], None] | None = None
    host: str = "127.0.0.1"
    port: int = 0
    mails: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: set["Session"] = field(default_factory=set)
    most_open: int = 0
    _file: int | None = None
    _server: asyncio.Server | None = None

    def __init__(self, *rules: On, **settings: object) -> None:
        self.rules = rules
        self.mails, self.commands, self.chunks, self.open = [], [], [], set()
        for name, value in settings.items():
            if name not in self.__dataclass_fields__:
                raise TypeError(f"no such setting: {name}")
            setattr(self, name, value)

    async def __aenter__(self) -> Self:
        if self.store is not None:
            self._file = os.open(self.store, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        context = self.tls if self.implicit_tls else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), self.host, self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for session in list(self.open):
            session.close()
        if self._file is not None:
            os.close(self._file)

    def url(self, query: str = "tls=none", login: str = "") -> str:
        """The URL to reach it by."""
        scheme = "smtps" if self.implicit_tls else "smtp"
        return f"{scheme}://{login}{self.host}:{self.port}" + (f"?{query}" if query else "")

    def take(self, mail: Received) -> None:
        """Records a mail; the record survives the death of any process, this one's included."""
        if self.keep:
            self.mails.append(mail)
        if self._file is not None:
            found = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]*>)", mail.content)
            line = f"{found[1].decode() if found else '-'} {mail.rcpt_to}\n"
            os.write(self._file, line.encode())
        if self.on_mail is not None:
            self.on_mail(mail)


async def _main() -> None:
    parser = argparse.ArgumentParser(description="an SMTP server that takes everything")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", type=Path, help="append a line per mail: Message-ID and recipient")
    parser.add_argument("--no-pipelining", action="store_true")
    options = parser.parse_args()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    server = SmtpServer(
        host=options.host,
        port=options.port,
        store=options.store,
        pipelining=not options.no_pipelining,
        keep=False,
    )
    async with server:
        print(f"listening on {server.host}:{server.port}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main())
