"""The SMTP server's URL, parsed and checked; no I/O."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_FORM = "write smtp://user:password@host:587, with '/', '#', '?' and '@' in the password percent-encoded"


class Tls(StrEnum):
    """NONE: never. OPPORTUNISTIC: STARTTLS when offered, any certificate (RFC 7435). REQUIRED: STARTTLS with
    a certificate that verifies, or no mail. IMPLICIT: TLS from the first octet (RFC 8314), verified too."""

    NONE = "none"  # ?tls=none
    OPPORTUNISTIC = "offered"  # without a login, by default
    REQUIRED = "required"  # with a login, by default
    IMPLICIT = "implicit"  # smtps://


class Auth(StrEnum):
    """The way to log in. OFFERED: with the password, by any offered mechanism. XOAUTH2: with an access
    token.
    """

    OFFERED = "offered"  # CRAM-MD5, PLAIN or LOGIN
    XOAUTH2 = "xoauth2"  # OAuth 2


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """A server, its TLS mode and its credentials. The password is not in `repr`.

    With XOAUTH2 the password is the access token, or `token_file` contains the current one.
    """

    host: str
    port: int
    tls: Tls
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    auth: Auth = Auth.OFFERED
    token_file: str | None = None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Reads `smtp://user:password@host:587?tls=starttls|required|none` or `smtps://…`.

        User and password are percent-decoded. Without `tls=`, verified STARTTLS is required with a login,
        and opportunistic without one. Default ports: 465 for smtps, 587 with a login, 25 without.
        `auth=xoauth2` takes the password as an access token, or with `token_file=/path` the content of that
        file. Raises ValueError with a sentence that says what to change, without the URL.
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
            raise ValueError("the SMTP URL's user or password contains a control character")
        options = _options(parts)
        tls = _tls(parts, options.get("tls"), has_login=username is not None)
        auth, token_file = _auth(options, username, password)
        default_port = 465 if tls is Tls.IMPLICIT else 587 if username is not None else 25
        return cls(host, port or default_port, tls, username, password, auth, token_file)


def parse_all(urls: str) -> list[SmtpUrl]:
    """The servers of a list with commas, in order of preference. Raises ValueError as `SmtpUrl.parse` does.

    Only a comma that a scheme follows separates: a password may hold one.
    """
    return [SmtpUrl.parse(url) for url in re.split(r"\s*,\s*(?=[A-Za-z][A-Za-z0-9+.-]*://)", urls.strip())]


def _options(parts: SplitResult) -> dict[str, str]:
    options = parse_qs(parts.query, keep_blank_values=True)
    if set(options) - {"tls", "auth", "token_file"}:
        raise ValueError(
            "the SMTP URL has an unknown option: only ?tls=starttls, required or none, auth=xoauth2"
            " and token_file= are known"
        )
    return {name: values[-1] for name, values in options.items()}


def _auth(options: dict[str, str], username: str | None, password: str | None) -> tuple[Auth, str | None]:
    choice, token_file = options.get("auth"), options.get("token_file")
    if choice not in (None, "xoauth2"):
        raise ValueError("the SMTP URL's auth= can only be xoauth2; leave it out to log in with a password")
    if choice != "xoauth2":
        if token_file is not None:
            raise ValueError("the SMTP URL's token_file= needs auth=xoauth2")
        if username is not None and not password:
            raise ValueError(f"the SMTP URL names a user without a password: {_FORM}")
        return Auth.OFFERED, None
    if username is None or bool(password) == bool(token_file):
        raise ValueError(
            "the SMTP URL's auth=xoauth2 needs a user, and either the access token as password"
            " or token_file=/path"
        )
    return Auth.XOAUTH2, token_file


def _tls(parts: SplitResult, choice: str | None, has_login: bool) -> Tls:
    if parts.scheme == "smtps":
        if choice == "none":
            raise ValueError("the SMTP URL has both smtps:// and tls=none: drop one of them")
        if choice not in (None, "starttls", "required"):
            raise ValueError("the SMTP URL's tls= must be starttls, required or none")
        return Tls.IMPLICIT
    if choice is None:
        return Tls.REQUIRED if has_login else Tls.OPPORTUNISTIC
    try:
        return {"starttls": Tls.REQUIRED, "required": Tls.REQUIRED, "none": Tls.NONE}[choice]
    except KeyError:
        raise ValueError("the SMTP URL's tls= must be starttls, required or none") from None
