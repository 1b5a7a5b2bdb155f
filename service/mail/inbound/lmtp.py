"""The LMTP listener (RFC 2033): takes mail from a mail server, and answers once that is done with."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

MessageHandler = Callable[[bytes, list[str]], Awaitable[object]]
"""Given the raw message and its recipients. When it returns, the message is done with, whether it had an
effect or not: 250. An error: 451, the mail server tries again."""

_log = logging.getLogger(__name__)
_TRY_AGAIN = "451 4.3.0 could not be stored, try again later"


class LmtpListener:
    """Listens on `HOST:PORT` (`[::1]:24` for IPv6) while it is entered; `port` is the one in use.

    Messages above `size_limit` octets get 552. Raises ValueError for an address that is none, OSError for one
    that can't be had.
    """

    def __init__(self, listen: str, on_message: MessageHandler, size_limit: int = 10 * 1024 * 1024) -> None:
        self.host, self.port = _read_address(listen)
        self._handler = _Handler(on_message)
        self._size_limit = size_limit
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        # aiosmtpd logs every address at INFO.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._server = await asyncio.get_running_loop().create_server(self._session, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes no more connections, and waits for the messages that are being stored."""
        assert self._server is not None
        self._server.close()
        await self._handler.finish()

    def _session(self) -> "_Lmtp":
        return _Lmtp(
            self._handler,
            data_size_limit=self._size_limit,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Trial Alerts LMTP",
            loop=asyncio.get_running_loop(),
        )


def _read_address(listen: str) -> tuple[str, int]:
    host, separator, port = listen.rpartition(":")
    if not separator or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError("the LMTP address must be HOST:PORT, such as 127.0.0.1:2424")
    return host.removeprefix("[").removesuffix("]"), int(port)


class _Handler:
    """What aiosmtpd calls."""

    def __init__(self, on_message: MessageHandler) -> None:
        self._on_message = on_message
        self._storing: set[asyncio.Task[str]] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        storing = asyncio.create_task(self._store(raw, list(envelope.rcpt_tos)))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        # A client that hangs up cancels its session, but not what is half stored.
        return await asyncio.shield(storing)

    async def _store(self, raw: bytes, recipients: list[str]) -> str:
        try:
            await self._on_message(raw, recipients)
        except Exception as error:
            # Its type alone: an error's text may quote an address.
            _log.error("a message that came back could not be stored: %s", type(error).__name__)
            return _TRY_AGAIN
        return "250 2.0.0 accepted"

    async def finish(self) -> None:
        await asyncio.gather(*self._storing, return_exceptions=True)


class _Lmtp(LMTP):
    """aiosmtpd's LMTP with one reply per recipient after the final dot (RFC 2033 §4.2), and patience with the
    long lines of returned mail."""

    line_length_limit = 100_000

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._replies = 1

    async def smtp_DATA(self, arg: str) -> None:
        try:
            await super().smtp_DATA(arg)
        finally:
            self._replies = 1

    async def push(self, status: Any) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        await super().push("\r\n".join([text] * self._replies))
        if text.startswith("354") and self.envelope is not None:
            self._replies = len(self.envelope.rcpt_tos)
