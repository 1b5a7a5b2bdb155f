"""Exports all active subscriptions, in the form that `import_subscriptions` reads."""

from collections.abc import Callable
from datetime import datetime

from service import person_errors
from service.actions import audit_log
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.person_errors import Stage
from service.store.admin.audit import Operator
from service.store.people import subscriptions
from service.system import System

_SOURCE = "an export of Trial Alerts"
_BATCH = 500


class SomeAreMissing(Exception):
    """The addresses of `people` subscribers could not be decrypted; their ids were logged."""

    def __init__(self, people: int) -> None:
        super().__init__("some addresses can't be decrypted by any of the secret keys")
        self.people = people


async def export_subscriptions(
    system: System,
    operator: Operator,
    write: Callable[[tuple[str, ...]], object],
    now: datetime,
    progress: Callable[[int], None],
) -> int:
    """Calls `write` with each subscription, in the order of COLUMNS, the address in the clear.

    Returns how many; `progress` is called with the number so far. Raises SomeAreMissing at the end.
    """
    failed = dict[int, str]()
    await audit_log.record(system, operator, "subscriptions.export", now=now)
    last, count = 0, 0
    while True:
        async with system.reading_replica() as connection:
            rows = await subscriptions.all_active(connection, after=last, limit=_BATCH)
        if not rows:
            break
        for row in rows:
            try:
                person = decrypt_subscriber(system.keyring, row.sealed, row.public_id)
            except DecryptionError as error:
                failed[row.subscriber_id] = type(error).__name__
                continue
            moment = row.activated_at.isoformat() if row.activated_at else ""
            write((person.address, row.key, row.frequency, row.locale, row.timezone, moment, _SOURCE))
            count += 1
        last = rows[-1].id
        progress(count)
    await person_errors.report(system, Stage.EXPORT, failed)
    if failed:
        raise SomeAreMissing(len(failed))
    return count
