"""`doctor` compares the secret keys with what is stored."""

import pytest

from service.actions import key_rotation
from service.system import System, open_system
from tests.integration.cli.test_doctor import found
from tests.integration.privacy import cast
from tests.integration.web.operating import ALICE, BOB

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]


async def test_the_keys_are_compared_with_those_of_every_address(
    system: System, environ: dict[str, str]
) -> None:
    """The key of the index alone was: a key that some addresses still need could be dropped unnoticed."""
    old, new = environ["ALERTS_SECRET_KEYS"], "another-secret-key-of-more-than-32-characters"

    async def told(*keys: str) -> tuple[bool, str]:
        result = await found(environ | {"ALERTS_SECRET_KEYS": ",".join(keys)}, "keys")
        return result.ok, result.text

    await cast.follower(system, ALICE)
    assert await told(old) == (True, "they open what is stored")
    assert await told(new, old) == (True, "they open what is stored; the newest alone does not yet")
    settings = system.settings.model_copy(update={"secret_keys": (new, old)})
    async with open_system(settings) as both:
        await key_rotation.reencrypt(both.database, both.keyring, seconds=60)
    assert await told(new, old) == (True, "they open what is stored, and so does the newest alone")
    await cast.follower(system, BOB)  # a process that was not restarted
    assert await told(new, old) == (True, "they open what is stored; the newest alone does not yet")
    ok, text = await told(new)
    assert not ok
    assert text.startswith("none of ALERTS_SECRET_KEYS opens some of the addresses")
