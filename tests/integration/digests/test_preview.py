"""A preview shows the next digest, and changes nothing."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from service.cli.context import CommandFailed
from service.cli.digests import preview, send_due, send_now
from service.crypto.link_tokens import Purpose, make_token
from service.store.people import subscribers
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.integration.workers.world import TRIAL, open_world, snapshot
from workers.deliver.deliver import deliver

ALICE = "alice@example.org"
OTHER = "NCT05658640"


async def test_a_preview_has_the_sentences_of_the_next_digest(system: System) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, f"trial:{TRIAL}", frequency="weekly")
        assert await preview(world.system, ALICE) == []
        await world.change(before, status="RECRUITING")
        (mail,) = await preview(world.system, "Alice@Example.org")
        sentence = "The registry now says this study is looking for participants."
        assert sentence in " ".join(mail.text.split())
        assert mail.html.startswith("<!DOCTYPE html>")
        assert sentence in mail.html
        assert (mail.frequency, mail.language) == ("weekly", "en")
        assert (await send_due(world.system)).sentences() == "0 digests queued."
        assert (await send_now(world.system, ALICE)).sentences() == "1 digest queued."
        await deliver(world.mailer)
        assert len(world.mails(ALICE)) == 1
        assert await preview(world.system, ALICE) == []


@pytest.mark.parametrize("discreet", [True, False])
async def test_a_preview_has_the_subject_that_its_reader_chose(system: System, discreet: bool) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        alice = await world.follow(ALICE, f"trial:{TRIAL}")
        async with writing(system.database) as connection:
            await subscribers.change(connection, alice, discreet=discreet)
        await world.change(before, status="RECRUITING")
        (shown,) = await preview(world.system, ALICE)
        await world.send_all()
        (mail,) = world.mails(ALICE)
        assert shown.subject == mail["subject"]


async def test_an_unknown_address_is_reported_as_unknown(system: System) -> None:
    with pytest.raises(CommandFailed, match="No subscriber has this address"):
        await preview(system, "nobody@example.org")


async def test_an_empty_address_is_nobodys(system: System) -> None:
    """A script's variable that was not set: all pending digests were sent."""
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, f"trial:{TRIAL}", frequency="weekly")
        await world.change(before, status="RECRUITING")
        with pytest.raises(CommandFailed, match="No subscriber has this address"):
            await send_now(world.system, "")
        await deliver(world.mailer)
        assert world.mails(ALICE) == []


@pytest.mark.slow
async def test_the_whole_digest_is_a_page(system: System, client: httpx.AsyncClient) -> None:
    async with open_world(system) as world:
        before = snapshot()
        await world.hold(before)
        await world.follow(ALICE, f"trial:{TRIAL}")
        await world.change(before, status="RECRUITING")
        await send_now(world.system)
        until = datetime.now(UTC) + timedelta(days=1)
        index = system.addresses.of(ALICE)
        async with system.reading() as connection:
            digest = (await connection.execute(select(t.digest.c.id))).scalar_one()
        token = make_token(system.keyring, Purpose.DIGEST, digest, until, email_index=index)
        page = await client.get(f"/digest/{token}")
        assert page.status_code == 200
        assert "is looking for participants" in page.text
        assert "→ Taking participants" in page.text
        assert page.headers["referrer-policy"] == "no-referrer"
        assert (await client.get(f"/digest/{token[:-2]}")).status_code == 404
        late = make_token(
            system.keyring, Purpose.DIGEST, digest, until - timedelta(days=2), email_index=index
        )
        over = await client.get(f"/digest/{late}")
        assert (over.status_code, "Links to your own page work for 30 days" in over.text) == (410, True)


@pytest.mark.slow
async def test_each_study_of_the_whole_digest_has_a_link_to_stop(
    system: System, client: httpx.AsyncClient
) -> None:
    async with open_world(system) as world:
        for number, status in ((TRIAL, "RECRUITING"), (OTHER, "TERMINATED")):
            await world.hold(before := snapshot(nct_id=number))
            await world.follow(ALICE, f"trial:{number}")
            await world.change(before, status=status)
        await world.send_all()
        until, index = datetime.now(UTC) + timedelta(days=1), system.addresses.of(ALICE)
        async with system.reading() as connection:
            digest = (await connection.execute(select(t.digest.c.id))).scalar_one()
        token = make_token(system.keyring, Purpose.DIGEST, digest, until, email_index=index)
        page = (await client.get(f"/digest/{token}")).text
        text = world.mails(ALICE)[0].get_body(("plain",)).get_content()
        for number in (TRIAL, OTHER):
            words = f"Stop following this study ({number})"
            (path,) = re.findall(rf'<a href="([^"]+)">{re.escape(words)}</a>', page)
            assert path in text
            offered = re.findall(r'name="topic" value="([^"]+)"', (await client.get(path)).text)
            assert offered == [f"trial:{number}"]
