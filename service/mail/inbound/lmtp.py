"""The LMTP listener (RFC 2033): accepts mail from a mail server, and replies once it is processed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from service.runtime.listen_error import ListenError

MessageHandler = Callable[[bytes, list[str]], Awaitable[object]]
"""Called with the raw message and its recipients. When it returns, the reply is 250, whether the message had
an effect or not. After an error it is 451, and the mail server retries."""

_log = logging.getLogger(__name__)
_TRY_AGAIN = "451 4.3.0 could not be stored, try again later"


class LmtpListener:
    """A context manager that listens on `HOST:PORT` (`[::1]:24` for IPv6); `port` is the actual port.

    Messages above `size_limit` octets get 552. Raises ValueError for a malformed address, ListenError if it
    can't be bound.
    """

    def __init__(self, listen: str, on_message: MessageHandler, size_limit: int = 10 * 1024 * 1024) -> None:
        self.host, self.port = read_address(listen)
        self._handler = _Handler(on_message)
        self._size_limit = size_limit
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        # aiosmtpd logs every address at INFO.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._session, self.host, self.port)
        except OSError as problem:
            raise ListenError(self.host, self.port, problem, "--listen") from None
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops accepting connections, and waits for messages being stored."""
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


def read_address(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; an IPv6 host is in brackets. Raises ValueError."""
    host, separator, port = listen.rpartition(":")
    if not separator or not host or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError("the LMTP address must be HOST:PORT, such as 127.0.0.1:2424")
    return host.removeprefix("[").removesuffix("]"), int(port)


class _Handler:
    """The handler for aiosmtpd."""

    def __init__(self, on_message: MessageHandler) -> None:
        self._on_message = on_message
        self._storing: set[asyncio.Task[str]] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content
        assert isinstance(raw, bytes)
        storing = asyncio.create_task(self._store(raw, list(envelope.rcpt_tos)))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        # A client that disconnects cancels its session, but not the storing.
        return await asyncio.shield(storing)

    async def _store(self, raw: bytes, recipients: list[str]) -> str:
        try:
            await self._on_message(raw, recipients)
        except Exception as error:
            # Its type alone: an error's text may quote an address.
            _log.error("feedback could not be stored: %s", type(error).__name__)
            return _TRY_AGAIN
        return "250 2.0.0 accepted"

    async def finish(self) -> None:
        await asyncio.gather(*self._storing, return_exceptions=True)


class _Lmtp(LMTP):
    """aiosmtpd's LMTP with one reply per recipient after the final dot (RFC 2033 §4.2), which also accepts
    the long lines of returned mail."""

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
