"""The order of mails when more wait for a mailbox than it may get in a day.

One address has one mail of a kind waiting, which also answers the address's later requests. More than a day's
worth wait only when strangers vary the address with tags and dots, and its owner must not wait for all of
those. A request, first or repeated, that would wait for more than a day exchanges moments with a mail that is
due within a day: one to an address that is further from the plain name of the mailbox, or else as far from
it. Addresses that confirmed go before all others: only the owner can have confirmed them. Nothing is dropped:
the other mail keeps the later moment, and its own reader may request it again.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.crypto import email_addresses
from service.crypto.keyring import DecryptionError
from service.crypto.sealed_json import CONTEXT, open_json
from service.domain.delivery.kinds import TO_OTHER_ADDRESS
from service.domain.mailbox_buckets import distance_from_mailbox
from service.store.mail import mailbox_turns, quota
from service.store.mail.deliveries import WaitingDelivery
from service.store.mail.mailbox_turns import Turn
from service.store.people import subscribers
from service.store.people.rows import Subscriber
from service.system import System

#: Before every address that never confirmed.
_CONFIRMED = -1

_random = random.SystemRandom()


class _Rival(NamedTuple):
    """A mail that waits for the same mailbox; `rank`: the lower goes first."""

    turn: Turn
    rank: int


async def advance(
    connection: AsyncConnection,
    system: System,
    subscriber_id: int,
    kind: str,
    mail: WaitingDelivery,
    address: str,
    now: datetime,
) -> bool:
    """Gives a mail that is due in more than a day a moment within a day, if it may have one.

    A moment whose mail is gone (its reader was erased, or asked for another) is taken before one that another
    mail waits for. The caller has locked the mail. Reads three moments, however many wait.
    """
    if mail.due_at <= now + quota.DAY:
        return False
    mailbox = system.addresses.mailbox(address)
    moments = await quota.moments_within_a_day(connection, mailbox, now)
    waiting = await mailbox_turns.due_at(connection, moments)
    if free := [moment for moment in moments if moment not in {turn.due_at for turn in waiting}]:
        await mailbox_turns.move(connection, mail.id, free[0])
        await quota.give_back(connection, mailbox, mail.due_at)
        return True
    person = await subscribers.get(connection, subscriber_id)
    mine = _rank(person, kind, address)
    rivals = [rival for turn in waiting if (rival := await _rival(connection, system, turn, mailbox))]
    for rival in _in_order([rival for rival in rivals if rival.rank >= mine]):
        if await mailbox_turns.exchange(connection, mail, rival.turn):
            return True
    return False


def _in_order(rivals: Sequence[_Rival]) -> list[_Rival]:
    """The rivals by descending rank; equals in random order, so that nobody can aim at one."""
    return sorted(_random.sample(rivals, len(rivals)), key=lambda rival: -rival.rank)


async def _rival(connection: AsyncConnection, system: System, turn: Turn, mailbox: bytes) -> _Rival | None:
    """The mail if it goes to this mailbox and can be read: another's may be due at the same microsecond."""
    person = await subscribers.get(connection, turn.subscriber_id)
    if person is None:
        return None
    try:
        address = _address(system, person, turn)
    except DecryptionError:
        return None
    if system.addresses.mailbox(address) != mailbox:
        return None
    return _Rival(turn, _rank(person, turn.kind, address))


def _address(system: System, person: Subscriber, turn: Turn) -> str:
    """The address that a mail goes to. Raises DecryptionError."""
    if turn.kind in TO_OTHER_ADDRESS:
        return str(open_json(system.keyring, CONTEXT, person.id, turn.context)["address"])
    return email_addresses.decrypt_subscriber(system.keyring, person.sealed, person.public_id).address


def _rank(person: Subscriber | None, kind: str, address: str) -> int:
    is_confirmed = person is not None and person.confirmed_at is not None and kind not in TO_OTHER_ADDRESS
    return _CONFIRMED if is_confirmed else distance_from_mailbox(address)
