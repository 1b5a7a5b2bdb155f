"""`trial-alerts digests`: planned beside the schedule."""

from service.commands import CommandFailed
from service.planning import plan, plan_now
from service.store import subscribers
from service.store.database import reading
from service.system import System


async def send_due(system: System) -> int:
    """Plans and queues what is due now, as the workers do by themselves; returns the number of digests."""
    return await plan(system)


async def send_now(system: System, address: str | None = None) -> int:
    """Plans and queues everything pending, for all or for one address, whatever the schedule says.

    Raises CommandFailed when nobody is known by that address.
    """
    if address is None:
        return await plan_now(system)
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
    if person is None:
        raise CommandFailed("Nobody is known by that address.")
    return await plan_now(system, person.id)
