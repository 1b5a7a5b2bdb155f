"""All data stored about a person: export and erasure.

`subject_rights` authorizes and audits both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service import request_queue
from service.actions.consent_record import open_consents
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError, Keyring
from service.crypto.sealed_json import CONTEXT, open_json
from service.domain.buckets import BUCKETS
from service.email_address import InvalidAddress, normalize_email
from service.store.digests.digests import reported_trials
from service.store.mail import requests
from service.store.mail.requests import WaitingRequest
from service.store.people import erasure, export, subscribers, suppressions
from service.store.people.export import ExportedDigest, ExportedMail, ExportedSubscription
from service.store.people.rows import AddressChange, Consent, Subscriber, Suppression
from service.system import System

#: Queued requests decrypted at most; workers process them within seconds.
_MOST_REQUESTS = 5_000


def _index_of(system: System, address: str) -> bytes | None:
    """The index of an address as typed; None for what is no address."""
    try:
        return system.addresses.of(normalize_email(address))
    except InvalidAddress:
        return None


async def find(connection: AsyncConnection, system: System, address: str) -> Subscriber | None:
    """Finds the subscriber of an address as typed."""
    index = _index_of(system, address)
    return None if index is None else await subscribers.find(connection, index)


async def suppression_of(connection: AsyncConnection, system: System, address: str) -> Suppression | None:
    """The suppression of an address as typed, which may be kept where no subscriber has it."""
    index = _index_of(system, address)
    return None if index is None else await suppressions.get(connection, index)


async def erase(
    connection: AsyncConnection, system: System, subscriber_id: int, *, requested: bool = True
) -> dict[str, int]:
    """Deletes all data of a person; returns the number of rows deleted from each table.

    If `requested` by the person, this includes their unprocessed requests and the recent mail counts of their
    mailbox. Otherwise these stay: a waiting sign-up makes a new person, and other addresses may share the
    mailbox, whose limit must still hold.
    """
    person = await subscribers.lock(connection, subscriber_id)
    if person is None:
        return {}
    mailboxes: tuple[bytes, ...] = ()
    try:
        address = decrypt_subscriber(system.keyring, person.sealed, person.public_id).address
        mailboxes = (system.addresses.mailbox(address),) if requested else ()
    except DecryptionError:
        pass  # a row that can't be decrypted can still be erased
    asked = await _erase_requests(connection, system, person.email_index, person.id) if requested else 0
    gone = await erasure.erase(connection, subscriber_id, mailboxes=mailboxes)
    return gone | {"request": asked}


async def erase_requests(connection: AsyncConnection, system: System, address: str) -> dict[str, int]:
    """Deletes the queued requests of an address, as typed, that no subscriber has; returns as `erase`.

    Waits for a worker that processes one of them, and may have made a subscriber of it.
    """
    index = _index_of(system, address)
    asked = 0 if index is None else await _erase_requests(connection, system, index)
    return {"request": asked} if asked else {}


async def _erase_requests(
    connection: AsyncConnection, system: System, email_index: bytes, subscriber_id: int | None = None
) -> int:
    asked = await _requests_of(connection, system, email_index, subscriber_id)
    return sum([await requests.remove(connection, row.id) for row, _ in asked])


async def _requests_of(
    connection: AsyncConnection, system: System, email_index: bytes, subscriber_id: int | None = None
) -> list[tuple[WaitingRequest, dict[str, Any]]]:
    """The queued requests of an address and of its subscriber, if it has one, decrypted."""
    found = []
    waiting = [await requests.waiting(connection, bucket, 0, _MOST_REQUESTS) for bucket in BUCKETS]
    for row in chain.from_iterable(waiting):
        values = request_values(system, row)
        is_theirs = subscriber_id is not None and values.get("subscriber_id") == subscriber_id
        if is_theirs or is_made_with(system, values, email_index):
            found.append((row, values))
    return found


def request_values(system: System, request: WaitingRequest) -> dict[str, Any]:
    """The decrypted values of a queued request; empty if it can't be read, as it is then somebody else's."""
    try:
        decrypted = request_queue.decrypt(system.keyring, request.kind, request.sealed)
        return msgspec.json.decode(decrypted.content, type=dict[str, Any])
    except (DecryptionError, msgspec.DecodeError):
        return {}


def is_made_with(system: System, values: Mapping[str, Any], email_index: bytes) -> bool:
    """Whether a queued request was made with this address."""
    typed = values.get("email")
    return isinstance(typed, str) and system.addresses.of(typed) == email_index


async def export_person(
    connection: AsyncConnection, system: System, person: Subscriber, now: datetime
) -> dict[str, Any]:
    """All data of a person, as JSON values. Raises DecryptionError if none of the keys decrypts it."""
    keyring = system.keyring
    address = decrypt_subscriber(keyring, person.sealed, person.public_id).address
    rows = await export.rows_of(connection, person.id)
    nct_ids = {nct_id for row in rows.digest for nct_id in reported_trials(row.reported)}
    trials = await export.trials(connection, nct_ids)
    waiting = await _requests_of(connection, system, person.email_index, person.id)
    of_address = await _of_address(connection, system, address, person.email_index, waiting, now)
    return of_address | {
        "person": _person(person, address),
        "subscriptions": [_subscription(row) for row in rows.subscription],
        "reported_up_to": [
            {"frequency": row.frequency, "seq": row.seq, "behind": row.behind} for row in rows.cursor
        ],
        "consents": [_consent(*opened) for opened in await open_consents(connection, keyring, rows.consent)],
        "mails": [_mail(keyring, row) for row in rows.delivery],
        "digests": [await _digest(connection, row, trials) for row in rows.digest],
        "failed_mails": [row._asdict() for row in rows.bounce_count],
        "address_changes": [_address_change(keyring, row) for row in rows.address_change],
    }


async def export_requests(
    connection: AsyncConnection, system: System, address: str, now: datetime
) -> dict[str, Any] | None:
    """What was asked for with an address, as typed, that no subscriber has, in the form of `export_person`;
    None if nothing waits."""
    index = _index_of(system, address)
    waiting = [] if index is None else await _requests_of(connection, system, index)
    if index is None or not waiting:
        return None
    return await _of_address(connection, system, normalize_email(address), index, waiting, now)


async def _of_address(
    connection: AsyncConnection,
    system: System,
    address: str,
    email_index: bytes,
    waiting: Sequence[tuple[WaitingRequest, dict[str, Any]]],
    now: datetime,
) -> dict[str, Any]:
    """An export with what is stored about an address without a subscriber."""
    suppression = await suppressions.get(connection, email_index)
    counted = await export.counted_mails(connection, system.addresses.mailbox(address))
    return {
        "made_at": now,
        "person": None,
        "must_not_be_written_to": _suppression(suppression) if suppression else None,
        "subscriptions": [],
        "reported_up_to": [],
        "consents": [],
        "mails": [],
        "digests": [],
        "failed_mails": [],
        "address_changes": [],
        "requests_waiting": [
            {"kind": row.kind, "received_at": row.received_at, "words": values} for row, values in waiting
        ],
        "mails_counted_by_limits": list(counted),
    }


def _suppression(row: Suppression) -> dict[str, Any]:
    return {"reason": row.reason, "source": row.source, "created_at": row.created_at}


def _person(person: Subscriber, address: str) -> dict[str, Any]:
    return {
        "number": person.id,
        "public_id": person.public_id.hex(),
        "address": address,
        "locale": person.locale,
        "timezone": person.timezone,
        "hour": person.hour,
        "weekday": person.weekday,
        "discreet": person.discreet,
        "paused_until": person.paused_until,
        "created_at": person.created_at,
        "confirmed_at": person.confirmed_at,
        "terms_version": person.terms_version,
        "address_changed_at": person.address_changed_at,
    }


def _subscription(row: ExportedSubscription) -> dict[str, Any]:
    values = row._asdict()
    return {"topic": values.pop("key"), **values}


def _consent(row: Consent, evidence: dict[str, Any]) -> dict[str, Any]:
    """A consent with its evidence: the text shown, the terms' text and hash, and how it was given."""
    return {
        "kind": row.kind,
        "at": row.at,
        "wording": row.wording,
        "wording_sha256": row.wording_sha256,
        "terms_version": row.terms_version,
        "terms_sha256": row.terms_sha256,
        "terms_text": row.terms_text,
        "evidence": evidence,
    }


def _mail(keyring: Keyring, row: ExportedMail) -> dict[str, Any]:
    values = row._asdict()
    del values["subscriber_id"]
    return values | {"context": open_json(keyring, CONTEXT, row.subscriber_id, row.context)}


async def _digest(
    connection: AsyncConnection, row: ExportedDigest, trials: dict[str, export.ReportedTrial]
) -> dict[str, Any]:
    ids = {int(pair.partition(":")[0]) for pair in row.topics.split(",") if pair}
    keys = await export.topic_keys(connection, ids)
    return {
        "number": row.id,
        "frequency": row.frequency,
        "from_seq": row.from_seq,
        "to_seq": row.to_seq,
        "topics": sorted(keys.values()),
        "reported": [asdict(trials[nct_id]) for nct_id in reported_trials(row.reported) if nct_id in trials],
    }


def _address_change(keyring: Keyring, row: AddressChange) -> dict[str, Any]:
    change = open_json(keyring, CONTEXT, row.subscriber_id, row.sealed)
    return {"new_address": change["address"], "asked_at": row.created_at, "done_at": row.done_at}


def as_json(words: dict[str, Any]) -> bytes:
    """An export as an indented JSON file."""
    return msgspec.json.format(msgspec.json.encode(words), indent=2)


def summary(words: dict[str, Any]) -> dict[str, Any]:
    """The short form of an export: the person, subscriptions, consents, number of mails, and what waits."""
    mails: Sequence[dict[str, Any]] = words["mails"]
    return {
        "person": words["person"],
        "must_not_be_written_to": words["must_not_be_written_to"],
        "subscriptions": [
            {name: subscription[name] for name in ("topic", "name", "state", "frequency", "end_reason")}
            for subscription in words["subscriptions"]
        ],
        "consents": [
            {name: consent[name] for name in ("kind", "at", "terms_version")} for consent in words["consents"]
        ],
        "mails": len(mails),
        "last_mail": mails[-1] if mails else None,
        "requests_waiting": [
            {name: request[name] for name in ("kind", "received_at")} for request in words["requests_waiting"]
        ],
    }
