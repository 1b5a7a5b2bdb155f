"""Why a person did or did not get a mail, from what they follow to the server's last words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import audit_log
from service.actions.subject_rights import target_of
from service.actions.why.account import (
    Account,
    Stage,
    StageName,
    account,
    change_stage,
    event_stages,
    hold_stage,
    mail_stages,
)
from service.domain.delivery.eligibility import Reason
from service.domain.delivery.explained import delivery_sentence, moment, next_due, outcome_words
from service.domain.delivery.hold import EXPLANATIONS
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.states import DeliveryState
from service.domain.digests.schedule import Frequency
from service.domain.subscription import SubscriptionState
from service.domain.trials.change import Level
from service.email_address import normalize_email
from service.store.admin import browse, why
from service.store.admin.audit import Operator
from service.store.admin.why import LoggedChange, Mail, SubscriptionProgress
from service.store.digests.digests import can_be_read, read_topics, told_trials
from service.store.mail import holds
from service.store.people import subscribers, suppressions, topics
from service.store.people.eligibility import barred
from service.store.people.rows import Subscriber, Suppression
from service.store.sql.database import prefer_index_scans
from service.system import System

#: Changes of a topic that are followed to the end.
_CHANGES = 3

#: Mails besides digests that are listed.
_OTHER_MAILS = 5


class UnknownTopic(LookupError):
    """There is no such topic. The message is one sentence for an operator."""

    def __init__(self) -> None:
        super().__init__("There is no such topic: name it as trial:NCT… or condition:….")


async def for_address(
    system: System, operator: Operator, typed: str, topic_key: str | None, now: datetime
) -> Account:
    """The account of the person with this address, of all they follow or of one topic. Audited.

    Raises InvalidAddress and UnknownTopic. The address is hashed at once, and is in no answer.
    """
    index = system.addresses.of(normalize_email(typed))
    async with system.reading() as connection:
        await prefer_index_scans(connection)
        person = await subscribers.find(connection, index)
        suppression = await suppressions.get(connection, index)
        topic_ids = await _topic_ids(connection, topic_key)
        found = await _account(connection, person, suppression, topic_ids, now)
    await audit_log.record(system, operator, "why", now=now, target=target_of(person))
    return found


async def _topic_ids(connection: AsyncConnection, key: str | None) -> list[int]:
    if key is None:
        return []
    found = await topics.by_keys(connection, [key])
    if not found:
        raise UnknownTopic
    return [topic.id for topic in found.values()]


async def _account(
    connection: AsyncConnection,
    person: Subscriber | None,
    suppression: Suppression | None,
    topic_ids: Sequence[int],
    now: datetime,
) -> Account:
    if person is None:
        words = "Nobody is known by this address: nobody signed up with it, or they were erased."
        stages = [Stage(StageName.PERSON, words, stops=True)]
        if suppression is not None:
            stages.append(_suppression_stage(suppression))
        return account("an address", stages)
    stages = [await _person_stage(connection, person, now)]
    if suppression is not None:
        stages.append(_suppression_stage(suppression))
    hold = await holds.current(connection)
    if hold is not None:
        stages.append(hold_stage(hold.since, EXPLANATIONS[hold.reason]))
    mails = await why.mails_to(connection, person.id)
    rows = await why.subscriptions(connection, person.id, topic_ids)
    if not rows:
        words = "This person follows no such topic." if topic_ids else "This person follows nothing."
        stages.append(Stage(StageName.SUBSCRIPTION, words, stops=True))
    for row in rows:
        stages += await _subscription_stages(connection, row, mails, now)
    if not topic_ids:
        for mail in [mail for mail in mails if mail.kind != MailKind.DIGEST][:_OTHER_MAILS]:
            stages += mail_stages(mail, now)
    answer = _unconfirmed(person, mails, now) if suppression is None and hold is None else ""
    return account(f"subscriber {person.id}", stages, answer)


def _unconfirmed(person: Subscriber, mails: Sequence[Mail], now: datetime) -> str:
    """The answer for somebody who has not confirmed: what became of the mail that asks; "" for others."""
    asking = next((mail for mail in mails if mail.kind == MailKind.CONFIRMATION), None)
    if person.confirmed_at is not None or asking is None:
        return ""
    sentence = delivery_sentence(asking.state, asking.outcome, asking.attempts, asking.due_at, now)
    return f"Subscriber {person.id} has not confirmed. The last confirmation mail: {sentence}"


async def _person_stage(connection: AsyncConnection, person: Subscriber, now: datetime) -> Stage:
    if person.confirmed_at is None:
        words = "has not confirmed: nothing but confirmation mails may go there"
        return Stage(StageName.PERSON, f"Subscriber {person.id} {words}.", person.created_at, stops=True)
    reasons = [reason for reason in await barred(connection, person.id, now) if reason != Reason.SUPPRESSED]
    words = f"Subscriber {person.id} confirmed on {moment(person.confirmed_at)}"
    if not reasons:
        return Stage(StageName.PERSON, words + ", and may be written to.", person.confirmed_at)
    paused_until = person.paused_until if reasons[0] == Reason.PAUSED else None
    until = f" until {moment(paused_until)}" if paused_until else ""
    return Stage(
        StageName.PERSON,
        f"{words}; no digest is planned now: {outcome_words(reasons[0])}{until}.",
        person.confirmed_at,
        stops=True,
    )


def _suppression_stage(suppression: Suppression) -> Stage:
    reason, source = suppression.reason.replace("_", " "), suppression.source
    words = f"The address is suppressed ({reason}, by {source}): nothing is sent to it."
    return Stage(StageName.PERSON, words, suppression.created_at, stops=True)


async def _subscription_stages(
    connection: AsyncConnection, row: SubscriptionProgress, mails: Sequence[Mail], now: datetime
) -> list[Stage]:
    """A subscription, and the way of its topic's newest changes."""
    name = f"{row.key} ({row.name})" if row.name else row.key
    if row.state == SubscriptionState.PENDING:
        words = f"Asked to follow {name}, and has not confirmed that: nothing is told."
        return [Stage(StageName.SUBSCRIPTION, words, row.created_at, stops=True)]
    if row.state == SubscriptionState.ENDED and row.ended_at is not None:
        words = f"Followed {name} until {moment(row.ended_at)}: {outcome_words(row.end_reason)}."
        return [Stage(StageName.SUBSCRIPTION, words, row.ended_at, stops=not row.in_planning)]
    words = f"Follows {name}, {row.frequency}, since {moment(row.activated_at or row.created_at)}."
    if row.filters:
        words += " Filters are set: they leave out some news."
    stages = [Stage(StageName.SUBSCRIPTION, words, row.activated_at)]
    changes = await why.news_of_topic(connection, row.topic_id, _CHANGES)
    if not changes:
        words = f"No change of {row.key} is known: no event brought one."
        stages.append(Stage(StageName.CHANGE, words, stops=True))
    for change in changes:
        if change.event_id is not None:
            stages += event_stages(await browse.event(connection, change.event_id))
        stages.append(change_stage(change))
        stages += _way_of(change, row, mails, now)
    return stages


def _way_of(
    change: LoggedChange, row: SubscriptionProgress, mails: Sequence[Mail], now: datetime
) -> list[Stage]:
    """What became of one change for the follower of one topic."""
    if change.seq <= row.active_seq:
        words = "It happened before this subscription became active: it is never told."
        return [Stage(StageName.PLANNING, words, stops=True)]
    covering = [mail for mail in mails if _covers(mail, row.topic_id, change.seq)]
    stages = []
    for mail in covering[:1]:
        stages += mail_stages(mail, now)
        sent = mail.state in (DeliveryState.SENT, DeliveryState.BOUNCED)
        if sent and mail.told is not None and change.nct_id not in told_trials(mail.told):
            words = "That mail did not name this trial: a filter left it out, it was told before, or it was "
            words += "taken back before the mail was written."
            stages.append(Stage(StageName.DELIVERY, words, delivery=mail.id))
    return stages or [_unplanned(change, row, now)]


def _covers(mail: Mail, topic_id: int, seq: int) -> bool:
    """Whether a digest was planned to cover this change of this topic."""
    if not mail.topics or not can_be_read(mail.topics) or mail.from_seq is None or mail.to_seq is None:
        return False
    if not mail.from_seq < seq <= mail.to_seq:
        return False
    low = read_topics(mail.topics).get(topic_id)
    return low is not None and low < seq


def _unplanned(change: LoggedChange, row: SubscriptionProgress, now: datetime) -> Stage:
    """Why no digest reports a change (yet)."""
    if change.level <= Level.LOW and not row.small_changes:
        words = "It is small, and alone it causes no mail: the next digest of larger news tells it as well."
        return Stage(StageName.PLANNING, words, stops=True)
    begins = row.resume_after_seq if row.resume_after_seq is not None else row.seq
    if begins is not None and change.seq <= begins:
        words = "It was told, or ended without a mail, long ago: its digest is not kept any more."
        return Stage(StageName.PLANNING, words, stops=True)
    if row.zone is None or row.hour is None or row.weekday is None:
        words = "It is not planned yet."
    elif row.frequency == Frequency.IMMEDIATE:
        words = "It is not planned yet: it settles for a while first, then a worker plans it."
    else:
        due = next_due(row.frequency, row.zone, row.hour, row.weekday, now)
        words = f"It is not planned yet: the next {row.frequency} digest is due {moment(due)}."
    return Stage(StageName.PLANNING, words, stops=True)
