"""Whether ALERTS_SECRET_KEYS are those that the database's content was encrypted with."""

from service.cli.doctor.installation import opened
from service.cli.doctor.result import CheckResult, failed, passed
from service.configuration.settings import Settings
from service.crypto import email_addresses
from service.crypto.index_key import is_current, stored_key_opens
from service.crypto.keyring import Keyring
from service.store.people import key_rotation
from service.store.sql.database import reading


async def keys(settings: Settings) -> CheckResult:
    """Whether the secret keys are those that the database's content was encrypted with."""
    keyring = Keyring(settings.secret_keys)
    known = keyring.key_ids(email_addresses.PURPOSE)
    async with opened(settings) as engine, reading(engine) as connection:
        opens = await stored_key_opens(connection, keyring)
        others = opens and await key_rotation.any_address_of_other_keys(connection, known)
        newest_suffices = opens and await is_current(connection, keyring)
        if newest_suffices and len(known) > 1:
            newest_suffices = not await key_rotation.any_address_of_other_keys(connection, known[:1])
    if opens is None:
        return passed("nothing is encrypted yet")
    if not opens:
        return failed(
            "none of ALERTS_SECRET_KEYS opens what is stored: they are another installation's, or old ones "
            "were dropped too early",
            "Add the key that this database was written with; never run with other ones.",
        )
    if others:
        return failed(
            "none of ALERTS_SECRET_KEYS opens some of the addresses: a key was dropped too early, or a "
            "process runs with another one",
            "Add the missing key as the last, restart every process, then run trial-alerts keys rotate.",
        )
    if not newest_suffices:
        return passed(
            "they open what is stored; the newest alone does not yet",
            "Restart every process and run trial-alerts keys rotate before an older one is dropped.",
        )
    if len(known) > 1:
        return passed(
            "they open what is stored, and so does the newest alone",
            "Drop the older ones when the newest is 30 days old: until then links in mails need them.",
        )
    return passed("they open what is stored")
