"""A file of subscriptions taken for one of suppressions, and the other way around."""

import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

import pytest

from service.cli import subscriptions, suppressions
from service.cli.context import CommandFailed
from service.domain.delivery.suppression import Reason
from service.store.people import suppressions as suppressed
from service.store.sql.database import reading
from service.system import System
from tests.integration.cli.test_import import TRIAL, written
from tests.integration.privacy.cast import ALICE, BOB, follower


async def exported(
    export: Callable[[System, TextIO, Callable[[int], None]], Awaitable[int]], system: System, folder: Path
) -> Path:
    """A file of the people of this system."""
    out = io.StringIO()
    assert await export(system, out, lambda _: None)
    return written(folder, out.getvalue())


async def test_a_file_of_subscriptions_suppresses_nobody(system: System, tmp_path: Path) -> None:
    await follower(system, ALICE)
    path = await exported(subscriptions.export, system, tmp_path)
    with pytest.raises(CommandFailed, match="is a file of subscriptions: nobody in it is suppressed"):
        await suppressions.import_file(system, path, tmp_path / "rejected.csv", lambda *_: None)
    async with reading(system.database) as connection:
        assert await suppressed.get(connection, system.addresses.of(ALICE)) is None


async def test_a_file_of_suppressions_subscribes_nobody(system: System, tmp_path: Path) -> None:
    path = written(tmp_path, f"email,reason\n{BOB},{Reason.UNSUBSCRIBED}\n")
    await suppressions.import_file(system, path, tmp_path / "rejected.csv", lambda *_: None)
    path = await exported(suppressions.export, system, tmp_path)
    with pytest.raises(CommandFailed, match="is a file of suppressions: nobody in it is subscribed"):
        await subscriptions.import_file(
            system, path, tmp_path / "rejected.csv", lambda *_: None, topics=[TRIAL]
        )


@pytest.mark.parametrize(
    "line",
    [f"email,topic\n{ALICE},{TRIAL}", f"email,topic,frequency,reason\n{ALICE},{TRIAL},daily,complaint"],
)
async def test_a_list_of_suppressions_may_name_topics(system: System, tmp_path: Path, line: str) -> None:
    path = written(tmp_path, line + "\n")
    done = await suppressions.import_file(system, path, tmp_path / "rejected.csv", lambda *_: None)
    assert done.new == 1
