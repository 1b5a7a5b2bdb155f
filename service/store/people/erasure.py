"""Erasure: the tables with personal data, and how their rows are deleted."""

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.people import subscribers
from service.store.people.suppressions import OWN_WISHES
from service.store.sql import tables as t

#: Tables with personal data by `subscriber_id`, in deletion order.
BY_SUBSCRIBER: tuple[Table, ...] = (
    t.delivery,
    t.digest,
    t.subscription,
    t.cursor,
    t.consent,
    t.bounce_count,
    t.address_change,
)

#: Tables with personal data without `subscriber_id`, with the condition that finds it.
BY_OTHER_MEANS: dict[Table, str] = {
    t.subscriber: "its own id",
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
    t.slot: "hours at which anybody may be told",
    t.terms: "published texts",
    t.wording: "texts that many agreed to",
    t.webhook: "the ingestor's requests",
    t.event: "the ingestor's words",
    t.trial: "the registry's words",
    t.log_head: "the end of the change log",
    t.change: "the change log",
    t.change_topic: "the change log",
    t.run: "counts",
    t.sent_note: "numbers of mails, for seconds",
    t.wrapped_key: "sealed keys",
    t.audit: "the operators' acts: numbers",
    t.ended_session: "the operators' sessions that were signed out of",
}


async def erase(
    connection: AsyncConnection, subscriber_id: int, *, buckets: tuple[bytes, ...] = ()
) -> dict[str, int]:
    """Deletes all data of a subscriber; returns the number of deleted rows per table.

    Mails that wait are deleted with the rest. A suppression stays only where the person asked for it, and
    `buckets` are the limits that counted mail to this mailbox. Who is not there any more is no error.
    """
    gone: dict[str, int] = {}
    if await subscribers.lock(connection, subscriber_id) is None:
        return gone
    for table in BY_SUBSCRIBER:
        answer = await connection.execute(delete(table).where(table.c.subscriber_id == subscriber_id))
        gone[table.name] = answer.rowcount
    mine = select(t.subscriber.c.email_index).where(t.subscriber.c.id == subscriber_id).scalar_subquery()
    imposed = t.suppression.c.reason.not_in([reason.value for reason in OWN_WISHES])
    answer = await connection.execute(
        delete(t.suppression).where(t.suppression.c.address_index == mine, imposed)
    )
    gone[t.suppression.name] = answer.rowcount
    answer = await connection.execute(delete(t.mail_quota).where(t.mail_quota.c.bucket.in_(buckets)))
    gone[t.mail_quota.name] = answer.rowcount
    answer = await connection.execute(delete(t.subscriber).where(t.subscriber.c.id == subscriber_id))
    gone[t.subscriber.name] = answer.rowcount
    return gone
