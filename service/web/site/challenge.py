"""The proof of work for forms that send mail (ALTCHA): solved by the browser, valid once."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from altcha.v1 import ChallengeOptions, create_challenge, extract_params, verify_solution
from litestar import Request, Response, get

from service import rate_limit
from service.configuration.settings import Settings
from service.domain.wording.messages import lazy_gettext as _
from service.redis.rate_counters import Usage
from service.system import System
from service.web.http import client, counters
from service.web.http.counted_requests import counted
from service.web.http.deps import OpenSystem

#: A challenge must be solved and sent within this time (mail bombing, docs/standards.md).
LIFE = timedelta(minutes=10)

#: Maximum number of hashes to solve it; half a second on a phone.
_HARDEST = 60_000

UNSOLVED = _("We could not check that you are not a robot. Please try again.")

#: Actions. A challenge is valid only for the action that it was made for.
SIGN_UP = "sign-up"


class _Solution(msgspec.Struct):
    algorithm: str
    challenge: str
    number: int
    salt: str
    signature: str


def make(system: System, action: str = SIGN_UP) -> dict[str, Any]:
    """A fresh challenge, bound to `action`."""
    options = ChallengeOptions(
        algorithm="SHA-256",
        max_number=_HARDEST,
        hmac_key=system.keyring.mac_keys("challenge")[0].hex(),
        expires=system.now() + LIFE,
        params={"action": action},
    )
    return create_challenge(options).to_dict()


async def spend(system: System, solution: str) -> bool:
    """Whether `solution` solves a challenge of ours for SIGN_UP, in time and for the first time."""
    try:
        solved = msgspec.json.decode(base64.b64decode(solution, validate=True), type=_Solution)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return False
    payload: Any = msgspec.to_builtins(solved)
    parameters = extract_params(payload)
    if solved.algorithm != "SHA-256" or parameters.get("action") != [SIGN_UP] or "expires" not in parameters:
        return False
    keys = (key.hex() for key in system.keyring.mac_keys("challenge"))
    if not any(verify_solution(payload, key, check_expires=False)[0] for key in keys):
        return False
    if not _lasts(parameters["expires"], system.now()):
        return False
    name = sha256(solved.challenge.encode()).hexdigest()
    return await rate_limit.take_once(system, name, int(LIFE.total_seconds()) + 60)


def _lasts(expires: Sequence[str], now: datetime) -> bool:
    """Whether a challenge may still be used: `expires` is its moment in Unix time."""
    try:
        return now.timestamp() <= int(expires[0])
    except (IndexError, ValueError):
        return False


def due(settings: Settings, load: Usage) -> bool:
    """Whether a proof of work is required at this usage."""
    if settings.challenge != "auto":
        return settings.challenge == "always"
    return load.unusual(settings.signup_limit)


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """Why a visitor's request is refused: 422 without a proof of work, 429 above a limit.

    `field` is the form's field beside which the message is shown.
    """

    status: int
    message: str
    headers: dict[str, str]
    field: str = "challenge"


async def refusal(request: Request[Any, Any, Any], system: System, sent: str) -> RefusedRequest | None:
    """Counts a request for mail and spends the solution `sent`. Returns None if it is accepted."""
    load = await counted(request, system)
    return await refusal_under(system, load, sent)


async def refusal_under(system: System, load: Usage, sent: str) -> RefusedRequest | None:
    """Applies the limits to a request that is counted in `load` already. Returns None if it is accepted.

    Spends the solution `sent`, unless even a valid one would not help.
    """
    limit = system.settings.signup_limit
    if sent and not load.too_many(limit, solved=True) and await spend(system, sent):
        counters.PROOFS.inc()
        return None
    if load.too_many(limit, solved=False):
        counters.LIMITED.labels("network").inc()
        message = _("Too many requests came from your network. Please try again in a few minutes.")
        return RefusedRequest(429, message, {"Retry-After": str(load.seconds_left)})
    if due(system.settings, load):
        counters.LIMITED.labels("proof_of_work").inc()
        return RefusedRequest(
            422, UNSOLVED if sent else _("Wait for the check to finish, then try again."), {}
        )
    return None


async def required(request: Request[Any, Any, Any], system: System) -> bool:
    """Whether this visitor must solve a challenge now."""
    where = client.network(request, system.settings)
    return due(system.settings, await rate_limit.count(system, where, increment=False))


@get("/v1/challenge", summary="Whether a proof of work is asked for, and a fresh one")
async def challenge(request: Request[Any, Any, Any], system: OpenSystem) -> Response[dict[str, Any]]:
    """`required`, and the challenge (ALTCHA, SHA-256): solve it and send it as `challenge`."""
    body = {"required": await required(request, system), **make(system)}
    return Response(body)
