"""Erasure: the tables with personal data, and how their rows are deleted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import KEPT_AFTER_ERASURE
from service.store.mail import quota
from service.store.people import cursors, subscribers
from service.store.sql import tables as t
from service.store.sql.keys import by_id, of_subscriber

#: Tables with personal data by `subscriber_id`, in deletion order: digests before their mails, as workers who
#: write them have it.
BY_SUBSCRIBER: tuple[Table, ...] = (
    t.digest,
    t.delivery,
    t.subscription,
    t.cursor,
    t.consent,
    t.bounce_count,
    t.address_change,
)

#: Tables with personal data without `subscriber_id`, with the condition that finds it.
BY_OTHER_MEANS: dict[Table, str] = {
    t.subscriber: "its own id",
    t.address: "the keyed index of the address",
    t.request: "opening what waits in the inbox",
    t.mail_quota: "the keyed index of the mailbox",
    t.suppression: "the keyed index of the address",
}

#: Tables without personal data, with their content.
IMPERSONAL: dict[Table, str] = {
    t.topic: "what can be followed",
    t.condition_name: "the vocabulary",
    t.topic_word: "the vocabulary",
    t.word_ending: "the vocabulary",
    t.condition_parent: "the vocabulary",
    t.condition_closure: "the vocabulary",
    t.condition_state: "the vocabulary",
    t.condition_xref: "the vocabulary",
    t.learned_condition: "the vocabulary",
    t.learned_trial: "numbers of trials",
    t.slot: "hours at which digests are due",
    t.terms: "published texts",
    t.wording: "texts that many agreed to",
    t.webhook: "the ingestor's requests",
    t.event: "the ingestor's words",
    t.trial: "the registry's words",
    t.trial_revision: "the registry's words",
    t.log_head: "the end of the change log",
    t.change: "the change log",
    t.change_topic: "the change log",
    t.run: "counts",
    t.send_receipt: "numbers of mails, for seconds",
    t.bucket_lease: "which worker serves whom: numbers",
    t.worker: "worker processes",
    t.liveness: "when a worker was last running",
    t.mail_hold: "the operators' hold of all mail",
    t.mail_release: "kinds and runs that an operator released",
    t.sent_count: "counts of mails",
    t.daily_figure: "counts by day",
    t.canary: "synthetic subscribers: nobody",
    t.wrapped_key: "sealed keys",
    t.audit: "the operators' acts: numbers",
    t.ended_session: "the operators' sessions that were signed out of",
}


async def erase(
    connection: AsyncConnection, subscriber_id: int, *, mailboxes: tuple[bytes, ...] = ()
) -> dict[str, int]:
    """Deletes all data of a subscriber; returns the number of deleted rows per table.

    Mails that wait are deleted with the rest. A suppression stays, as a promise, unless it was for bounces.
    `mailboxes` are the keyed indexes under which limits counted mail to this person; moments that wait for
    mails to others who share them stay. An unknown subscriber is no error.
    """
    gone: dict[str, int] = {}
    person = await subscribers.lock(connection, subscriber_id)
    if person is None:
        return gone
    await cursors.lock(connection, subscriber_id)  # a digest that is being planned is deleted as well
    moments = await _moments(connection, subscriber_id) if mailboxes else ()
    forgotten = [await quota.remove(connection, mailbox, moments) for mailbox in mailboxes]
    gone[t.mail_quota.name] = sum(forgotten)
    for table in BY_SUBSCRIBER:
        answer = await connection.execute(delete(table).where(of_subscriber(table, subscriber_id)))
        gone[table.name] = answer.rowcount
    bounced = t.suppression.c.reason.not_in([reason.value for reason in KEPT_AFTER_ERASURE])
    answer = await connection.execute(
        delete(t.suppression).where(t.suppression.c.address_index == person.email_index, bounced)
    )
    gone[t.suppression.name] = answer.rowcount
    mine = t.address.c.email_index == person.email_index
    gone[t.address.name] = (await connection.execute(delete(t.address).where(mine))).rowcount
    answer = await connection.execute(delete(t.subscriber).where(by_id(t.subscriber, subscriber_id)))
    gone[t.subscriber.name] = answer.rowcount
    return gone


async def _moments(connection: AsyncConnection, subscriber_id: int) -> Sequence[datetime]:
    """When the waiting mails of a subscriber are due."""
    waiting = of_subscriber(t.delivery, subscriber_id) & (t.delivery.c.state == DeliveryState.QUEUED)
    return (await connection.execute(select(t.delivery.c.due_at).where(waiting))).scalars().all()
