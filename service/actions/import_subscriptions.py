"""Imports subscriptions from another service, with their documented consent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import audit_log
from service.actions.consent_record import record_consent
from service.crypto import email_addresses
from service.domain.digests import time_zones
from service.domain.digests.schedule import Frequency
from service.domain.trials.conditions import InvalidTopic, TopicKind, parse_topic
from service.email_address import InvalidAddress, normalize_email
from service.languages import nearest
from service.person_errors import Stage
from service.store.admin.audit import Operator
from service.store.people import subscribers, subscriptions, suppressions, topics
from service.store.people.consents import ConsentKind
from service.store.sql.database import is_away
from service.system import System

#: The columns of a file, for import and export. A line without the time and the source of the consent is
#: imported on the operator's responsibility, which its evidence states.
COLUMNS = ("email", "topic", "frequency", "locale", "timezone", "consented_at", "consent_source")
NEEDED = frozenset({"email", "topic"})
_ON_THE_OPERATORS_WORD = "not given: imported on the operator's responsibility"
_PROGRESS_EVERY = 500  # lines


class Rejected(ValueError):
    """The line can't be imported. The message gives the reason, without the address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A validated line of a file."""

    email: str
    kind: str
    named: str
    frequency: str
    locale: str
    timezone: str
    consented_at: datetime
    consent_source: str


def read_line(values: Mapping[str, str], now: datetime) -> Line:
    """Validates a line of the file. Raises Rejected."""
    given = {name: (values.get(name) or "").strip() for name in COLUMNS}
    try:
        email = normalize_email(given["email"])
        kind, named = parse_topic(given["topic"])
        consented_at = datetime.fromisoformat(given["consented_at"]) if given["consented_at"] else now
    except (InvalidAddress, InvalidTopic) as problem:
        raise Rejected(str(problem)) from None
    except ValueError:
        raise Rejected("consented_at must be a moment such as 2026-11-22T09:30:00+01:00") from None
    consented_at = consented_at if consented_at.tzinfo else consented_at.replace(tzinfo=UTC)
    frequency, timezone = given["frequency"] or Frequency.WEEKLY, given["timezone"] or "UTC"
    if consented_at > now:
        raise Rejected("consented_at lies in the future")
    if frequency not in set(Frequency):
        raise Rejected("frequency must be one of " + ", ".join(Frequency))
    if timezone not in time_zones.names():
        raise Rejected("timezone must be an IANA name such as Europe/Rome")
    locale = nearest([given["locale"]])
    source = given["consent_source"] or _ON_THE_OPERATORS_WORD
    return Line(email, kind, named, frequency, locale, timezone, consented_at, source)


class Imported(NamedTuple):
    """The number of imported lines, and the numbers of the rejected ones with the reasons."""

    lines: int
    rejected: Sequence[tuple[int, str]]


async def import_subscriptions(
    system: System,
    operator: Operator,
    lines: Sequence[tuple[int, Mapping[str, str]]],
    now: datetime,
    progress: Callable[[int, int], None],
) -> Imported:
    """Imports numbered lines; `progress` is called with the lines done and their total.

    Idempotent. Raises the driver's error if the database is unavailable; the lines before it are imported.
    """
    await audit_log.record(system, operator, "subscriptions.import", now=now)
    imported, rejected = 0, list[tuple[int, str]]()
    for done, (number, values) in enumerate(lines, 1):
        try:
            async with system.writing() as connection:
                moment = datetime.now(UTC)
                await import_line(connection, system, read_line(values, moment), moment)
            imported += 1
        except Rejected as problem:
            rejected.append((number, str(problem)))
        except Exception as error:
            if is_away(error):
                raise
            rejected.append((number, "this line can't be stored"))
            await person_errors.count(system, Stage.IMPORT, 1)
        if done % _PROGRESS_EVERY == 0 or done == len(lines):
            progress(done, len(lines))
    return Imported(imported, rejected)


async def import_line(connection: AsyncConnection, system: System, line: Line, now: datetime) -> None:
    """Adds an active subscription with its consent; one that exists is left unchanged.

    Raises Rejected.
    """
    index = system.addresses.of(line.email)
    key = await _topic_key(connection, line)
    if await suppressions.reason_of(connection, index) is not None:
        raise Rejected("this address must not be written to (it is suppressed)")
    person = await _person(connection, system, line, now)
    if any(row.key == key for row in await subscriptions.active(connection, person.id)):
        return
    ids = await topics.ensure_topics(connection, [key])
    pending = await subscriptions.add_pending(
        connection, person.id, ids[key], frequency=line.frequency, filters=None, small_changes=False, now=now
    )
    await subscriptions.activate_pending(connection, person.id, now, ids=[pending])
    await subscribers.change(connection, person.id, confirmed_at=person.confirmed_at or now)
    await record_consent(
        connection,
        system,
        person.id,
        ConsentKind.IMPORTED,
        at=line.consented_at,
        topics=[key],
        source=line.consent_source,
        frequency=line.frequency,
    )


async def _topic_key(connection: AsyncConnection, line: Line) -> str:
    if line.kind == TopicKind.TRIAL:
        return f"trial:{line.named}"
    found = await topics.find_conditions(connection, line.named)
    if not found:
        raise Rejected("this condition is not known")
    if not found[0].followable:
        raise Rejected("this condition is too broad to follow")
    if len(found) > 1:
        keys = ", ".join(topic.key for topic in found)
        raise Rejected(f"several conditions have this name: give one of {keys}")
    return found[0].key


async def _person(connection: AsyncConnection, system: System, line: Line, now: datetime) -> Any:
    number = await subscribers.create(
        connection,
        **email_addresses.new_subscriber_columns(system.keyring, system.addresses, line.email),
        locale=line.locale,
        timezone=line.timezone,
        now=now,
    )
    return await subscribers.lock(connection, number)
