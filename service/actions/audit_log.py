"""The audit row of an operator's action that spans several transactions, or only reads."""

from datetime import datetime

from service.store import audit
from service.store.audit import Operator
from service.system import System


async def record(
    system: System, operator: Operator, action: str, *, now: datetime, target: str | None = None
) -> None:
    """Records an action durably, before it starts or returns personal data."""
    async with system.writing() as connection:
        await audit.record(connection, operator, action, now=now, target=target)
