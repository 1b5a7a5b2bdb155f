"""Opens a connection: greeting, TLS and login, all by aiosmtplib."""

import asyncio
import ssl
from typing import cast

import aiosmtplib

from service.domain.delivery.redaction import redact
from service.domain.delivery.server_failures import Failure
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage, classify
from service.mail.smtp.connection import SmtpConnection, Timeouts
from service.mail.smtp.envelope import Extensions
from service.mail.smtp.failures import failure_of
from service.mail.smtp.login import log_in
from service.mail.smtp.url import SmtpUrl, Tls


class Unreachable(Exception):
    """The server can't be used now: `reason`; `outcome` (CONNECTION_FAILED) has the stage and the details."""

    def __init__(self, outcome: Outcome, reason: Failure) -> None:
        super().__init__(outcome.detail)
        self.outcome, self.reason = outcome, reason


def tls_context(target: SmtpUrl) -> ssl.SSLContext | None:
    """A verifying context, or (OPPORTUNISTIC) one that accepts any (RFC 7435); None without TLS."""
    if target.tls is Tls.NONE:
        return None
    context = ssl.create_default_context()
    if target.tls is Tls.OPPORTUNISTIC:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class OpeningConnection:
    """A connection that is being opened: its stage, and since when (the loop's time) it waits there."""

    def __init__(self) -> None:
        self.enter(SessionStage.CONNECT)

    def enter(self, stage: SessionStage) -> None:
        """The next command is sent."""
        self.stage, self.waiting_since = stage, asyncio.get_running_loop().time()


async def connect(
    target: SmtpUrl,
    local_hostname: str,
    context: ssl.SSLContext | None,
    timeouts: Timeouts,
    opening: OpeningConnection | None = None,
) -> SmtpConnection:
    """A connection ready for MAIL. Raises Unreachable, and then leaves no connection open.

    `opening` holds meanwhile the stage that is under way.
    """
    client = aiosmtplib.SMTP(
        hostname=target.host,
        port=target.port,
        local_hostname=local_hostname,
        timeout=timeouts.connect,
        use_tls=target.tls is Tls.IMPLICIT,
        start_tls=False,
        tls_context=context,
    )
    opening = opening or OpeningConnection()
    try:
        await _negotiate(client, target, context, opening)
        transport = cast(asyncio.Transport, client.transport)
        if transport is None or transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("the server closed the connection")
        return SmtpConnection(transport, Extensions.read(client.esmtp_extensions), timeouts)
    except (aiosmtplib.SMTPException, OSError, TimeoutError, UnicodeError) as error:
        client.close()
        failure = failure_of(opening.stage, error)
        raise Unreachable(_classify(opening.stage, error, target), failure) from None
    except asyncio.CancelledError:
        client.close()
        raise


async def _negotiate(
    client: aiosmtplib.SMTP, target: SmtpUrl, context: ssl.SSLContext | None, opening: OpeningConnection
) -> None:
    await client.connect()
    opening.enter(SessionStage.EHLO)
    await _ehlo(client)
    if target.tls in (Tls.OPPORTUNISTIC, Tls.REQUIRED):
        opening.enter(SessionStage.TLS)
        if client.supports_extension("starttls"):
            await client.starttls(tls_context=context)
            opening.enter(SessionStage.EHLO)
            await _ehlo(client)
        elif target.tls is Tls.REQUIRED:
            raise aiosmtplib.SMTPNotSupported(
                "the server offers no STARTTLS: use smtps://, or tls=none if the network can be trusted"
            )
    if target.username is not None:
        opening.enter(SessionStage.AUTH)
        await log_in(client, target)


async def _ehlo(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code == 421:
            raise
        await client.helo()  # a server older than 1995 (RFC 5321 §3.2)


def _classify(stage: SessionStage, error: Exception, target: SmtpUrl) -> Outcome:
    known = (target.username or "", target.password or "")
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 400:
        return classify(stage, error.code, None, error.message, known)
    detail = redact(_describe(error), known)
    return Outcome(OutcomeKind.CONNECTION_FAILED, stage, None, None, detail)


def _describe(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, aiosmtplib.SMTPException) and error.__cause__ else error
    if isinstance(cause, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return "the server did not answer in time"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the server's certificate does not verify: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {cause.reason}"
    if isinstance(cause, aiosmtplib.SMTPServerDisconnected | EOFError):
        return "the server closed the connection"
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"  # asyncio's own words repeat the address
    if isinstance(cause, OSError):
        return (cause.strerror or type(cause).__name__).lower()
    return str(cause) or type(cause).__name__
