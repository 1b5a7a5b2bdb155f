"""Why a person did or did not get a mail, from what they follow to the server's last words."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import audit_log
from service.actions.subject_rights import target_of
from service.actions.why.account import Account, Stage, StageName, account
from service.actions.why.following import MailsToPerson, subscription_stages
from service.actions.why.mails import delivery_stage, hold_stage, mail_stages
from service.actions.why.requests import request_stages
from service.actions.why.sending import sending_now
from service.domain.delivery import advice
from service.domain.delivery.eligibility import Ineligibility
from service.domain.delivery.explanations import moment, outcome_words
from service.domain.delivery.kinds import MailKind
from service.domain.mailbox_buckets import domain_of
from service.domain.topic_parsing import InvalidTopic, parse_topic
from service.domain.trials.conditions.condition import TopicKind, trial_topic
from service.email_address import normalize_email
from service.store.admin import why
from service.store.audit import Operator
from service.store.mail import holds
from service.store.mail.eligibility import barred
from service.store.people import subscribers, suppressions
from service.store.people.rows import Subscriber, Suppression
from service.store.sql.database import prefer_index_scans
from service.store.topics import topics
from service.system import System

#: Mails besides digests that are listed.
_OTHER_MAILS = 5


class UnknownTopic(LookupError):
    """There is no such topic. The message is one sentence for an operator."""

    def __init__(self) -> None:
        super().__init__("There is no such topic: name it as trial:NCT… or condition:….")


class _Asked(NamedTuple):
    """The scope of the question: the topics (none: all), and the address."""

    topic_ids: Sequence[int]
    address: str
    now: datetime


async def for_address(
    system: System, operator: Operator, typed: str, topic_key: str | None, now: datetime
) -> Account:
    """The account of the person with this address, of all they follow or of one topic. Audited.

    Raises InvalidAddress and UnknownTopic. The address is hashed at once, and is in no answer.
    """
    address = normalize_email(typed)
    index = system.addresses.of(address)
    async with system.reading() as connection:
        await prefer_index_scans(connection)
        person = await subscribers.find(connection, index)
        suppression = await suppressions.get(connection, index)
        topic_ids = await _topic_ids(connection, topic_key)
        asked = _Asked(topic_ids, address, now)
        found = await _account(connection, system, person, suppression, asked)
    await audit_log.record(system, operator, "why", now=now, target=target_of(person))
    return found


async def _topic_ids(connection: AsyncConnection, typed: str | None) -> list[int]:
    """The topics meant by a key, or by what a sign-up takes for one. Raises UnknownTopic."""
    if typed is None:
        return []
    found = list((await topics.by_keys(connection, [typed])).values()) or await _named(connection, typed)
    if not found:
        raise UnknownTopic
    return [topic.id for topic in found]


async def _named(connection: AsyncConnection, typed: str) -> Sequence[topics.Topic]:
    try:
        kind, name = parse_topic(typed)
    except InvalidTopic:
        return ()
    if kind is TopicKind.TRIAL:
        return list((await topics.by_keys(connection, [trial_topic(name)])).values())
    return await topics.find_conditions(connection, name)


async def _account(
    connection: AsyncConnection,
    system: System,
    person: Subscriber | None,
    suppression: Suppression | None,
    asked: _Asked,
) -> Account:
    now, sending = asked.now, await sending_now(connection, system, asked.now)
    against = [_suppression_stage(suppression)] if suppression is not None else []
    waiting = await request_stages(connection, system, asked.address, sending)
    if person is None and waiting:
        return account("an address", [*waiting, *against])
    if person is None:
        words = "Nobody is known by this address: nobody signed up with it, or they were erased."
        do = (
            "Check the spelling, or ask for another address of theirs; if there is none, the person signs up."
        )
        return account("an address", [Stage(StageName.PERSON, words, stops=True, do=do), *against])
    stages = [*waiting, await _person_stage(connection, person, now), *against]
    mails = await why.mails_to(connection, person.id)
    is_held = False
    if (hold := await holds.current(connection)) is not None:
        stages.append(hold_stage(hold, await holds.released(connection), mails))
        is_held = stages[-1].stops
    mailed = MailsToPerson(mails, sending.obstacle(domain_of(asked.address)), now)
    rows = await why.subscriptions(connection, person.id, asked.topic_ids)
    if not rows:
        words = "This person follows no such topic." if asked.topic_ids else "This person follows nothing."
        do = "The person signs up for it, or follows it on the preferences page."
        stages.append(Stage(StageName.SUBSCRIPTION, words, stops=True, do=do))
    decisive = list(stages)
    for row in rows:
        found = await subscription_stages(connection, row, mailed)
        decisive += found.newest
        stages += [*found.newest, *found.earlier]
    if not asked.topic_ids:
        for mail in [mail for mail in mails if mail.kind != MailKind.DIGEST][:_OTHER_MAILS]:
            stages += mail_stages(mail, mailed.obstacle, now)
    if not waiting and suppression is None and not is_held and (waits := _unconfirmed(person, mailed)):
        return Account(f"subscriber {person.id}", waits.sentence, waits.do, stages)
    return account(f"subscriber {person.id}", stages, decisive)


def _unconfirmed(person: Subscriber, mailed: MailsToPerson) -> Stage | None:
    """The answer for unconfirmed people: the state of their confirmation mail; None for others."""
    asking = next((mail for mail in mailed.mails if mail.kind == MailKind.CONFIRMATION), None)
    if person.confirmed_at is not None or asking is None:
        return None
    stage = delivery_stage(asking, mailed.obstacle, mailed.now)
    words = f"Subscriber {person.id} has not confirmed. The last confirmation mail: {stage.sentence}"
    return Stage(StageName.PERSON, words, do=stage.do or advice.CONFIRM)


async def _person_stage(connection: AsyncConnection, person: Subscriber, now: datetime) -> Stage:
    if person.confirmed_at is None:
        words = f"Subscriber {person.id} has not confirmed: nothing but confirmation mails may go there."
        return Stage(StageName.PERSON, words, person.created_at, stops=True, do=advice.CONFIRM)
    reasons = [
        reason for reason in await barred(connection, person.id, now) if reason != Ineligibility.SUPPRESSED
    ]
    words = f"Subscriber {person.id} confirmed on {moment(person.confirmed_at)}"
    if not reasons:
        return Stage(StageName.PERSON, words + ", and may be written to.", person.confirmed_at)
    paused_until = person.paused_until if reasons[0] == Ineligibility.PAUSED else None
    when = f"until {moment(paused_until)}" if paused_until else "now"
    words += f"; no digest is planned {when}: {outcome_words(reasons[0])}."
    do = advice.OUTCOMES[reasons[0]]
    return Stage(StageName.PERSON, words, person.confirmed_at, stops=True, do=do)


def _suppression_stage(suppression: Suppression) -> Stage:
    reason, source = suppression.reason.replace("_", " "), suppression.source
    words = f"The address is suppressed ({reason}, by {source}): nothing is sent to it."
    do = advice.SUPPRESSIONS.get(suppression.reason, "")
    return Stage(StageName.PERSON, words, suppression.created_at, stops=True, do=do)
