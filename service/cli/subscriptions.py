"""`trial-alerts subscriptions`: taken over from elsewhere with their documented consent, and given out."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.cli.context import CommandFailed
from service.cli.operator import record
from service.crypto import email_addresses
from service.crypto.keyring import DecryptionError
from service.crypto.sealed_json import EVIDENCE, seal_json
from service.domain.digests import time_zones
from service.domain.digests.schedule import Frequency
from service.domain.trials.conditions import InvalidTopic, parse_topic
from service.domain.trials.conditions import slug as slug_of
from service.email_address import InvalidAddress, normalize_email
from service.mail.render.languages import nearest
from service.person_errors import Stage
from service.store.people import consents, subscribers, subscriptions, suppressions, topics
from service.store.people.consents import ConsentKind
from service.store.sql.database import is_away, reading, writing
from service.system import System

#: The columns of a file, in and out. When consent was given, and where that is written down, should be known:
#: a line without them is taken on the operator's word, and its evidence says so.
COLUMNS = ("email", "topic", "frequency", "locale", "timezone", "consented_at", "consent_source")
_NEEDED = {"email", "topic"}
_ON_THE_OPERATORS_WORD = "not given: taken over on the operator's word"
_EXPORTED = "an export of Trial Alerts"
_BATCH = 500


class Rejected(ValueError):
    """A line that can't be taken over. The message says why, without the address."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, checked."""

    email: str
    kind: str
    named: str
    frequency: str
    locale: str
    timezone: str
    consented_at: datetime
    consent_source: str


def read_line(values: dict[str, str], now: datetime) -> Line:
    """A line of the file. Raises Rejected."""
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
    frequency, timezone = given["frequency"] or "weekly", given["timezone"] or "UTC"
    if consented_at > now:
        raise Rejected("consented_at lies in the future")
    if frequency not in set(Frequency):
        raise Rejected("frequency must be immediate, daily, weekly or monthly")
    if timezone not in time_zones.names():
        raise Rejected("timezone must be an IANA name such as Europe/Rome")
    locale = nearest([given["locale"]])
    source = given["consent_source"] or _ON_THE_OPERATORS_WORD
    return Line(email, kind, named, frequency, locale, timezone, consented_at, source)


async def import_file(
    system: System, file: Path, report: Path, progress: Callable[[int, int], None]
) -> tuple[int, int]:
    """Takes the lines of `file` over; what can't be is named in `report` with its line number and reason.

    Returns how many were taken and rejected. Safe to repeat: what is followed already stays as it is.
    Raises CommandFailed for a file without the needed columns.
    """
    lines = _lines(file)
    await record(system, "subscriptions.import")
    taken, rejected = 0, [("line", "reason")]
    for start in range(0, len(lines), _BATCH):
        batch = lines[start : start + _BATCH]
        for number, values in batch:
            try:
                async with writing(system.database) as connection:
                    await _take(connection, system, read_line(values, datetime.now(UTC)))
                taken += 1
            except Rejected as problem:
                rejected.append((str(number), str(problem)))
            except Exception as error:
                if is_away(error):
                    raise
                rejected.append((str(number), "this line can't be stored"))
                await person_errors.count(system, Stage.IMPORT, 1)
        progress(start + len(batch), len(lines))
    if len(rejected) > 1:
        with report.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rejected)
    return taken, len(rejected) - 1


def _lines(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            missing = _NEEDED - set(reader.fieldnames or ())
            if missing:
                raise CommandFailed(f"{file.name} lacks the column {', '.join(sorted(missing))}.")
            return [(reader.line_num, values) for values in reader]
    except (UnicodeDecodeError, csv.Error):
        raise CommandFailed(f"{file.name} is no CSV file in UTF-8.") from None


async def _take(connection: AsyncConnection, system: System, line: Line) -> None:
    """Makes one line an active subscription with its consent. Raises Rejected."""
    index, now = system.addresses.of(line.email), datetime.now(UTC)
    key = await _topic_key(connection, line)
    if await suppressions.reason_of(connection, index) is not None:
        raise Rejected("this address must not be written to (it is suppressed)")
    person = await _person(connection, system, line, now)
    if any(row.key == key for row in await subscriptions.active(connection, person.id)):
        return
    ids = await topics.ensure_topics(connection, [key])
    wish = await subscriptions.add_pending(
        connection, person.id, ids[key], frequency=line.frequency, filters=None, small_changes=False, now=now
    )
    await subscriptions.activate_pending(connection, person.id, now, ids=[wish])
    await subscribers.change(connection, person.id, confirmed_at=person.confirmed_at or now)
    evidence = {"topics": [key], "source": line.consent_source, "frequency": line.frequency}
    sealed = seal_json(system.keyring, EVIDENCE, person.id, evidence)
    await consents.append(connection, person.id, ConsentKind.IMPORTED, at=line.consented_at, evidence=sealed)


async def _topic_key(connection: AsyncConnection, line: Line) -> str:
    if line.kind == "trial":
        return f"trial:{line.named}"
    found = await topics.find_condition(connection, line.named, slug_of(line.named))
    if found is None:
        raise Rejected("this condition is not known")
    if not found.followable:
        raise Rejected("this condition is too broad to follow")
    return found.key


async def _person(connection: AsyncConnection, system: System, line: Line, now: datetime) -> Any:
    number = await subscribers.create(
        connection,
        **email_addresses.new_subscriber_columns(system.keyring, system.addresses, line.email),
        locale=line.locale,
        timezone=line.timezone,
        now=now,
    )
    return await subscribers.lock(connection, number)


async def export(system: System, out: TextIO, progress: Callable[[int], None]) -> int:
    """Writes every active subscription as CSV that `import` reads, addresses open; returns how many.

    Raises CommandFailed at the end when somebody's address could not be opened: all others are written.
    """
    failed = dict[int, str]()
    await record(system, "subscriptions.export")
    writer, last, count = csv.writer(out), 0, 0
    writer.writerow(COLUMNS)
    while True:
        async with reading(system.database) as connection:
            rows = await subscriptions.all_active(connection, after=last, limit=_BATCH)
        if not rows:
            break
        for row in rows:
            try:
                person = email_addresses.decrypt_subscriber(system.keyring, row.sealed, row.public_id)
            except DecryptionError as error:
                failed[row.subscriber_id] = type(error).__name__
                continue
            moment = row.activated_at.isoformat() if row.activated_at else ""
            where = (row.key, row.frequency, row.locale, row.timezone)
            writer.writerow((person.address, *where, moment, _EXPORTED))
            count += 1
        last = rows[-1].id
        progress(count)
    await person_errors.report(system, Stage.EXPORT, failed)
    if failed:
        raise CommandFailed(
            f"{len(failed)} people are missing: none of the secret keys opens their addresses (the log names "
            "them by number)."
        )
    return count
