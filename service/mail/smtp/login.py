"""SMTP authentication (RFC 4954): the mechanisms, tried in order of security."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosmtplib

from service.mail.smtp.url import Auth, SmtpUrl

#: Replies to AUTH by servers that accept no initial response (RFC 5321 §4.2.2).
_SYNTAX_ERRORS = frozenset({500, 501, 502, 503, 504})
_CONTINUE = 334
_AUTHENTICATED = 235


async def log_in(client: aiosmtplib.SMTP, target: SmtpUrl) -> None:
    """Logs in with the URL's credentials. Raises aiosmtplib.SMTPException whose text says what to change.

    A password is tried with every mechanism that the server offers, since some offer broken ones.
    """
    assert target.username is not None
    if target.auth is Auth.XOAUTH2:
        await _xoauth2(client, target.username, await _access_token(target))
        return None
    refusal: aiosmtplib.SMTPAuthenticationError | None = None
    for name, mechanism in _MECHANISMS.items():
        if name not in client.server_auth_methods:
            continue
        try:
            return await mechanism(client, target.username, target.password or "")
        except aiosmtplib.SMTPAuthenticationError as error:
            refusal = error
    raise refusal or aiosmtplib.SMTPNotSupported("the server offers no login by CRAM-MD5, PLAIN or LOGIN")


async def _access_token(target: SmtpUrl) -> str:
    """The OAuth 2 access token; read for each connection, since tokens expire after about an hour."""
    if target.token_file is None:
        return target.password or ""
    try:
        token = (await asyncio.to_thread(Path(target.token_file).read_text, "utf-8")).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise aiosmtplib.SMTPException(f"the token file can't be read: {type(error).__name__}") from None
    if not token:
        raise aiosmtplib.SMTPException("the token file is empty")
    return token


async def _cram_md5(client: aiosmtplib.SMTP, username: str, password: str) -> None:
    await client.auth_crammd5(username, password)


async def _plain(client: aiosmtplib.SMTP, username: str, password: str) -> None:
    response = _base64(f"\0{username}\0{password}")
    reply = await client.execute_command(b"AUTH", b"PLAIN", response)
    if reply.code in _SYNTAX_ERRORS:  # no initial response supported
        await _start_auth(client, b"PLAIN")
        reply = await client.execute_command(response)
    _accept(reply)


async def _login(client: aiosmtplib.SMTP, username: str, password: str) -> None:
    """LOGIN, described in no RFC: all servers prompt for the name, few accept it on the AUTH line."""
    await _start_auth(client, b"LOGIN")
    reply = await client.execute_command(_base64(username))
    if reply.code == _CONTINUE:
        reply = await client.execute_command(_base64(password))
    _accept(reply)


async def _xoauth2(client: aiosmtplib.SMTP, username: str, token: str) -> None:
    """Google's and Microsoft's XOAUTH2. A refusal is a challenge, to be answered with an empty line."""
    if "xoauth2" not in client.server_auth_methods:
        raise aiosmtplib.SMTPNotSupported("the server offers no login by XOAUTH2: leave out auth=xoauth2")
    response = _base64(f"user={username}\x01auth=Bearer {token}\x01\x01")
    reply = await client.execute_command(b"AUTH", b"XOAUTH2", response)
    if reply.code == _CONTINUE:
        reply = await client.execute_command(b"")
    _accept(reply)


async def _start_auth(client: aiosmtplib.SMTP, mechanism: bytes) -> None:
    """Sends AUTH without an initial response and expects a challenge."""
    reply = await client.execute_command(b"AUTH", mechanism)
    if reply.code != _CONTINUE:
        raise aiosmtplib.SMTPAuthenticationError(reply.code, reply.message)


def _accept(reply: aiosmtplib.SMTPResponse) -> None:
    if reply.code != _AUTHENTICATED:
        raise aiosmtplib.SMTPAuthenticationError(reply.code, reply.message)


def _base64(text: str) -> bytes:
    return base64.b64encode(text.encode())


_MECHANISMS: dict[str, Callable[[aiosmtplib.SMTP, str, str], Awaitable[None]]] = {
    "cram-md5": _cram_md5,
    "plain": _plain,
    "login": _login,
}
