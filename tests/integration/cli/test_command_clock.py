"""An operator's command on a machine whose clock is wrong acts at the database's time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli import events, mail_hold, runs, subscriber
from service.cli import terms as terms_command
from service.configuration.settings import Settings
from service.store.people import terms
from service.store.sql import tables as t
from service.system import open_system
from tests.integration.web.operating import ALICE, add_event, held_run
from tests.integration.web.signing_up import rows
from tests.integration.workers.world import open_world
from tests.machines import AHEAD, machines
from workers.deliver.deliver import deliver

__all__ = ["machines"]

#: SQLite is on the machine of its commands: it has their clock.
pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True), pytest.mark.slow]

#: How much time may pass within a test.
SLACK = timedelta(minutes=5)


@pytest.mark.parametrize("wrong", [timedelta(hours=2), timedelta(days=-2)], ids=str)
async def test_acts_of_commands_are_dated_by_the_database(
    settings: Settings, wrong: timedelta, tmp_path: Path, machines: None
) -> None:
    text = tmp_path / "terms.txt"
    text.write_text("Be kind.", encoding="utf-8")
    AHEAD.set(wrong)
    async with open_system(settings) as system, open_world(system) as world:
        run = await held_run(world, ALICE)
        await add_event(system, 1, "dead")
        assert await runs.release(system, run) == 1
        await mail_hold.hold(system)
        await terms_command.publish(system, text, "1", material=False, pause_after=30)
        assert await events.replay(system, dead=True) == 1
        await subscriber.show(system, ALICE)
        async with system.reading() as connection:
            published = await terms.current(connection)
        (hold,) = await rows(system.database, t.mail_hold)
        audit = await rows(system.database, t.audit)
        await mail_hold.release(system, (), ())
        await deliver(world.mailer)
        assert [received.rcpt_to for received in world.smtp.mails] == [ALICE], "it is due"
    AHEAD.set(timedelta())
    now = datetime.now(UTC)
    assert published is not None
    assert len(audit) >= 5
    for moment in (hold.since, published.published_at, *(row.at for row in audit)):
        assert abs(moment - now) < SLACK
