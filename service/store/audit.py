"""The audit log: operators' actions, each written in the transaction of the action."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.sql.rows import columns_of, fetch_all
from service.store.sql.tables import audit as table


@dataclass(frozen=True, slots=True)
class Operator:
    """The actor: `api`, `dashboard` or `command:` and a user of the operating system; and from where.

    `origin` is the network that the request came from (/24 or /48), or `command`.
    """

    name: str
    origin: str


async def record(
    connection: AsyncConnection,
    operator: Operator,
    action: str,
    *,
    now: datetime,
    target: str | None = None,
    changed: int | None = None,
) -> None:
    """Adds one act to the audit log, in the transaction that `connection` is in.

    An act of many transactions is recorded before the first one. `action` is a noun and a verb, such as
    `runs.release`; `target` a kind and a number, such as `run:17`. Neither may hold an address, a topic or a
    token. `changed` is how many rows the act changed.
    """
    values = {
        "at": now,
        "actor": operator.name,
        "origin": operator.origin,
        "action": action,
        "target": target,
        "changed": changed,
    }
    await connection.execute(insert(table).values(**values))


class Act(NamedTuple):
    """A row of the audit log; for the fields see `record` and Operator."""

    id: int
    at: datetime
    actor: str
    origin: str
    action: str
    target: str | None
    changed: int | None


async def page(connection: AsyncConnection, *, before: int | None = None, limit: int = 50) -> list[Act]:
    """Up to `limit` acts, the newest first, those with a number below `before`."""
    statement = select(*columns_of(Act, table)).order_by(table.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(table.c.id < before)
    return await fetch_all(connection, Act, statement)
