"""The stages of a subscription: the subscription itself, and the path of its topic's newest news."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.why.account import Stage, StageName
from service.actions.why.events import change_stage, event_stages, newest_event_stages
from service.actions.why.mails import mail_stages
from service.actions.why.sending import Obstacle
from service.domain.delivery import advice
from service.domain.delivery.explanations import moment, outcome_words
from service.domain.delivery.states import DeliveryState
from service.domain.digests.filters import narrowed, stored_filters
from service.domain.digests.schedule import Frequency, next_due
from service.domain.subscription import ENDED_WITH_TOPIC, SubscriptionState
from service.domain.trials.change import Change, Kind, Level
from service.store.admin import browse, why
from service.store.admin.why import DeliveryWithRun, LoggedChange, SubscriptionProgress
from service.store.changes import trials
from service.store.digests.digests import can_be_read, read_topics, reported_trials

#: Changes of a topic that are followed to the end.
_CHANGES = 3

_TRIAL = "trial:"

_LEFT_OUT = Stage(
    StageName.PLANNING,
    "The filters of this subscription leave it out: the person asked for other news only.",
    stops=True,
    do="Nothing: the person can change what they hear about on the preferences page.",
)


class MailsToPerson(NamedTuple):
    """The mails to a person, newest first, and the obstacle to one that waits."""

    mails: Sequence[DeliveryWithRun]
    obstacle: Obstacle | None
    now: datetime


class SubscriptionStages(NamedTuple):
    """The stages of one subscription: those up to its topic's newest news, which decide the answer, and those
    of earlier news."""

    newest: list[Stage]
    earlier: list[Stage]


async def subscription_stages(
    connection: AsyncConnection, row: SubscriptionProgress, mailed: MailsToPerson
) -> SubscriptionStages:
    """A subscription, and the way of its topic's newest changes."""
    name = f"{row.key} ({row.name})" if row.name else row.key
    if row.state == SubscriptionState.PENDING:
        words = f"Asked to follow {name}, and has not confirmed that: no news is sent."
        stage = Stage(StageName.SUBSCRIPTION, words, row.created_at, stops=True, do=advice.CONFIRM)
        return SubscriptionStages([stage], [])
    if row.state == SubscriptionState.ENDED and row.ended_at is not None:
        words = f"Followed {name} until {moment(row.ended_at)}: {outcome_words(row.end_reason)}."
        do = advice.OUTCOMES.get(row.end_reason or "", "")
        stage = Stage(StageName.SUBSCRIPTION, words, row.ended_at, stops=not row.in_planning, do=do)
        if row.in_planning:  # the next digest reports how the topic ended
            changes = await _newest_changes(connection, row.topic_id)
            last = await _news(connection, changes[:1], row, mailed)
            return SubscriptionStages([stage, *last], await _news(connection, changes[1:], row, mailed))
        return SubscriptionStages([stage], await _mailed_news(connection, row, mailed))
    words = f"Follows {name}, {row.frequency}, since {moment(row.activated_at or row.created_at)}."
    if row.filters:
        words += " Filters are set: they leave out some news."
    stages = [Stage(StageName.SUBSCRIPTION, words, row.activated_at)]
    changes = await _newest_changes(connection, row.topic_id)
    if row.key.startswith(_TRIAL):
        since = changes[0].recorded_at if changes else None
        unread = await newest_event_stages(connection, row.key.removeprefix(_TRIAL), since)
        stages += unread
        if unread and changes:
            return SubscriptionStages(stages, await _news(connection, changes, row, mailed))
    if not changes:
        words = f"No change of {row.key} is known: no event brought one."
        do = "See under Events on the dashboard whether the ingestor sent what you miss."
        stages.append(Stage(StageName.CHANGE, words, stops=True, do=do))
    stages += await _news(connection, changes[:1], row, mailed)
    return SubscriptionStages(stages, await _news(connection, changes[1:], row, mailed))


async def _newest_changes(connection: AsyncConnection, topic_id: int) -> list[LoggedChange]:
    """The newest changes of a topic, of each event the largest first.

    A small one, which causes no mail by itself, must not stand for an event that brought a large one as well.
    """
    changes = await why.news_of_topic(connection, topic_id, why.MOST)
    events = groupby(changes, key=lambda change: change.event_id or -change.seq)
    return [change for _, event in events for change in sorted(event, key=lambda one: -one.level)][:_CHANGES]


async def _news(
    connection: AsyncConnection,
    changes: Sequence[LoggedChange],
    row: SubscriptionProgress,
    mailed: MailsToPerson,
) -> list[Stage]:
    """Changes with their events, and the stage that each reached for this follower."""
    stages: list[Stage] = []
    for change in changes:
        if change.event_id is not None:
            stages += event_stages(await browse.event(connection, change.event_id))
        stages.append(change_stage(change))
        stages += await _way_of(connection, change, row, mailed)
    return stages


async def _mailed_news(
    connection: AsyncConnection, row: SubscriptionProgress, mailed: MailsToPerson
) -> list[Stage]:
    """The news of an ended subscription for which a mail was planned: why the person got what they got."""
    until = None if row.end_reason in ENDED_WITH_TOPIC else row.ended_at
    changes = [
        change
        for change in await _newest_changes(connection, row.topic_id)
        if change.seq > row.active_seq
        and (until is None or change.recorded_at <= until)
        and any(_covers(mail, row.topic_id, change.seq) for mail in mailed.mails)
    ]
    return await _news(connection, changes, row, mailed)


async def _way_of(
    connection: AsyncConnection, change: LoggedChange, row: SubscriptionProgress, mailed: MailsToPerson
) -> list[Stage]:
    """The stage that one change reached for the follower of one topic."""
    if change.seq <= row.active_seq:
        words = "It happened before this subscription became active: it is never reported."
        do = "Nothing: a new follower is notified of what happens afterwards."
        return [Stage(StageName.PLANNING, words, stops=True, do=do)]
    mail = next((mail for mail in mailed.mails if _covers(mail, row.topic_id, change.seq)), None)
    named = mail is not None and change.nct_id in reported_trials(mail.reported)
    stages = [] if named or not await _is_left_out(connection, change, row) else [_LEFT_OUT]
    if mail is None:
        return stages or [_unplanned(change, row, mailed.now)]
    stages += mail_stages(mail, mailed.obstacle, mailed.now)
    sent = mail.state in (DeliveryState.SENT, DeliveryState.BOUNCED)
    if sent and mail.reported is not None and not named:
        words = "That mail did not name this trial: a filter left it out, it was reported before, or it was "
        words += "taken back before the mail was written."
        stages.append(Stage(StageName.DELIVERY, words, delivery=mail.id))
    return stages


async def _is_left_out(connection: AsyncConnection, change: LoggedChange, row: SubscriptionProgress) -> bool:
    """Whether the subscription's filters leave a change out, for its trial as it is now."""
    filters = stored_filters(row.filters) if row.filters else None
    if filters is None:
        return False
    snapshot = (await trials.snapshots(connection, [change.nct_id])).get(change.nct_id)
    if snapshot is None:
        return False
    logged = Change(Kind(change.kind), Level(change.level), change.before, change.after)
    decoded = msgspec.json.decode(snapshot)
    return narrowed(filters, logged, decoded, small_changes=row.small_changes) is None


def _covers(mail: DeliveryWithRun, topic_id: int, seq: int) -> bool:
    """Whether a digest was planned to cover this change of this topic."""
    if not mail.topics or not can_be_read(mail.topics) or mail.from_seq is None or mail.to_seq is None:
        return False
    if not mail.from_seq < seq <= mail.to_seq:
        return False
    low = read_topics(mail.topics).get(topic_id)
    return low is not None and low < seq


def _unplanned(change: LoggedChange, row: SubscriptionProgress, now: datetime) -> Stage:
    """Why no digest reports a change (yet)."""
    begins = row.resume_after_seq if row.resume_after_seq is not None else row.seq
    if change.level <= Level.LOW and not row.small_changes:
        words = "It is small, and alone it causes no mail: the next digest with larger news reports it too."
        do = "Nothing: the person can ask for small changes too on the preferences page."
    elif begins is not None and change.seq <= begins:
        words = "It was reported, or ended without a mail, long ago: its digest is not kept any more."
        do = "Nothing."
    elif row.frequency == Frequency.IMMEDIATE or row.zone is None or row.hour is None or row.weekday is None:
        words = "It is not planned yet: it settles for a while first, then a worker plans it."
        do = "Wait some minutes; if it stays so, see whether a worker runs, and its log."
    else:
        due = next_due(row.frequency, row.zone, row.hour, row.weekday, now)
        words = f"It is not planned yet: the next {row.frequency} digest is due {moment(due)}."
        do = "Nothing: wait until then, or send it now: trial-alerts digests send-now --email."
    return Stage(StageName.PLANNING, words, stops=True, do=do)
