"""The installation's own: wrapped keys, and what operators did."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.store.sql.columns import BigId
from service.store.sql.tables.fields import moment, octets, primary_key


class WrappedKey(SQLModel, table=True):
    """A key that must outlive rotations (the blind index), sealed by the secret keys, which do rotate."""

    __tablename__ = "wrapped_key"
    name: str = Field(primary_key=True)
    sealed: bytes = octets()


class Audit(SQLModel, table=True):
    """One act of an operator: who did what to which object, when, from where. Append-only.

    `actor`: `api`, `dashboard` or `command:` and the user of the operating system. `origin`: the network
    (/24 or /48), or `command`. `target`: a kind and a number, never an address or a topic. `changed`: rows
    that the act changed, null when they are not counted.
    """

    id: int | None = primary_key()
    at: datetime = moment(index=True)
    actor: str
    origin: str
    action: str
    target: str | None = None
    changed: int | None = Field(default=None, sa_type=BigId)


class EndedSession(SQLModel, table=True):
    """An operators' session that was signed out of, kept until its time would be over anyway.

    `id` is a hash: with it nobody can sign in.
    """

    __tablename__ = "ended_session"
    id: bytes = octets(primary_key=True)
    ends_at: datetime = moment()
