"""The people who are told: confirmed followers of one trial, made quickly, and what changes for them."""

from typing import Any

from sqlalchemy import insert, select

from service.crypto.email_addresses import new_subscriber_columns
from service.domain.buckets import bucket_of_random
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.workers.world import TRIAL, World, snapshot
from tests.keys import key, key_of


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
        people = [_like(person, system, address) for address in addresses[1:]]
        if people:
            owners = [{name: one[name] for name in ("email_index", "bucket")} for one in people]
            for owner, one in zip(owners, people, strict=True):
                owner["subscriber_id"] = one["id"]
            await connection.execute(insert(t.address), owners)
            await connection.execute(insert(t.subscriber), people)
            wishes = [{**wish, **key_of(one["id"])} for one in people]
            await connection.execute(insert(t.subscription), wishes)
            own = [{**place, "bucket": one["bucket"], "subscriber_id": one["id"]} for one in people]
            await connection.execute(insert(t.cursor), own)
    return addresses


def _like(person: dict[str, Any], system: System, address: str) -> dict[str, Any]:
    columns = new_subscriber_columns(system.keyring, system.addresses, address)
    return {**person, **columns, **key(bucket_of_random(columns["public_id"]))}


async def tell_them(system: System, revision: int) -> None:
    """The trial changes; the workers plan and deliver by themselves."""
    world = World(system, None, None)  # type: ignore[arg-type]
    before = snapshot(revision=revision, status="SUSPENDED")
    await world.change(before, status="RECRUITING")
