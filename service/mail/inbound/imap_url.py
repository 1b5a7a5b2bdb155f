"""The URL of a mailbox (RFC 5092): where it is, its login, and how the connection is encrypted."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

_FORM = "write imaps://user:password@mail.example.org/INBOX, with '/', '#', '?' and '@' percent-encoded"


@dataclass(frozen=True, slots=True)
class ImapUrl:
    """A mailbox. The password is not in `repr`; with `token_file`, the login is by OAuth 2 (XOAUTH2)."""

    host: str
    port: int
    mailbox: str
    username: str
    password: str = field(repr=False)
    #: From the first byte on; otherwise by STARTTLS, unless `plain`.
    implicit_tls: bool
    plain: bool
    token_file: str | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Reads `imaps://user:password@host:993/INBOX` or `imap://…` (STARTTLS; `?tls=none` without).

        `?token_file=/path` names the file with the current access token, instead of a password.
        Raises ValueError with a sentence that says what to change, without the URL.
        """
        try:
            parts = urlsplit(url.strip())
            port, host = parts.port, parts.hostname
        except ValueError:
            raise ValueError(f"the IMAP URL has no valid host and port: {_FORM}") from None
        if parts.scheme not in ("imap", "imaps"):
            raise ValueError("the IMAP URL must begin with imaps:// or imap://")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if options.keys() - {"tls", "token_file"} or options.get("tls", "none") != "none":
            raise ValueError("the IMAP URL has an unknown option: only ?tls=none and token_file= are known")
        implicit = parts.scheme == "imaps"
        if implicit and "tls" in options:
            raise ValueError("the IMAP URL has both imaps:// and tls=none: drop one of them")
        token_file = options.get("token_file")
        if not host or not parts.username or bool(parts.password) == bool(token_file):
            raise ValueError(f"the IMAP URL needs a host, a user, and a password or token_file=: {_FORM}")
        username, password = unquote(parts.username), unquote(parts.password or "")
        mailbox = unquote(parts.path.strip("/")) or "INBOX"
        if any(ord(letter) < 32 for letter in username + password + mailbox):
            raise ValueError("the IMAP URL contains a control character")
        default = 993 if implicit else 143
        return cls(host, port or default, mailbox, username, password, implicit, "tls" in options, token_file)
