"""A mailbox read over IMAP (RFC 9051): each unread message once, then marked as read or deleted."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from service.mail.inbound.imap_url import ImapUrl

#: Maximum octets of a message: mail systems write no larger notices.
LARGEST_MESSAGE = 10 * 1024 * 1024
_SECONDS = 60.0
#: A response may also hold flags, unsolicited, that another program has changed (RFC 9051 §7.5.2).
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
#: Octets of a line in an answer: many message numbers.
imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]


class MailboxError(Exception):
    """The mailbox can't be used; the message is one sentence that says why, without secrets."""


class ImapMailbox:
    """An open mailbox. Its calls block: run them in a thread."""

    def __init__(self, connection: imaplib.IMAP4, *, delete: bool) -> None:
        self._imap = connection
        self._delete = delete

    def unread(self) -> list[bytes]:
        """The numbers (UIDs) of the messages that were not read yet, oldest first."""
        self._imap.noop()  # what has arrived since the mailbox was selected
        found = _answer(self._imap.uid("SEARCH", "UNSEEN"), "does not list its messages")
        return [uid for part in found if isinstance(part, bytes) for uid in part.split()]

    def message(self, uid: bytes) -> bytes | None:
        """The message as it came; None for one that is gone or too large."""
        sizes = _answer(self._imap.uid("FETCH", uid.decode(), "(RFC822.SIZE)"), "gives no message")
        found = _SIZE.search(b" ".join(part for part in sizes if isinstance(part, bytes)))
        if found is None or int(found[1]) > LARGEST_MESSAGE:
            return None
        parts = _answer(self._imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])"), "gives no message")
        return next((part[1] for part in parts if isinstance(part, tuple)), None)

    def finish(self, uid: bytes) -> None:
        """Marks the message as read, so that it is not given again, or deletes it."""
        flags = r"(\Seen \Deleted)" if self._delete else r"(\Seen)"
        _answer(self._imap.uid("STORE", uid.decode(), "+FLAGS.SILENT", flags), "can't be written to")
        if self._delete:
            self._imap.expunge()


@contextmanager
def open_mailbox(url: ImapUrl, *, delete: bool) -> Iterator[ImapMailbox]:
    """Connects, logs in and selects the mailbox. Raises MailboxError, also for failures within."""
    connection: imaplib.IMAP4 | None = None
    try:
        connection = _connect(url)
        _log_in(connection, url)
        _answer(connection.select(_quoted(url.mailbox)), "has no mailbox of that name")
        yield ImapMailbox(connection, delete=delete)
    except ssl.SSLCertVerificationError:
        raise MailboxError("The IMAP server's certificate can't be verified.") from None
    except imaplib.IMAP4.error:
        raise MailboxError("The IMAP server ended the connection or refused a command.") from None
    except OSError as error:
        raise MailboxError(f"The IMAP server can't be reached ({type(error).__name__}).") from None
    finally:
        if connection is not None:
            with suppress(imaplib.IMAP4.error, OSError):  # it may be gone
                connection.logout()


def _connect(url: ImapUrl) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if url.implicit_tls:
        return imaplib.IMAP4_SSL(url.host, url.port, ssl_context=context, timeout=_SECONDS)
    connection = imaplib.IMAP4(url.host, url.port, timeout=_SECONDS)
    if not url.plain:
        connection.starttls(context)
    return connection


def _log_in(connection: imaplib.IMAP4, url: ImapUrl) -> None:
    try:
        if url.token_file is not None:
            answer = f"user={url.username}\1auth=Bearer {_token(url.token_file)}\1\1".encode()
            connection.authenticate("XOAUTH2", lambda _: answer)
        elif (url.username + url.password).isascii():
            connection.login(url.username, url.password)
        else:  # the command LOGIN has no characters beyond ASCII; PLAIN is UTF-8 (RFC 4616)
            connection.authenticate("PLAIN", lambda _: f"\0{url.username}\0{url.password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise MailboxError("The IMAP server refuses the login.") from None


def _token(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = f"The file with the IMAP server's token can't be read ({type(error).__name__})."
        raise MailboxError(reason) from None


def _quoted(name: str) -> str:
    """A mailbox's name in a command: in modified UTF-7 (RFC 3501 §5.1.3), unless it is ASCII already."""
    if not name.isascii():
        name = re.sub(r"&|[^ -~]+", lambda part: _shifted(part[0]), name)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(part: str) -> str:
    utf_16 = b"" if part == "&" else part.encode("utf-16-be")
    return f"&{base64.b64encode(utf_16, altchars=b'+,').decode().rstrip('=')}-"


def _answer(answer: tuple[str, Sequence[object]], words: str) -> list[object]:
    status, parts = answer
    if status != "OK":
        raise MailboxError(f"The IMAP server {words}.")
    return list(parts)
