"""The proof of work at sign-up: made, solved in the visitor's browser, checked, and spent once (ALTCHA)."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from altcha import ChallengeOptionsV1, create_challenge_v1, verify_solution_v1
from altcha.v1 import extract_params
from litestar import Request, Response, get

from service import limits
from service.settings import Settings
from service.system import System
from service.web import visitor
from service.web.inject import OpenSystem

#: A challenge must be solved and sent within this time (STANDARDS D3).
LIFE = timedelta(minutes=10)

#: Tries that a browser needs at most; half a second on a telephone.
_HARDEST = 60_000

#: What a challenge may be used for. One that was solved for another action is worth nothing here.
SIGN_UP = "sign-up"


class _Solution(msgspec.Struct):
    algorithm: str
    challenge: str
    number: int
    salt: str
    signature: str


def make(system: System, action: str = SIGN_UP) -> dict[str, Any]:
    """A fresh challenge, bound to `action`."""
    options = ChallengeOptionsV1(
        algorithm="SHA-256",
        max_number=_HARDEST,
        hmac_key=system.keyring.mac_keys("challenge")[0].hex(),
        expires=datetime.now(UTC) + LIFE,
        params={"action": action},
    )
    return create_challenge_v1(options).to_dict()


async def spend(system: System, solution: str, action: str = SIGN_UP) -> bool:
    """Whether `solution` solves a challenge of ours for `action`, in time and for the first time."""
    try:
        solved = msgspec.json.decode(base64.b64decode(solution, validate=True), type=_Solution)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return False
    payload: Any = msgspec.to_builtins(solved)
    parameters = extract_params(payload)
    if solved.algorithm != "SHA-256" or parameters.get("action") != [action] or "expires" not in parameters:
        return False
    keys = (key.hex() for key in system.keyring.mac_keys("challenge"))
    if not any(verify_solution_v1(payload, key, check_expires=True)[0] for key in keys):
        return False
    name = sha256(solved.challenge.encode()).hexdigest()
    return await limits.take_once(system, name, int(LIFE.total_seconds()) + 60)


def due(settings: Settings, load: limits.Load) -> bool:
    """Whether a visitor must solve one while sign-ups are as many as `load` says."""
    if settings.challenge != "auto":
        return settings.challenge == "always"
    return load.unusual(settings.signup_limit)


async def required(request: Request[Any, Any, Any], system: System) -> bool:
    """Whether this visitor must solve one now."""
    where = visitor.network(request, system.settings)
    return due(system.settings, await limits.count(system, where, step=False))


@get("/v1/challenge", summary="Whether a proof of work is asked for at sign-up, and a fresh one")
async def challenge(request: Request[Any, Any, Any], system: OpenSystem) -> Response[dict[str, Any]]:
    """`required`, and the challenge (ALTCHA, SHA-256): solve it and send it as `challenge`."""
    body = {"required": await required(request, system), **make(system)}
    return Response(body, headers={"Cache-Control": "no-store"})
