"""The people who are told: confirmed followers of one trial, made quickly, and what changes for them."""

import os

from sqlalchemy import insert, select

from service.crypto.email_addresses import PURPOSE, SubscriberIdentity, encrypt_subscriber, new_secret
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.workers.world import TRIAL, World, snapshot


async def gather_people(system: System, first: int, count: int) -> list[str]:
    """Adds confirmed followers of the trial, quickly; returns their addresses."""
    world = World(system, None, None)  # type: ignore[arg-type]
    addresses = [f"person{number}@example.org" for number in range(first, first + count)]
    model = await world.follow(addresses[0], f"trial:{TRIAL}")
    async with writing(system.database) as connection:
        person, wish, place = [
            dict((await connection.execute(select(table).where(column == model))).mappings().one())
            for table, column in (
                (t.subscriber, t.subscriber.c.id),
                (t.subscription, t.subscription.c.subscriber_id),
                (t.cursor, t.cursor.c.subscriber_id),
            )
        ]
        del person["id"], wish["id"]
        people = []
        for address in addresses[1:]:
            public_id = os.urandom(16)
            sealed = encrypt_subscriber(system.keyring, SubscriberIdentity(address, new_secret()), public_id)
            own = {"public_id": public_id, "sealed": sealed}
            own |= {"email_index": system.addresses.of(address)}
            own |= {"key_id": system.keyring.current_key_id(PURPOSE)}
            people.append({**person, **own})
        if people:
            added = insert(t.subscriber).returning(t.subscriber.c.id)
            ids = (await connection.execute(added, people)).scalars().all()
            wishes = [{**wish, "subscriber_id": one} for one in ids]
            await connection.execute(insert(t.subscription), wishes)
            await connection.execute(insert(t.cursor), [{**place, "subscriber_id": one} for one in ids])
    return addresses


async def tell_them(system: System, revision: int) -> None:
    """The trial changes; the workers plan and deliver by themselves."""
    world = World(system, None, None)  # type: ignore[arg-type]
    before = snapshot(revision=revision, status="SUSPENDED")
    await world.change(before, status="RECRUITING")
