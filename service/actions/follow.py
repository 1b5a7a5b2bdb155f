"""Changes of subscriptions on the person's own page: follow, follow again, change, stop.

The page's link proves that the address is theirs, so no confirmation by mail is needed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.consent_record import Origin, record_consent
from service.actions.merged_topics import after_mergers, present_keys, with_merged
from service.domain.consent_text import follow_statement
from service.domain.delivery.suppression import LIFTED_FROM_PAGE
from service.domain.digests.filters import NO_FILTERS, Filters, stored_filters
from service.domain.digests.schedule import Frequency, known_or_weekly
from service.domain.subscription import ENDED_BY_PERSON, EndReason, SubscriptionState
from service.domain.trials.conditions.condition import TopicKind
from service.domain.wording.language import Language
from service.store.people import (
    consents,
    cursors,
    subscribers,
    subscriptions,
    suppressions,
    terms,
)
from service.store.people.consents import ConsentKind
from service.store.people.rows import Subscriber, Subscription
from service.store.people.terms import Terms
from service.store.topics import topic_search, topics
from service.store.topics.topics import Topic
from service.system import System

#: Maximum number of topics per person.
MOST_FOLLOWED = 500


class NotFollowedReason(Enum):
    """Why topics can't be followed."""

    NO_FREQUENCY = auto()  # not a known frequency
    NO_TOPIC = auto()  # none was chosen
    UNKNOWN_TOPIC = auto()  # or too broad to follow
    TOO_MANY = auto()  # more than MOST_FOLLOWED
    TOO_BROAD = auto()  # a condition followed before covers too much by now
    TERMS_CHANGED = auto()  # the current terms are not the ones that were agreed to


class NotFollowed(Exception):
    """Nothing was changed; `reasons` are in the order of the form."""

    def __init__(self, reasons: Sequence[NotFollowedReason]) -> None:
        super().__init__("these topics can't be followed like this")
        self.reasons = reasons


async def offered(
    connection: AsyncConnection, person: Subscriber, query: str
) -> tuple[Terms | None, Sequence[Topic]]:
    """Returns the current terms, and the search results that the person does not follow yet."""
    current = await terms.current(connection)
    followed = {row.key for row in await subscriptions.active(connection, person.id)}
    found = await topic_search.search(connection, query) if query else []
    return current, [topic for topic in found if topic.key not in followed]


async def broader_names(connection: AsyncConnection, found: Sequence[Topic]) -> dict[int, str]:
    """The name of a broader condition for each condition among these topics, by topic id."""
    conditions = [topic.id for topic in found if topic.kind == TopicKind.CONDITION]
    return await topics.broader_names(connection, conditions)


async def follow(
    connection: AsyncConnection,
    system: System,
    person: Subscriber,
    keys: Sequence[str],
    frequency: str,
    terms_version: str,
    shown_in: Language,
    origin: Origin,
    now: datetime,
) -> None:
    """Follows topics from now on; `shown_in` is the page's language. Raises NotFollowed. Locks the person."""
    current = await terms.current(connection)
    reasons = [] if frequency in set(Frequency) else [NotFollowedReason.NO_FREQUENCY]
    if not keys:
        reasons.append(NotFollowedReason.NO_TOPIC)
    known = await topics.by_keys(connection, keys)
    if not all(key in known and known[key].followable for key in keys):
        reasons.append(NotFollowedReason.UNKNOWN_TOPIC)
    if len(await subscriptions.active(connection, person.id)) + len(keys) > MOST_FOLLOWED:
        reasons.append(NotFollowedReason.TOO_MANY)
    if current is None or terms_version != current.version:
        reasons.append(NotFollowedReason.TERMS_CHANGED)
    if current is None or reasons:
        raise NotFollowed(reasons)
    await _follow(connection, system, person, keys, current, shown_in, origin, now, frequency=frequency)


async def too_broad(connection: AsyncConnection, ended: Sequence[Subscription]) -> set[str]:
    """The keys of these topics that can't be followed any more: each is a condition that covers too much."""
    conditions = [row.key for row in ended if row.kind == TopicKind.CONDITION]
    known = await topics.by_keys(connection, conditions) if conditions else {}
    return {key for key, topic in known.items() if not topic.followable}


async def follow_again(
    connection: AsyncConnection,
    system: System,
    person: Subscriber,
    subscription_id: str,
    terms_version: str,
    shown_in: Language,
    origin: Origin,
    now: datetime,
    *,
    undoes: bool = False,
) -> bool:
    """Reactivates an ended or pending subscription with its former choices, or with the default of one that
    can't be read. Locks the person.

    Returns whether the person follows it now: they may have no such subscription any more, or have done so
    before. Raises NotFollowed if the terms have changed, or for an ended one whose topic is too broad by now,
    unless this `undoes` its end.
    """
    subscription = await _own(
        connection, person, subscription_id, SubscriptionState.ENDED, SubscriptionState.PENDING
    )
    current = await terms.current(connection)
    if subscription is None or current is None:
        return await active_one(connection, person, subscription_id) is not None
    if terms_version != current.version:
        raise NotFollowed([NotFollowedReason.TERMS_CHANGED])
    is_ended = subscription.state == SubscriptionState.ENDED
    if is_ended and not undoes and await too_broad(connection, [subscription]):
        raise NotFollowed([NotFollowedReason.TOO_BROAD])
    filters = stored_filters(subscription.filters) or NO_FILTERS
    await _follow(
        connection,
        system,
        person,
        [subscription.key],
        current,
        shown_in,
        origin,
        now,
        frequency=known_or_weekly(subscription.frequency),
        filters=filters.as_mapping() or None,
        small_changes=bool(subscription.small_changes),
    )
    return True


async def _follow(
    connection: AsyncConnection,
    system: System,
    person: Subscriber,
    keys: Sequence[str],
    current: Terms,
    shown_in: Language,
    origin: Origin,
    now: datetime,
    *,
    frequency: str,
    filters: Mapping[str, Any] | None = None,
    small_changes: bool = False,
) -> None:
    """Records two rows, as a sign-up does, with the text shown; follows the successor of a merged trial."""
    keys = list(dict.fromkeys((await after_mergers(connection, keys)).values()))
    pending = [
        await subscriptions.add_pending(
            connection,
            person.id,
            topic_id,
            frequency=frequency,
            filters=filters,
            small_changes=small_changes,
            now=now,
        )
        for topic_id in (await topics.ensure_topics(connection, keys)).values()
    ]
    await subscriptions.activate_pending(connection, person.id, now, ids=pending)
    shown = await consents.store_wording(connection, follow_statement(current.version, shown_in))
    for kind in (ConsentKind.REQUESTED, ConsentKind.CONFIRMED):
        await record_consent(
            connection,
            system,
            person.id,
            kind,
            at=now,
            origin=origin,
            terms_version=current.version,
            wording_sha256=shown,
            topics=keys,
            frequency=frequency,
            filters=filters,
            small_changes=small_changes,
            locale=shown_in.code,
        )
    await suppressions.lift(connection, person.email_index, LIFTED_FROM_PAGE)
    await subscribers.change(connection, person.id, terms_version=current.version)
    await cursors.mark_behind(connection, person.id)


async def change_subscription(
    connection: AsyncConnection,
    person: Subscriber,
    subscription: Subscription,
    *,
    frequency: str,
    filters: Filters,
    small_changes: bool,
    now: datetime,
) -> None:
    """Changes frequency and filters of an active subscription. Locks the person."""
    # First, as it locks the person's cursors: before subscriptions, as planning does.
    await subscriptions.change_frequency(connection, person, subscription, frequency, now)
    await subscriptions.change(
        connection, subscription.id, filters=filters.as_mapping() or None, small_changes=small_changes
    )


async def unfollow(
    connection: AsyncConnection,
    system: System,
    person: Subscriber,
    subscription_id: str,
    origin: Origin,
    now: datetime,
) -> bool:
    """Ends a subscription; False if it had ended before. Locks the person."""
    followed = await active_one(connection, person, subscription_id)
    if followed is None:
        return False
    before = await subscriptions.with_states(connection, person.id, SubscriptionState.ENDED)
    ended = await with_merged(connection, [followed, *before], [followed.key])
    await subscriptions.end(connection, person.id, reason=EndReason.UNFOLLOWED, now=now, topic_ids=ended)
    await record_consent(
        connection,
        system,
        person.id,
        ConsentKind.WITHDRAWN,
        at=now,
        origin=origin,
        topics=[followed.key],
        locale=person.locale,
    )
    return True


async def active_one(
    connection: AsyncConnection, person: Subscriber, subscription_id: str
) -> Subscription | None:
    """The person's active subscription with that id, or the one that replaced it after a page had shown it,
    by a merger for example; None if there is none."""
    shown = await _own(connection, person, subscription_id, SubscriptionState.ACTIVE, SubscriptionState.ENDED)
    if shown is None or shown.state == SubscriptionState.ACTIVE:
        return shown
    if shown.end_reason in ENDED_BY_PERSON:
        return None
    present = await present_keys(connection, [shown.key])
    active = await subscriptions.active(connection, person.id)
    return next((row for row in active if row.key == present[shown.key]), None)


async def _own(
    connection: AsyncConnection, person: Subscriber, subscription_id: str, *states: SubscriptionState
) -> Subscription | None:
    """The person's subscription with that id; None if it is not theirs or in another state."""
    rows = await subscriptions.with_states(connection, person.id, *states)
    return next((row for row in rows if str(row.id) == subscription_id), None)
