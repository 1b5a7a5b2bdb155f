"""A template that an operator broke: the workers don't start with it, and no mail is lost by it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from service.cli.doctor import installation
from service.configuration.settings import Settings
from service.digests.planner import plan
from service.mail.render import digest, templates
from service.mail.render.templates import UnusableTemplate
from service.store.mail import deliveries
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.chaos.crowd import change_trial, gather_people
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import TRIAL, World, open_world, snapshot
from workers.deliver.deliver import deliver
from workers.deliver.mailer import open_mailer

pytestmark = pytest.mark.slow

ALICE = "alice@example.org"


def forget_templates() -> None:
    """Templates are loaded anew, as by a worker that was restarted."""
    templates._sources.cache_clear()
    for cached in (templates.environment, templates.mail_template, digest._digest_frame):
        cached.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the templates, which the product uses."""
    copy = tmp_path / "email_templates"
    shutil.copytree(templates.templates_folder(), copy)
    monkeypatch.setattr(templates, "templates_folder", lambda: copy)
    forget_templates()
    yield copy
    forget_templates()


BROKEN = {
    "digest/body.txt": ("{% if %}", "email_templates/digest/body.txt, line 1: "),
    "confirmation/subject.txt": (None, "email_templates/confirmation/subject.txt is missing"),
    "confirmation/body.mjml": ("<mjml>", "email_templates/confirmation/body.mjml: "),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_worker_does_not_start_with_a_broken_template_and_doctor_names_it(
    system: System, settings: Settings, folder: Path, name: str
) -> None:
    assert (await installation.templates(settings)).ok
    forget_templates()
    content, told = BROKEN[name]
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, "utf-8")
    with pytest.raises(UnusableTemplate) as refused:
        async with open_mailer(system):
            pass
    assert str(refused.value).startswith(told)
    result = await installation.templates(settings)
    assert not result.ok
    assert result.text.startswith(told)


def all_files() -> list[str]:
    """All templates, and those that they extend and include."""
    folder = templates.templates_folder()
    files = (path for suffix in ("txt", "mjml") for path in folder.rglob(f"*.{suffix}"))
    return sorted(path.relative_to(folder).as_posix() for path in files)


@pytest.mark.parametrize("name", all_files())
async def test_each_file_that_is_broken_keeps_a_worker_from_starting_and_is_named(
    system: System, settings: Settings, folder: Path, name: str
) -> None:
    good = (folder / name).read_text("utf-8")
    (folder / name).write_text(good + "\n{% if %}", "utf-8")
    with pytest.raises(UnusableTemplate) as refused:
        async with open_mailer(system):
            pass
    line = good.count("\n") + 2
    assert str(refused.value).startswith(f"email_templates/{name}, line {line}: ")
    assert (await installation.templates(settings)).text == str(refused.value)


@pytest.mark.parametrize("name", all_files())
async def test_each_file_that_is_missing_keeps_a_worker_from_starting_and_is_named(
    system: System, folder: Path, name: str
) -> None:
    (folder / name).unlink()
    with pytest.raises(UnusableTemplate, match=f"email_templates.*{name}"):
        async with open_mailer(system):
            pass


@pytest.mark.usefixtures("one_bucket")
async def test_mails_are_made_from_the_templates_that_were_there_when_the_worker_started(
    system: System, folder: Path
) -> None:
    """An upgrade in place brings templates that ask for values of the new version."""
    async with open_world(system) as world:
        await ask_and_change(world)
        async with writing(system.database) as connection:
            await connection.execute(update(t.subscriber).values(locale="de"))
        for path in folder.rglob("body.*"):
            path.write_text("{{ value_of_a_later_version }}", "utf-8")
        await deliver(world.mailer)
        assert [row[:2] for row in await outcomes(system)] == [("confirmation", "sent"), ("digest", "sent")]
        assert len(world.smtp.mails) == 2


async def outcomes(system: System) -> list[tuple[str, str, str | None, int]]:
    """Kind, state, outcome and attempts of each mail."""
    d = t.delivery.c
    async with reading(system.database) as connection:
        rows = await connection.execute(select(d.kind, d.state, d.outcome, d.attempts).order_by(d.kind))
        return [tuple(row) for row in rows]


async def ask_and_change(world: World) -> None:
    """Alice signs up and is to confirm; Bob's trial changes."""
    system = world.system
    await world.hold(snapshot(status="SUSPENDED"))
    await gather_people(system, 0, 1)
    await change_trial(system, 1)
    await plan(system)
    alice = await world.follow(ALICE, f"trial:{TRIAL}", confirmed=False)
    async with writing(system.database) as connection:
        mail = await deliveries.queue(connection, alice, "confirmation", now=datetime.now(UTC))
        asked = t.subscription.c.subscriber_id == alice
        await connection.execute(update(t.subscription).where(asked).values(confirmation_id=mail))


async def correct_and_deliver(world: World, good: dict[Path, str]) -> None:
    """Writes the templates as they were, and sends the mails that waited for them."""
    for body, text in good.items():
        body.write_text(text, "utf-8")
    forget_templates()
    async with writing(world.system.database) as connection:
        await connection.execute(update(t.delivery).values(due_at=t.delivery.c.created_at))
    await deliver(world.mailer)


FAULTS = {
    "{{ nonsense }}": "UndefinedError",
    "{{ 1 + 'a' }}": "TypeError",
    "{{ 'a'|round }}": "TypeError",
    "{{ 1 / 0 }}": "ZeroDivisionError",
}


@pytest.mark.usefixtures("one_bucket")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("is_kept", [True, False])
async def test_mails_with_a_broken_template_wait_until_it_is_corrected(
    system: System, folder: Path, is_kept: bool, fault: str
) -> None:
    async with open_world(system) as world:
        await ask_and_change(world)
        bodies = [folder / kind / "body.txt" for kind in ("confirmation", "digest")]
        good = [body.read_text("utf-8") for body in bodies]
        for body, text in zip(bodies, good, strict=True):
            body.write_text(fault + (text if is_kept else ""), "utf-8")
        forget_templates()
        with capture_logs() as logged:
            await deliver(world.mailer)
        waiting = await outcomes(system)
        assert [row[:3] for row in waiting] == [
            ("confirmation", "queued", "template_fault"),
            ("digest", "queued", "template_fault"),
        ]
        assert not world.smtp.mails
        (line,) = (entry for entry in logged if entry["event"] == "template_fault")
        assert line["reason"] == "email_templates/confirmation/body.txt, line 1: " + FAULTS[fault]
        await correct_and_deliver(world, dict(zip(bodies, good, strict=True)))
        assert [row[:2] for row in await outcomes(system)] == [("confirmation", "sent"), ("digest", "sent")]
        assert len(world.smtp.mails) == 2


@pytest.mark.usefixtures("one_bucket")
async def test_mails_that_wait_for_a_template_use_up_no_quota(system: System, folder: Path) -> None:
    quota = {"smtp_quota": (100, 0)}
    limited = replace(system, settings=system.settings.model_copy(update=quota))
    async with open_world(limited) as world:
        await ask_and_change(world)
        for kind in ("confirmation", "digest"):
            (folder / kind / "body.txt").write_text("{{ nonsense }}", "utf-8")
        forget_templates()
        await deliver(world.mailer)
        assert {row[:3] for row in await outcomes(system)} == {
            ("confirmation", "queued", "template_fault"),
            ("digest", "queued", "template_fault"),
        }
        async with reading(system.database) as connection:
            counted = (await connection.execute(select(t.sent_count.c.mails))).scalars()
            assert sum(counted) == 0


@pytest.mark.usefixtures("one_bucket")
async def test_the_dashboard_names_the_template_that_mails_wait_for(
    system: System, client: httpx.AsyncClient, folder: Path
) -> None:
    async with open_world(system) as world:
        await ask_and_change(world)
        bodies = [folder / kind / "body.txt" for kind in ("confirmation", "digest")]
        good = [body.read_text("utf-8") for body in bodies]
        for body, text in zip(bodies, good, strict=True):
            body.write_text("{{ nonsense }}" + text, "utf-8")
        forget_templates()
        await deliver(world.mailer)
        await sign_in(client)
        words = "1 mail waits for a template to be corrected: email_templates/{}, line 1: UndefinedError."
        page = (await client.get("/admin")).text
        for body in bodies:
            assert words.format(body.relative_to(folder)) in page
        await correct_and_deliver(world, dict(zip(bodies, good, strict=True)))
        assert "to be corrected" not in (await client.get("/admin")).text
