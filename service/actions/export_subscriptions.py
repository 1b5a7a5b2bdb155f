"""Exports all active subscriptions with their evidence of consent, in the form that `import_lines` reads."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import audit_log
from service.actions.consent_record import open_consents
from service.actions.consent_transfer import consent_columns
from service.actions.merged_topics import present_keys
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.domain.buckets import BUCKETS
from service.person_errors import Operation
from service.runtime.cooperative import batched
from service.store.audit import Operator
from service.store.people import bulk_export
from service.store.people.bulk_export import ActiveSubscription
from service.store.people.consents import ConsentKind
from service.store.people.rows import Consent
from service.system import System

_BATCH = 500
_TOPICS_AT_ONCE = 1000
_GIVEN = (ConsentKind.CONFIRMED, ConsentKind.IMPORTED)

#: A consent with its decrypted evidence.
Opened = tuple[Consent, dict[str, Any]]


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
    written = set[str]()
    await audit_log.record(system, operator, "subscriptions.export", now=now)
    count = 0
    async for rows, consents, present in _batches(system, failed):
        for row in rows:
            if row.subscriber_id in failed:
                continue
            try:
                write(_columns(system, row, consents.get(row.subscriber_id, ()), present, written))
                count += 1
            except DecryptionError as error:
                failed[row.subscriber_id] = type(error).__name__
        progress(count)
    await person_errors.report(system, Operation.EXPORT, failed)
    if failed:
        raise SomeAreMissing(len(failed))
    return count


def _columns(
    system: System,
    row: ActiveSubscription,
    consents: Sequence[Opened],
    present: Mapping[str, str],
    written: set[str],
) -> tuple[str, ...]:
    """One subscription as the columns of a file; `written`: see `consent_columns`. Raises DecryptionError.

    `present`: the topic that stands now for one that a consent names, after a merger for example.
    """
    address = decrypt_subscriber(system.keyring, row.sealed, row.public_id).address
    # A record that names no topics is about the person: agreement to new terms.
    concerned = [
        (record, known)
        for record, known in consents
        if row.key in (present.get(key, key) for key in known.get("topics", (row.key,)))
    ]
    given = [(record, known) for record, known in concerned if record.kind in _GIVEN]
    record, known = given[-1] if given else (None, {})
    consented_at = record.at if record else row.activated_at
    source = known.get("source") or f"signed up at {system.settings.public_url}"
    return (
        address,
        row.key,
        row.frequency,
        row.locale,
        row.timezone,
        consented_at.isoformat() if consented_at else "",
        source,
        str(row.hour),
        str(row.weekday),
        _flag(row.discreet),
        row.paused_until.isoformat() if row.paused_until else "",
        _flag(row.small_changes),
        msgspec.json.encode(row.filters).decode() if row.filters else "",
        *consent_columns([record for record, _ in concerned], [known for _, known in concerned], written),
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"


async def _batches(
    system: System, failed: dict[int, str]
) -> AsyncIterator[tuple[list[ActiveSubscription], dict[int, list[Opened]], dict[str, str]]]:
    """The active subscriptions, bucket by bucket, each batch with its subscribers' consents, and the topics
    that stand now for those that these name.

    Adds to `failed` those whose consents can't be decrypted.
    """
    for bucket in BUCKETS:
        last = 0
        while True:
            async with system.reading_replica() as connection:
                rows = await bulk_export.subscriptions(connection, bucket, after=last, limit=_BATCH)
                found = await bulk_export.consents(connection, {row.subscriber_id for row in rows})
                opened = dict[int, list[Opened]]()
                for subscriber_id, consents in found.items():
                    try:
                        opened[subscriber_id] = await open_consents(connection, system.keyring, consents)
                    except DecryptionError as error:
                        failed[subscriber_id] = type(error).__name__
                present = await _present(connection, opened.values())
            if not rows:
                break
            yield rows, opened, present
            last = rows[-1].id


async def _present(connection: AsyncConnection, people: Iterable[Sequence[Opened]]) -> dict[str, str]:
    named = {key for consents in people for _, known in consents for key in known.get("topics", ())}
    present: dict[str, str] = {}
    for keys in batched(sorted(named), _TOPICS_AT_ONCE):
        present |= await present_keys(connection, keys)
    return present
