"""Deliver: claim what is due, check again, word it, send it, write down what became of it."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row

from service.digests.contents import Wanted, contents
from service.domain.digest import TrialBlock
from service.jobs import Job
from service.keys.keyring import Unreadable
from service.mail.smtp import OutgoingMail
from service.store import deliveries, planning
from service.store.database import writing
from workers.post import Post
from workers.record import Record
from workers.words import digest_letter, letter, outgoing, person_of

_log = structlog.get_logger("deliver")

#: Mails claimed at once.
BATCH = 500
#: Seconds after which a look gives way to other jobs, and rings for the rest.
SLICE = 20.0
#: How long a claim holds without being renewed; a killed worker's mails wait that long.
LEASE = timedelta(seconds=30)
_RENEW = 10.0

#: Kinds that may go to an address that has not confirmed (I1).
_TO_UNCONFIRMED = ("confirmation", "address_change")

#: Kinds that go to an address beside the person's own: whoever queues them asks whether that may be.
_TO_ANOTHER_ADDRESS = ("address_change", "address_changed")


async def deliver(post: Post) -> None:
    """Sends what is due, batch by batch: while one batch is on the wire, the next is being written."""
    until = time.monotonic() + SLICE
    renewing = asyncio.create_task(_keep_lease(post))
    try:
        sent = await asyncio.gather(*(_lane(post, until) for _ in range(2)))
    finally:
        renewing.cancel()
    if any(sent) and time.monotonic() >= until:
        post.system.bell.ring(Job.DELIVER)


async def _keep_lease(post: Post) -> None:
    while True:
        await asyncio.sleep(_RENEW)
        async with writing(post.system.database) as connection:
            await deliveries.extend(connection, post.name, datetime.now(UTC) + LEASE)


async def _lane(post: Post, until: float) -> int:
    total = 0
    while time.monotonic() < until and not post.system.stopping.is_set():
        claimed = await _send_batch(post)
        total += claimed
        if claimed == 0:
            break
    return total


async def _send_batch(post: Post) -> int:
    """One batch, from claim to outcomes; returns how many deliveries it took."""
    now = datetime.now(UTC)
    async with writing(post.system.database) as connection:
        ids = await deliveries.claim(
            connection, worker=post.name, limit=BATCH, now=now, lease_until=now + LEASE
        )
    if not ids:
        return 0
    mails, rows = await _write_mails(post, ids, now)
    record = Record(post, rows, {mail.id: mail.domain for mail in mails})
    urgent = any(rows[mail.id].priority == deliveries.TRANSACTIONAL for mail in mails)
    try:
        await post.sender.send(mails, record.note, urgent=urgent)
    finally:
        await record.close()
    return len(ids)


async def _write_mails(
    post: Post, ids: Sequence[int], now: datetime
) -> tuple[list[OutgoingMail], dict[int, Row[Any]]]:
    """The mails of those deliveries that may still go; the others end here, each with its reason."""
    mails: list[OutgoingMail] = []
    ended: dict[tuple[str, str], list[int]] = {}
    async with writing(post.system.database) as connection:
        rows = await deliveries.claimed(connection, ids, now)
        told = await contents(connection, post.known, [_wanted(row) for row in rows if _is_digest(row)])
        for row in rows:
            reason = refusal(row, now)
            mail = None
            if reason is None:
                try:
                    mail = await _mail(post, connection, row, told.get(row.digest_id, ()), now)
                except Unreadable:
                    reason = ("failed", "unreadable")
                    _log.error("address_unreadable", delivery=row.id)
            if mail is not None:
                mails.append(mail)
                continue
            ended.setdefault(reason or ("empty", "nothing_to_tell"), []).append(row.id)
            if reason == ("cancelled", "paused") and row.digest_id is not None:
                await planning.take_back(connection, row.digest_id)
        for (state, reason_word), ended_ids in ended.items():
            await deliveries.finish(
                connection, post.name, ended_ids, state=state, outcome=reason_word, now=now
            )
        trials = {digest_id: [block.nct_id for block in blocks] for digest_id, blocks in told.items()}
        await deliveries.keep_told(connection, {key: value for key, value in trials.items() if value})
    return mails, {row.id: row for row in rows}


async def _mail(
    post: Post, connection: Any, row: Row[Any], blocks: tuple[TrialBlock, ...], now: datetime
) -> OutgoingMail | None:
    person = person_of(post, row)
    if _is_digest(row):
        return outgoing(post, row, digest_letter(post, row, person, blocks, now)) if blocks else None
    said = await letter(connection, post, row, person, now)
    return outgoing(post, row, said) if said else None


def _is_digest(row: Row[Any]) -> bool:
    return row.digest_id is not None and row.sealed is not None


def _wanted(row: Row[Any]) -> Wanted:
    return Wanted(row.digest_id, row.subscriber_id, row.run_id, row.topics, row.to_seq, row.locale)


def refusal(row: Row[Any], now: datetime) -> tuple[str, str] | None:
    """Why a claimed delivery must not be sent any more, as its last state and the reason; None: it may go.

    Checked again here, right before the mail is written: what was queued yesterday may be unwanted today
    (STANDARDS A6, I1).
    """
    if row.sealed is None:
        return "cancelled", "erased"
    if row.suppressed is not None and row.kind not in _TO_ANOTHER_ADDRESS:
        return "cancelled", "suppressed"
    if row.kind in _TO_UNCONFIRMED:
        return None
    if row.confirmed_at is None:
        return "cancelled", "not_confirmed"
    if row.kind != "digest":
        return None
    if row.run_state == "cancelled":
        return "cancelled", "run_cancelled"
    if row.paused_until is not None and row.paused_until > now:
        return "cancelled", "paused"
    if not row.agreed:
        return "cancelled", "terms_not_agreed"
    return None
