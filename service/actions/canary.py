"""The canary: proves the way from an event to an inbox, for each frequency, with mail that must come back."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import personal_data
from service.crypto.email_addresses import new_subscriber_columns
from service.domain import canary as rules
from service.domain.delivery.kinds import MailKind
from service.domain.digests.schedule import Frequency
from service.domain.subscription import EndReason, SubscriptionState
from service.email_address import normalize_email
from service.redis.job_queue import Job
from service.store.changes import events
from service.store.mail import deliveries
from service.store.people import canaries, subscribers, subscriptions, terms
from service.store.topics import topics
from service.system import System

_log = structlog.get_logger("canary")

_MESSAGE_ID = re.compile(rb"^message-id:\s*<([0-9a-z.-]{16,64})@", re.IGNORECASE | re.MULTILINE)

#: Octets of a returned mail that are searched for its headers.
_HEAD = 16_384


class CanaryStatus(NamedTuple):
    """Seconds since a canary's mail last came back (None: it never did), and whether these are too many."""

    frequency: str
    seconds: float | None
    overdue: bool


def _limits(system: System) -> tuple[timedelta, timedelta]:
    settings = system.settings
    return timedelta(minutes=settings.canary_minutes), timedelta(seconds=settings.settle_seconds)


async def beat(system: System, now: datetime) -> None:
    """Adds the canaries that are missing, and changes the synthetic trial when it is time to."""
    if not system.settings.canary_address:
        return
    async with system.writing() as connection:
        known = {canary.frequency: canary for canary in await canaries.all_of_them(connection)}
        for frequency in Frequency:
            address = rules.address_of(system.settings.canary_address, frequency)
            await _settle(connection, system, known.get(frequency), frequency, address, now)
        await _agree(connection)
        changed = await canaries.emitted(connection, now, now - rules.emission_interval(*_limits(system)))
        if changed:
            await _emit(connection, system, now)
    if changed:
        system.notifier.notify(Job.INGEST)


async def _settle(
    connection: AsyncConnection,
    system: System,
    known: canaries.Canary | None,
    frequency: str,
    address: str,
    now: datetime,
) -> None:
    """Makes the canary of a frequency a confirmed follower of the synthetic trial, once."""
    address = normalize_email(address)
    person = await subscribers.find(connection, system.addresses.of(address))
    if person is not None and known is not None and known.subscriber_id == person.id:
        return
    if person is None:
        number = await subscribers.create(
            connection,
            **new_subscriber_columns(system.keyring, system.addresses, address),
            locale="en",
            timezone="UTC",
            now=now,
        )
    else:
        number = person.id
    key = f"trial:{rules.TRIAL}"
    topic_id = (await topics.ensure_topics(connection, [key]))[key]
    await canaries.hide_topic(connection, topic_id)
    await subscriptions.add_pending(
        connection, number, topic_id, frequency=frequency, filters=None, small_changes=False, now=now
    )
    await subscribers.change(connection, number, confirmed_at=now)
    await subscriptions.activate_pending(connection, number, now)
    await canaries.add(connection, frequency, number, now)
    if known is not None and known.subscriber_id != number:
        await _retire(connection, system, known.subscriber_id, topic_id, now)


async def _agree(connection: AsyncConnection) -> None:
    """Lets the canaries agree to the current terms: otherwise their mail would pause."""
    current = await terms.current(connection)
    if current is None:
        return
    for number in await canaries.subscriber_ids(connection):
        person = await subscribers.get(connection, number)
        if person is not None and person.terms_version != current.version:
            await subscribers.change(connection, number, terms_version=current.version)


async def _retire(
    connection: AsyncConnection, system: System, subscriber_id: int, topic_id: int, now: datetime
) -> None:
    """Ends the canary of an earlier address, and erases it unless somebody follows more with that address."""
    await subscriptions.end(
        connection, subscriber_id, reason=EndReason.SUPERSEDED, now=now, topic_ids=[topic_id]
    )
    open_states = (SubscriptionState.ACTIVE, SubscriptionState.PENDING)
    if not await subscriptions.with_states(connection, subscriber_id, *open_states):
        await personal_data.erase(connection, system, subscriber_id)


async def _emit(connection: AsyncConnection, system: System, now: datetime) -> None:
    """Stores an event as the ingestor would send it."""
    data = rules.change(now, system.settings.public_url)
    event = {
        "specversion": "1.0",
        "id": f"canary-{data['revision']}",
        "source": rules.SOURCE,
        "type": "trial.upserted",
        "subject": rules.TRIAL,
        "time": now.isoformat(),
        "data": data,
    }
    row = {
        "source": rules.SOURCE,
        "event_id": event["id"],
        "type": event["type"],
        "subject": rules.TRIAL,
        "revision": data["revision"],
        "observed_at": now,
        "received_at": now,
        "body": msgspec.json.encode(event).decode(),
    }
    await events.insert_new(connection, f"canary-{data['revision']}", [row], now)


async def recognize(system: System, raw: bytes, now: datetime) -> bool:
    """Records that a canary's mail came back, if this is one: nobody can guess its Message-ID."""
    if not system.settings.canary_address:
        return False
    found = _MESSAGE_ID.search(raw[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0])
    if found is None:
        return False
    async with system.writing() as connection:
        number = await deliveries.by_message_key(connection, found[1].decode().lower())
        mail = await deliveries.sent_to(connection, number) if number is not None else None
        if mail is None or mail.kind != MailKind.DIGEST:
            return False
        return await canaries.returned(connection, mail.subscriber_id, now)


async def statuses(connection: AsyncConnection, system: System, now: datetime) -> list[CanaryStatus]:
    """The status of each canary; none without ALERTS_CANARY_ADDRESS."""
    if not system.settings.canary_address:
        return []
    limit, settling = _limits(system)
    return [
        CanaryStatus(
            canary.frequency,
            (now - canary.returned_at).total_seconds() if canary.returned_at else None,
            rules.is_overdue(
                canary.frequency,
                created_at=canary.created_at,
                returned_at=canary.returned_at,
                now=now,
                limit=limit,
                settling=settling,
            ),
        )
        for canary in await canaries.all_of_them(connection)
    ]
