"""Imports subscriptions from another service or installation, with their documented consent."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service import person_errors
from service.actions import audit_log, import_records
from service.actions.import_lines import Line, Rejected, read_line, texts_of, with_topics
from service.actions.merged_topics import after_mergers
from service.actions.withdrawals import own_choices
from service.crypto.email_addresses import new_subscriber_columns
from service.domain.imported_columns import FileLine
from service.domain.trials.conditions.condition import TopicKind, trial_topic
from service.person_errors import Operation
from service.store.audit import Operator
from service.store.people import bulk_import, consents, cursors
from service.store.sql.outages import is_away, is_deadlock
from service.store.topics import topics
from service.store.topics.topics import Topic
from service.system import System

#: Lines that are read, and stored, at a time.
BATCH = 4000
_MOST_KEPT = 100_000  # conditions by name, topics by key
_SURPLUS = "there are more values than columns: one that holds a comma stands in quotes"


@dataclass
class Imported:
    """Counts of new subscriptions, of known ones and of rejected lines; `last`: the number of the last line
    that is done; `stopped`: whether there are more. `moved`: new ones that follow the successor of a merged
    trial; `replaced`: known suppressions that got a graver reason.
    """

    new: int = 0
    moved: int = 0
    known: int = 0
    replaced: int = 0
    rejected: int = 0
    last: int = 0
    stopped: bool = False


@dataclass
class Import:
    """One import: the topics of lines without one, whether anything is written, where reports go; hashes of
    the lines that a dry run has counted (`planned`), so that a repeated one counts once.
    """

    system: System
    reject: Callable[[int, str], None]
    topics: Sequence[str] = ()
    dry_run: bool = False
    done: Imported = field(default_factory=Imported)
    slots: dict[tuple[str, str, int, int], int] = field(default_factory=dict)
    conditions: dict[str, list[Topic]] = field(default_factory=dict)
    topic_ids: dict[str, int] = field(default_factory=dict)
    planned: set[int] = field(default_factory=set)


#: A validated line, and the columns of a new person's row that its address makes (index, sealed, …).
Read = tuple[Line, Mapping[str, Any]]


class Wanted(NamedTuple):
    """One topic of a line, found, with the columns that its address makes and the person's index.

    `asked`: the key that the line names, which of a merged trial is another one than that to follow.
    """

    line: Line
    address: Mapping[str, Any]
    email_index: bytes
    asked: str
    key: str


async def import_subscriptions(
    job: Import,
    operator: Operator,
    lines: Iterable[FileLine],
    *,
    progress: Callable[[int], None],
    stopping: asyncio.Event,
) -> Imported:
    """Imports the lines of a file; `progress` gets the number of the last one that is done.

    Each batch is stored durably; once `stopping` is set, no other begins. Safe to repeat: topics followed
    already stay as they are. Raises the error of a database that is away; lines imported by then stay.
    """
    system, source = job.system, iter(lines)
    if not job.dry_run:
        await audit_log.record(system, operator, "subscriptions.import", now=system.now())
    # The next batch is read, in a thread, while the database works on this one.
    reading = asyncio.create_task(asyncio.to_thread(_read_batch, job, source))
    try:
        while batch := await reading:
            reading = asyncio.create_task(asyncio.to_thread(_read_batch, job, source))
            await _keep_texts(job, batch.texts)
            for number, reason in sorted({*batch.rejected, *await _store(job, batch.lines)}):
                job.done.rejected += 1
                job.reject(number, reason)
            job.done.last = batch.last
            progress(batch.last)
            if stopping.is_set():
                job.done.stopped = bool(await reading)
                break
    finally:
        await asyncio.gather(reading, return_exceptions=True)
    return job.done


class _Batch(NamedTuple):
    lines: list[Read]
    rejected: list[tuple[int, str]]
    texts: dict[str, str]
    last: int


def _read_batch(job: Import, source: Iterable[FileLine]) -> _Batch | None:
    """The next lines, validated, with their addresses sealed; None at the end."""
    system, now = job.system, job.system.now()
    batch = _Batch([], [], {}, 0)
    number = 0
    for number, values, problem, surplus in islice(source, BATCH):
        try:
            if problem or surplus:
                raise Rejected(problem or _SURPLUS)
            batch.texts.update(texts_of(values))
            line = read_line(number, values, now, job.topics)
            address = new_subscriber_columns(system.keyring, system.addresses, line.email)
            batch.lines.append((line, address))
        except Rejected as reason:
            batch.rejected.append((number, str(reason)))
    return batch._replace(last=number) if number else None


async def _keep_texts(job: Import, texts: Mapping[str, str]) -> None:
    """Stores the texts of a batch, those of rejected lines too: later lines name them by their SHA-256."""
    if texts and not job.dry_run:
        async with job.system.writing() as connection:
            for text in texts.values():
                await consents.store_wording(connection, text)


async def _store(job: Import, lines: Sequence[Read]) -> list[tuple[int, str]]:
    """Stores validated lines, again after a deadlock with others; returns those that can't be, and why.

    When the database refuses a batch, its halves are tried, down to one line.
    """
    if not lines:
        return []
    before = (job.done.new, job.done.known, job.done.moved)
    try:
        async with job.system.reading() if job.dry_run else job.system.writing() as connection:
            await bulk_import.prepare(connection)
            wanted, rejected = await _find_topics(connection, job, lines)
            return rejected + await _import(connection, job, wanted)
    except Exception as error:
        if is_away(error) and not is_deadlock(error):
            raise
        job.done.new, job.done.known, job.done.moved = before
        job.slots.clear()
        job.topic_ids.clear()
        if is_deadlock(error):
            return await _store(job, lines)
    if len(lines) == 1:
        await person_errors.count(job.system, Operation.IMPORT, 1)
        return [(lines[0][0].number, "this line can't be stored")]
    middle = len(lines) // 2
    return await _store(job, lines[:middle]) + await _store(job, lines[middle:])


async def _find_topics(
    connection: AsyncConnection, job: Import, lines: Sequence[Read]
) -> tuple[list[Wanted], list[tuple[int, str]]]:
    wanted, rejected = list[Wanted](), list[tuple[int, str]]()
    for line, address in lines:
        index = address["email_index"]
        for kind, named in with_topics(line):
            try:
                key = (
                    trial_topic(named)
                    if kind == TopicKind.TRIAL
                    else await _condition(connection, job, named)
                )
                wanted.append(Wanted(line, address, index, key, key))
            except Rejected as reason:
                rejected.append((line.number, str(reason)))
    topic_of = await after_mergers(connection, (want.asked for want in wanted))
    return [want._replace(key=topic_of[want.asked]) for want in wanted], rejected


async def _condition(connection: AsyncConnection, job: Import, named: str) -> str:
    """The key of a condition. Raises Rejected."""
    if named not in job.conditions:
        if len(job.conditions) >= _MOST_KEPT:
            job.conditions.clear()
        job.conditions[named] = await topics.find_conditions(connection, named)
    found = job.conditions[named]
    if not found:
        raise Rejected("this condition is not known")
    if not found[0].followable:
        raise Rejected("this condition is too broad to follow")
    if len(found) > 1:
        keys = ", ".join(topic.key for topic in found)
        raise Rejected(f"several conditions have this name: give one of {keys}")
    return found[0].key


async def _import(
    connection: AsyncConnection, job: Import, wanted: Sequence[Wanted]
) -> list[tuple[int, str]]:
    """Makes each an active subscription with its consent; existing subscriptions stay as they are.

    Returns the lines of suppressed people, and those whose consent was withdrawn since.
    """
    barred = await bulk_import.suppressed(connection, {want.email_index for want in wanted})
    rejected = [
        (want.line.number, f"this address must not be written to ({barred[want.email_index]})")
        for want in wanted
        if want.email_index in barred
    ]
    good = [want for want in wanted if want.email_index not in barred]
    now = job.system.now()
    people = await bulk_import.people(connection, {want.email_index for want in good}, lock=not job.dry_run)
    created: dict[bytes, bulk_import.Person] = {}
    if job.dry_run:
        ids = await topics.ids_of(connection, sorted({want.key for want in good}))
    else:
        new = dict[bytes, tuple[list[Line], Mapping[str, Any]]]()
        for want in good:
            if want.email_index not in people:
                new.setdefault(want.email_index, ([], want.address))[0].append(want.line)
        created = await bulk_import.add_people(connection, await import_records.people(connection, new, now))
        # Others may have created some of them in the meantime.
        people |= await bulk_import.people(connection, new.keys() - created.keys(), lock=True)
        ids = await _topic_ids(connection, job, {want.key for want in good})
    followed, withdrawals = await own_choices(connection, [person.id for person in people.values()])
    people |= created
    fresh = dict[tuple[Any, int | str], Wanted]()
    for want in good:
        topic: int | str = ids.get(want.key, want.key)  # in a dry run, a person or topic may have no number
        pair = (people[want.email_index].id if want.email_index in people else want.email_index, topic)
        if pair in followed or pair in fresh or hash(pair) in job.planned:
            job.done.known += 1
        elif when := withdrawals.of(*pair, want.line):
            rejected.append((want.line.number, f"the person withdrew this consent on {when:%Y-%m-%d}"))
        else:
            job.done.new += 1
            job.done.moved += want.key != want.asked
            fresh[pair] = want
    if job.dry_run:
        job.planned |= {hash(pair) for pair in fresh}
    elif fresh:
        await _add(connection, job, fresh, people, now)
    return rejected


async def _add(
    connection: AsyncConnection,
    job: Import,
    fresh: dict[tuple[Any, int | str], Wanted],
    people: dict[bytes, bulk_import.Person],
    now: datetime,
) -> None:
    lines = [(want.email_index, want.line) for want in fresh.values()]
    people = people | await import_records.confirm(connection, lines, people, now)
    slots = {
        (person, want.line.frequency): await _slot(
            connection, job, want.line.frequency, people[want.email_index], now
        )
        for (person, _), want in fresh.items()
    }
    followed = {pair: want.line for pair, want in fresh.items()}
    await bulk_import.add_active(connection, import_records.subscriptions(followed, now), slots)
    documented = {pair: (want.line, want.asked) for pair, want in fresh.items()}
    await import_records.add_consents(connection, job.system, documented)


async def _topic_ids(connection: AsyncConnection, job: Import, keys: set[str]) -> dict[str, int]:
    """The numbers of topics, which are made where they are missing; they are never deleted."""
    if len(job.topic_ids) >= _MOST_KEPT:
        job.topic_ids.clear()
    if missing := keys - job.topic_ids.keys():
        job.topic_ids |= await topics.ensure_topics(connection, missing)
    return job.topic_ids


async def _slot(connection: AsyncConnection, job: Import, frequency: str, person: Any, now: datetime) -> int:
    slot = (frequency, person.timezone, person.hour, person.weekday)
    if slot not in job.slots:
        job.slots[slot] = await cursors.get_or_create_slot(connection, *slot, now)
    return job.slots[slot]
