"""The development mailbox: an SMTP server that stores every mail as a file, and their reader."""

import asyncio
import json
import os
import re
import secrets
import socket
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

_LARGEST = 32 * 1024 * 1024
_URL = re.compile(r"https?://[^\s<>\"']+")
_HREF = re.compile(r"""href\s*=\s*["'](https?://[^"']+)["']""", re.IGNORECASE)


class DevMailbox:
    """Mails in a folder, one file each: a line of JSON with the envelope, then the mail as received."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Stores a mail; called by aiosmtpd."""
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        head = {
            "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "mail_from": envelope.mail_from,
            "rcpt_to": envelope.rcpt_tos,
        }
        content = envelope.original_content or b""
        unfinished = self._folder / f".{name}"
        unfinished.write_bytes(json.dumps(head).encode() + b"\n" + content)
        os.replace(unfinished, self._folder / f"{name}.mail")
        return "250 2.0.0 kept in the mailbox"

    def names(self) -> list[str]:
        """The mails' ids, newest first."""
        return sorted((path.stem for path in self._folder.glob("*.mail")), reverse=True)

    def mails(self, limit: int = 500) -> list[dict[str, Any]]:
        """The newest mails, newest first."""
        return [mail for name in self.names()[:limit] if (mail := self.mail(name))]

    def mail(self, name: str) -> dict[str, Any] | None:
        """One mail, or None."""
        if not re.fullmatch(r"\d{20}-[0-9a-f]{8}", name):
            return None
        path = self._folder / f"{name}.mail"
        return _read(path) if path.exists() else None

    def clear(self) -> None:
        """Deletes all mails."""
        for path in self._folder.glob("*.mail"):
            path.unlink(missing_ok=True)


@lru_cache(maxsize=2000)
def _read(path: Path) -> dict[str, Any]:
    head, _, raw = path.read_bytes().partition(b"\n")
    message = message_from_bytes(raw, policy=policy.default)
    text, html = _body(message, "plain"), _body(message, "html")
    headers: dict[str, Any] = {}
    for header, value in message.items():
        known = headers.get(header)
        headers[header] = (
            [*known, str(value)] if isinstance(known, list) else [known, str(value)] if known else str(value)
        )
    return {
        "id": path.stem,
        **json.loads(head),
        "from": str(message["from"] or ""),
        "to": str(message["to"] or ""),
        "subject": str(message["subject"] or ""),
        "headers": headers,
        "text": text,
        "html": html,
        "links": _links(text, html),
        "source": raw.decode("utf-8", "replace"),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _links(text: str, html: str) -> list[str]:
    """The URLs of a mail, each once, in the order of the text."""
    found = [url.rstrip(".,;:)") for url in _URL.findall(text)]
    return list(dict.fromkeys(found + [unescape(url) for url in _HREF.findall(html)]))


async def receive(mailbox: DevMailbox, listener: socket.socket) -> asyncio.Server:
    """Receives mail on `listener` until the returned server is closed."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            mailbox,
            data_size_limit=_LARGEST,
            enable_SMTPUTF8=True,
            ident="Trial Alerts mailbox",
            hostname="localhost",
            loop=loop,
        )

    return await loop.create_server(session, sock=listener)
