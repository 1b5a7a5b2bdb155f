"""Who runs a command, for the audit log."""

import getpass
import os
from datetime import UTC, datetime

from service.store.admin import audit
from service.store.admin.audit import Operator
from service.store.sql.database import writing
from service.system import System


def this_operator() -> Operator:
    """The user of the operating system that runs this process.

    What the system says of the process counts, not the environment. A domain behind `@`, as directories of
    users have it, is left out: the audit log holds no address.
    """
    return Operator(f"command:{_user().partition('@')[0]}", "command")


def _user() -> str:
    if os.name != "posix":
        return getpass.getuser()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user often has no name
        return f"uid-{os.getuid()}"


async def record(system: System, action: str, *, target: str | None = None) -> None:
    """Records an act of many transactions, or one that only reads, before it begins."""
    async with writing(system.database) as connection:
        await audit.record(connection, this_operator(), action, now=datetime.now(UTC), target=target)
