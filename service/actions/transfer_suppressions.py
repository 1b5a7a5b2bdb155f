"""Addresses that must not be written to, moved in and out as lines of a file.

The store has keyed hashes of them. An export writes each hash, and the address where a subscriber with it is
there; an import takes addresses, or the hashes of an installation with the same key.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from service import person_errors
from service.actions import audit_log
from service.actions.import_lines import Rejected
from service.actions.import_subscriptions import Imported
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.domain.delivery.suppression import REPLACED_BY, Reason
from service.domain.imported_columns import (
    FileLine,
    InvalidMoment,
    NotSuppressed,
    read_moment,
    suppressed_values,
)
from service.email_address import InvalidAddress, normalize_email
from service.person_errors import Operation
from service.store.audit import Operator
from service.store.people import bulk_export, bulk_import, suppressions
from service.system import System

COLUMNS = ("email", "reason", "source", "created_at", "address_index", "index_key")
_BATCH = 4000
_LONGEST_SOURCE = 200

#: Our reasons by the names that other services give them; an unknown one counts as an operator's.
_REASONS = {
    **{reason.value: reason for reason in Reason},
    "complaint": Reason.COMPLAINT,
    "spam": Reason.COMPLAINT,
    "spamcomplaint": Reason.COMPLAINT,
    "abuse": Reason.COMPLAINT,
    "bounce": Reason.HARD_BOUNCE,
    "bounced": Reason.HARD_BOUNCE,
    "hardbounce": Reason.HARD_BOUNCE,
    "cleaned": Reason.HARD_BOUNCE,
    "unsubscribe": Reason.UNSUBSCRIBED,
    "manualsuppression": Reason.UNSUBSCRIBED,
}


class _Suppression(NamedTuple):
    number: int
    address_index: bytes
    reason: Reason
    source: str
    at: datetime


async def import_suppressions(
    system: System,
    operator: Operator,
    lines: Iterable[FileLine],
    reject: Callable[[int, str], None],
    *,
    progress: Callable[[int], None],
    stopping: asyncio.Event,
    dry_run: bool = False,
) -> Imported:
    """Suppresses the addresses of a file. Of several reasons for one, in the file or known already, the one
    that weighs most counts (`REPLACED_BY`), with its source and time.

    Each batch is stored durably; once `stopping` is set, no other begins.
    """
    source, done = iter(lines), Imported()
    planned = dict[bytes, Reason]()
    if not dry_run:
        await audit_log.record(system, operator, "suppressions.import", now=system.now())
    while batch := list(islice(source, _BATCH)):
        if stopping.is_set():
            done.stopped = True
            break
        await _import_batch(system, batch, reject, done, planned if dry_run else None)
        done.last = batch[-1].number
        progress(done.last)
    return done


async def _import_batch(
    system: System,
    batch: Sequence[FileLine],
    reject: Callable[[int, str], None],
    done: Imported,
    planned: dict[bytes, Reason] | None,
) -> None:
    """Stores the suppressions of a batch; in a dry run adds them to `planned` instead."""
    now = system.now()
    found = dict[bytes, _Suppression]()
    count = 0
    for number, values, problem, _ in batch:  # a reason with a comma in it does not save an address
        try:
            if problem:
                raise Rejected(problem)
            suppression = _read(system, number, values, now)
            other = found.get(suppression.address_index)
            if other is None or other.reason in REPLACED_BY[suppression.reason]:
                found[suppression.address_index] = suppression
            count += 1
        except (Rejected, InvalidAddress, InvalidMoment, NotSuppressed) as reason:
            done.rejected += 1
            reject(number, str(reason))
    async with system.writing() if planned is None else system.reading() as connection:
        known = await bulk_import.suppressed(connection, found.keys())
        if planned is not None:
            known |= {index: planned[index] for index in found.keys() & planned.keys()}
        fresh = [found[index] for index in sorted(found.keys() - known.keys())]
        stronger = _outweighing(found, known)
        if planned is not None:
            planned |= {entry.address_index: entry.reason for entry in (*fresh, *stronger)}
        else:
            await bulk_import.add_suppressions(connection, [_row(suppression) for suppression in fresh])
            # Others may have suppressed some of them in the meantime.
            earlier = await bulk_import.suppressed(connection, [entry.address_index for entry in fresh])
            stronger = sorted(stronger + _outweighing(found, earlier), key=lambda entry: entry.address_index)
            for entry in stronger:
                await suppressions.add(
                    connection, entry.address_index, entry.reason, source=entry.source, now=entry.at
                )
    done.new += len(fresh)
    done.known += count - len(fresh)
    done.replaced += len(stronger)


def _outweighing(found: Mapping[bytes, _Suppression], known: Mapping[bytes, str]) -> list[_Suppression]:
    """The suppressions among `found` whose reason replaces the known one."""
    return [
        found[index] for index, reason in known.items() if Reason(reason) in REPLACED_BY[found[index].reason]
    ]


def _row(suppression: _Suppression) -> dict[str, Any]:
    return {
        "address_index": suppression.address_index,
        "reason": suppression.reason.value,
        "source": suppression.source,
        "created_at": suppression.at,
    }


def _read(system: System, number: int, values: Mapping[str, str], now: datetime) -> _Suppression:
    given = {name: value.strip() for name, value in suppressed_values(values).items()}
    if given.get("email"):
        index = system.addresses.of(normalize_email(given["email"]))
    elif not given.get("address_index"):
        raise Rejected("there is no address in this line")
    elif given.get("index_key") != system.addresses.key_name:
        raise Rejected("this hash was made with the key of another installation: give the address")
    else:
        index = _index(given["address_index"])
    words = given.get("reason", "").lower().replace(" ", "_")
    reason = _REASONS.get(words) or _REASONS.get(words.replace("_", ""), Reason.OPERATOR)
    at = read_moment(given.get("created_at", ""), "created_at", now) or now
    return _Suppression(number, index, reason, _source(given.get("source", "")), at)


def _source(text: str) -> str:
    """A source without what a database refuses (a NUL character), which would cost the whole batch."""
    return "".join(filter(str.isprintable, text))[:_LONGEST_SOURCE] or "import"


def _index(text: str) -> bytes:
    try:
        index = bytes.fromhex(text)
    except ValueError:
        index = b""
    if len(index) != 32:
        raise Rejected("address_index must have 64 hexadecimal digits")
    return index


async def export_suppressions(
    system: System,
    operator: Operator,
    write: Callable[[tuple[str, ...]], object],
    now: datetime,
    progress: Callable[[int], None],
) -> int:
    """Calls `write` with each suppression, in the order of COLUMNS. Returns how many.

    An address that can't be decrypted is left empty; its hash identifies it.
    """
    await audit_log.record(system, operator, "suppressions.export", now=now)
    last, count, key = b"", 0, system.addresses.key_name
    failed = 0
    while True:
        async with system.reading_replica() as connection:
            rows = await bulk_export.suppressions(connection, after=last, limit=_BATCH)
        if not rows:
            break
        for row in rows:
            address = ""
            if row.sealed is not None and row.public_id is not None:
                try:
                    address = decrypt_subscriber(system.keyring, row.sealed, row.public_id).address
                except DecryptionError:
                    failed += 1
            moment = row.created_at.isoformat()
            write((address, row.reason, row.source, moment, row.address_index.hex(), key))
        count += len(rows)
        last = rows[-1].address_index
        progress(count)
    await person_errors.count(system, Operation.EXPORT, failed)
    return count
