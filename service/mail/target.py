"""Where mail is handed over: the SMTP server's URL, read and checked; knows no network."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_FORM = "write smtp://user:password@host:587, with '/', '#', '?' and '@' in the password percent-encoded"


class Tls(StrEnum):
    """NONE: never. OFFERED: STARTTLS when offered, any certificate (RFC 7435). REQUIRED: STARTTLS with a
    certificate that verifies, or no mail. IMPLICIT: TLS from the first octet (RFC 8314), verified as well."""

    NONE = "none"
    OFFERED = "offered"
    REQUIRED = "required"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class SmtpTarget:
    """One server and how to speak to it. The password stays out of `repr`."""

    host: str
    port: int
    tls: Tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Reads `smtp://user:password@host:587?tls=starttls|required|none` or `smtps://…`.

        User and password are percent-decoded. Without `tls=`, a login asks for verified STARTTLS and a
        server without a login gets STARTTLS when it offers it. Default ports: 465 for smtps, 587 with a
        login, 25 without. Raises ValueError in a sentence that says what to mend and never quotes the URL.
        """
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname
        except ValueError:
            raise ValueError(f"the SMTP URL has no valid host and port: {_FORM}") from None
        if parts.scheme not in ("smtp", "smtps"):
            raise ValueError("the SMTP URL must begin with smtp:// or smtps://")
        if not host:
            raise ValueError(f"the SMTP URL names no host: {_FORM}")
        if parts.path.strip("/") or parts.fragment:
            raise ValueError(f"the SMTP URL has a path: {_FORM}")
        username = unquote(parts.username) if parts.username else None
        password = unquote(parts.password or "") if username is not None else None
        if any(ord(letter) < 32 for letter in (username or "") + (password or "")):
            raise ValueError("the SMTP URL's user or password holds a control character")
        tls = _tls(parts, has_login=username is not None)
        default_port = 465 if tls is Tls.IMPLICIT else 587 if username is not None else 25
        return cls(host, port or default_port, tls, username, password)


def _tls(parts: SplitResult, has_login: bool) -> Tls:
    options = parse_qs(parts.query, keep_blank_values=True)
    unknown = sorted(set(options) - {"tls"})
    if unknown:
        raise ValueError("the SMTP URL has an unknown option: only ?tls=starttls, required or none is known")
    choice = options.get("tls", [None])[-1]
    if parts.scheme == "smtps":
        if choice == "none":
            raise ValueError("the SMTP URL says smtps:// and tls=none at once: drop one of them")
        if choice not in (None, "starttls", "required"):
            raise ValueError("the SMTP URL's tls= must be starttls, required or none")
        return Tls.IMPLICIT
    if choice is None:
        return Tls.REQUIRED if has_login else Tls.OFFERED
    try:
        return {"starttls": Tls.REQUIRED, "required": Tls.REQUIRED, "none": Tls.NONE}[choice]
    except KeyError:
        raise ValueError("the SMTP URL's tls= must be starttls, required or none") from None
