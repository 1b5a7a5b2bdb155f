"""Takes an unsubscribe back, for an hour, from the page that followed it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import follow
from service.actions.consent_record import Origin
from service.actions.merged_topics import present_keys
from service.crypto.link_tokens import InvalidToken, Purpose, make_token, read_token
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.wording.language import Language
from service.store.people import subscribers, subscriptions
from service.store.people.rows import Subscriber, Subscription
from service.system import System

#: The time for which the page's button works.
UNDO = timedelta(hours=1)


def undo_token(system: System, person: Subscriber, ended_at: datetime) -> str:
    """A token to restore the subscriptions ended at that moment; shown on the page alone, never mailed."""
    return make_token(
        system.keyring,
        Purpose.UNDO,
        person.id,
        ended_at + UNDO,
        email_index=person.email_index,
        reference=_milliseconds(ended_at),
    )


async def undo(
    connection: AsyncConnection,
    system: System,
    token: str,
    terms_version: str,
    shown_in: Language,
    origin: Origin,
    now: datetime,
) -> tuple[str, Sequence[Subscription]]:
    """Restores the ended subscriptions with their former choices; a new consent to the text shown.

    Returns the person's locale and the restored topics. Idempotent. Raises InvalidToken (or ExpiredToken),
    also after a change of address; NotFollowed if other terms are in force than were shown.
    """
    link = read_token(system.keyring, Purpose.UNDO, token, now)
    person = await subscribers.lock(connection, link.subject)
    if person is None or not link.belongs_to(person.email_index):
        raise InvalidToken("the person was erased or has another address")
    ended = [
        row
        for row in await subscriptions.with_states(connection, person.id, SubscriptionState.ENDED)
        if row.end_reason == EndReason.UNSUBSCRIBED
        and row.activated_at is not None
        and row.ended_at is not None
        and _milliseconds(row.ended_at) == link.reference
    ]
    followed = {row.key for row in await subscriptions.active(connection, person.id)}
    for row in ended:
        if row.key not in followed:
            await follow.follow_again(
                connection, system, person, str(row.id), terms_version, shown_in, origin, now, undoes=True
            )
            followed.add(row.key)
    keys = set((await present_keys(connection, [row.key for row in ended])).values())
    active = await subscriptions.active(connection, person.id)
    return str(person.locale), [row for row in active if row.key in keys]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
