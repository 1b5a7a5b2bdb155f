"""The dashboard's session: an encrypted cookie, and the CSRF token of its forms.

It expires after an hour, at sign-out, and when the operators' token changes.
"""

import base64
import binascii
import hmac
import os
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie

from service.actions import dashboard_sessions
from service.configuration.settings import Settings
from service.crypto.keyring import DecryptionError, Keyring
from service.runtime.time_limit import within
from service.system import System
from service.web.http.forms import Fields, read
from service.web.http.own_paths import public_path
from service.web.http.problems import Problem

COOKIE = "operators"

#: Lifetime of a session in seconds.
LIFE = 3600

#: Seconds that the database has to say whether a session was ended.
_SECONDS = 5.0

_PURPOSE = "admin-session"
_CONTENT = struct.Struct(">Q16s")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in operator. `csrf` is in each form: another site can't know it.

    `id` identifies the session in the database; it grants nothing.
    """

    csrf: str
    id: bytes
    until: datetime


def _bound_to(settings: Settings) -> bytes:
    """Associated data that makes a session invalid once the operators' token changes."""
    return sha256(settings.admin_token.encode()).digest()


def begin(keyring: Keyring, settings: Settings, now: datetime) -> Cookie:
    """The cookie of a new session."""
    until = int((now + timedelta(seconds=LIFE)).timestamp())
    sealed = keyring.seal(_CONTENT.pack(until, os.urandom(16)), _PURPOSE, _bound_to(settings))
    return _cookie(settings, base64.urlsafe_b64encode(sealed).rstrip(b"=").decode(), LIFE)


def end(settings: Settings) -> Cookie:
    """The cookie that replaces that of the session."""
    return _cookie(settings, "", 0)


def _cookie(settings: Settings, value: str, life: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=life,
        path=settings.base_path + "/admin",
        httponly=True,
        samesite="strict",
        secure=settings.public_url.startswith("https://"),
    )


async def current(request: Request[Any, Any, Any], system: System) -> Session | None:
    """The session of a request; None if there is none, or it expired or was signed out of.

    Raises TimeoutError if the database does not answer.
    """
    session = opened(request, system)
    if session is None or await within(_SECONDS, dashboard_sessions.has_ended(system, session.id)):
        return None
    return session


def opened(request: Request[Any, Any, Any], system: System) -> Session | None:
    """The session of a request by its cookie alone, which may have been signed out of."""
    value = request.cookies.get(COOKIE, "")
    try:
        sealed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        plain = system.keyring.open(sealed, _PURPOSE, _bound_to(system.settings))
        seconds, secret = _CONTENT.unpack(plain)
    except (DecryptionError, binascii.Error, ValueError, struct.error):
        return None
    session = Session(secret.hex(), sha256(secret).digest(), datetime.fromtimestamp(seconds, UTC))
    return None if system.now() > session.until else session


async def posted(request: Request[Any, Any, Any], system: System) -> tuple[Session, Fields]:
    """The session and the fields of a form of the dashboard.

    Raises a Problem: 401 without a session, 403 for a form without its CSRF token.
    """
    session = await current(request, system)
    if session is None:
        raise Problem(401, "Sign in first.", headers={"WWW-Authenticate": 'Bearer realm="operators"'})
    fields = await read(request)
    if not hmac.compare_digest(fields.text("csrf").encode(), session.csrf.encode()):
        raise Problem(403, "This form is out of date: open the dashboard again.")
    return session, fields


def to_dashboard(*, done: str = "", cookie: Cookie | None = None) -> Response[bytes]:
    """Redirects to the dashboard, with a message about what was done."""
    target = public_path() + (f"/admin?done={done}" if done else "/admin")  # the path of the cookie
    return Response(b"", status_code=303, headers={"Location": target}, cookies=[cookie] if cookie else None)
