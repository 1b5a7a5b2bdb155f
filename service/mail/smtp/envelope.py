"""Messages for SMTP: the envelope's commands and the dot-stuffed body; no I/O."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage


class SmtpMessage(NamedTuple):
    """A message ready to send: `content` with CRLF line ends, `domain` the recipient's.

    `dotless`: no line begins with a dot. `seven_bit`: all of it is ASCII. Both spare a search of the content.
    """

    id: int
    mail_from: str
    rcpt_to: str
    content: bytes
    domain: str
    dotless: bool = False
    seven_bit: bool = False


class TemplateFault(Exception):
    """A template is broken, so that the message can't be rendered before it is corrected.

    The text names the template and the fault, for an operator, without values.
    """


class LazyMessage(NamedTuple):
    """A message rendered just before it is sent, so that few are held in memory."""

    id: int
    domain: str
    write: Callable[[], SmtpMessage]


OutgoingMessage = SmtpMessage | LazyMessage


@dataclass(frozen=True, slots=True)
class Extensions:
    """The service extensions that a server offers in its reply to EHLO (RFC 5321 §2.2)."""

    pipelining: bool = False  # RFC 2920
    smtputf8: bool = False  # RFC 6531
    eight_bit: bool = False  # RFC 6152
    dsn: bool = False  # RFC 3461
    size: int | None = None  # RFC 1870: the largest message in octets; 0: no fixed limit; None: not offered

    @classmethod
    def read(cls, extensions: dict[str, str]) -> Self:
        """Reads EHLO keywords in lower case and their parameters."""
        size = extensions.get("size")
        return cls(
            pipelining="pipelining" in extensions,
            smtputf8="smtputf8" in extensions,
            eight_bit="8bitmime" in extensions,
            dsn="dsn" in extensions,
            size=None if size is None else int(size) if size.isascii() and size.isdigit() else 0,
        )


_INVALID_IN_ENVELOPE = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")


def unsendable(mail: SmtpMessage, extensions: Extensions) -> Outcome | None:
    """The outcome of a message that this server can't accept (too large, unsupported characters), or None."""
    if not mail.rcpt_to or _INVALID_IN_ENVELOPE.search(mail.mail_from + mail.rcpt_to):
        return _refused(
            OutcomeKind.MESSAGE_FAULT, SessionStage.RCPT, "an address that is not valid in an envelope"
        )
    if extensions.size and len(mail.content) > extensions.size:
        return _refused(OutcomeKind.MESSAGE_FAULT, SessionStage.MAIL, f"larger than {extensions.size} octets")
    if needs_smtputf8(mail) and not extensions.smtputf8:
        return _refused(OutcomeKind.UNSUPPORTED, SessionStage.RCPT, "the server offers no SMTPUTF8")
    if needs_eight_bit(mail) and not (extensions.eight_bit or extensions.smtputf8):
        return _refused(OutcomeKind.UNSUPPORTED, SessionStage.DATA, "the server offers no 8BITMIME")
    return None


def _refused(kind: OutcomeKind, stage: SessionStage, detail: str) -> Outcome:
    return Outcome(kind, stage, None, None, detail)


def needs_eight_bit(mail: SmtpMessage) -> bool:
    """Whether the message has non-ASCII octets (RFC 6152)."""
    return not (mail.seven_bit or mail.content.isascii())


def needs_smtputf8(mail: SmtpMessage) -> bool:
    """Whether an address is not ASCII (RFC 6531 §3.4); only then have the headers non-ASCII characters."""
    return not (mail.rcpt_to.isascii() and mail.mail_from.isascii())


def envelope(mail: SmtpMessage, extensions: Extensions) -> tuple[bytes, bytes, bytes]:
    """The commands MAIL, RCPT and DATA with line ends. Check `unsendable` first."""
    parameters = ""
    if extensions.size is not None:
        parameters += f" SIZE={len(mail.content)}"
    if extensions.dsn:
        parameters += " RET=HDRS"  # a bounce need not carry the person's digest (RFC 3461 §4.3)
    if needs_eight_bit(mail):
        parameters += " BODY=8BITMIME"
    if needs_smtputf8(mail):
        parameters += " SMTPUTF8"
    return (
        f"MAIL FROM:<{mail.mail_from}>{parameters}\r\n".encode(),
        f"RCPT TO:<{mail.rcpt_to}>\r\n".encode(),
        b"DATA\r\n",
    )


def body(mail: SmtpMessage) -> tuple[bytes, bytes]:
    """The dot-stuffed content, and its end: the final dot (RFC 5321 §4.5.2)."""
    stuffed = mail.content
    if not mail.dotless:
        stuffed = stuffed.replace(b"\r\n.", b"\r\n..")
        if stuffed.startswith(b"."):
            stuffed = b"." + stuffed
    return stuffed, b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
