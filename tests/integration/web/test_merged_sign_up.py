"""A sign-up for a study that was merged into another one follows the latter: form, mail, page say so."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import event, removed, upserted
from tests.events import merged as merger
from tests.integration.web.inbox import Inbox, link_in, open_inbox
from tests.integration.web.preferring import form_in
from tests.integration.web.signing_up import ALICE, publish_terms, sign_up, work
from tests.integration.workers.ingested import received
from tests.integration.workers.world import text_of

pytestmark = pytest.mark.slow

OLD, MIDDLE, NEW = "NCT00000001", "NCT00000002", "NCT00000003"


NOTE = f"Study {OLD} is now registered as {NEW}: updates come under that number."
GERMAN = f"Die Studie {OLD} wird jetzt als {NEW} geführt: Neuigkeiten kommen unter dieser Nummer."


@pytest.fixture
async def inbox(system: System) -> AsyncIterator[Inbox]:
    async with open_inbox(system) as opened:
        yield opened


def words(text: str) -> str:
    """The words of a page or mail, in one line."""
    return " ".join(unescape(text).split())


@pytest.fixture
async def merged(system: System) -> None:
    await publish_terms(system.database)
    for nct_id in (OLD, MIDDLE, NEW):
        await received(system, upserted(nct_id, 1, title=f"Cells {nct_id[-1]}"))
    await received(system, merger(OLD, 2, MIDDLE), merger(MIDDLE, 2, NEW))


async def followed(system: System) -> list[str]:
    async with reading(system.database) as connection:
        of_topic = select(t.topic.c.key).join(t.subscription, t.subscription.c.topic_id == t.topic.c.id)
        return sorted((await connection.execute(of_topic)).scalars())


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize("as_form", [True, False])
async def test_a_sign_up_for_a_merged_study_is_one_for_the_study_that_goes_on(
    client: httpx.AsyncClient, system: System, as_form: bool
) -> None:
    topics = [f"trial:{OLD}", f"trial:{NEW}", f"trial:{MIDDLE}"]
    sent = sign_up(topic=topics)
    fields = {name: "on" if value is True else value for name, value in sent.items()}
    answer = await client.post("/v1/subscriptions", **({"data": fields} if as_form else {"json": sent}))
    assert answer.status_code in (202, 303)
    await work(system)
    assert await followed(system) == [f"trial:{NEW}"]


@pytest.mark.usefixtures("merged")
async def test_the_form_names_the_present_number_of_the_study(client: httpx.AsyncClient) -> None:
    page = (await client.get("/subscribe", params={"topic": f"trial:{OLD}"})).text
    assert f'value="trial:{OLD}"' in page, "so that the mail can say it too"
    assert f"Cells 3 ({NEW})" in page
    assert f"study; {OLD} is now listed under this number" in page
    german = (await client.get("/subscribe", params={"topic": f"trial:{OLD}", "lang": "de"})).text
    assert f"{OLD} wird jetzt unter dieser Nummer geführt" in german
    form = (await client.get("/v1/form", params={"topic": f"trial:{OLD}"})).json()
    assert form["topics"] == [
        {
            "key": f"trial:{OLD}",
            "name": f"Cells 3 ({NEW})",
            "kind": "trial",
            "note": f"study; {OLD} is now listed under this number",
        }
    ]


@pytest.mark.usefixtures("merged")
async def test_a_study_that_was_removed_after_a_merger_keeps_its_number(
    client: httpx.AsyncClient, system: System
) -> None:
    await received(system, event("trial.removed", NEW, {"nct_id": NEW, "revision": 2}))
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{OLD}"]))
    await work(system)
    assert await followed(system) == [f"trial:{OLD}"]


async def test_an_older_number_of_a_merged_study_is_one_of_the_study_that_goes_on(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await publish_terms(system.database)
    await received(system, upserted(MIDDLE, 1, aliases=[OLD]), upserted(NEW, 1), merger(MIDDLE, 2, NEW))
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{OLD}"]))
    page = await client.get(link_in(await inbox.one(), "confirm"))
    assert await followed(system) == [f"trial:{NEW}"]
    assert NOTE in words(page.text)
    form = await client.get("/subscribe", params={"topic": f"trial:{OLD}"})
    assert f"{OLD} is now listed under this number" in words(form.text)


async def test_an_older_number_of_a_study_that_was_removed_is_named_as_such(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await received(system, upserted(MIDDLE, 1, aliases=[OLD]), removed(MIDDLE, 2))
    await received(system, upserted(NEW, 1, aliases=["NCT00000009"]), removed("NCT00000009", 1))
    for number, is_removed in ((OLD, True), ("NCT00000009", False)):
        form = await client.get("/subscribe", params={"topic": f"trial:{number}"})
        assert ("there may be no updates" in words(form.text)) is is_removed, number


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize(("locale", "note"), [("en", NOTE), ("de", GERMAN)])
async def test_the_mail_and_the_confirmation_page_name_the_present_number_of_the_study(
    client: httpx.AsyncClient, inbox: Inbox, locale: str, note: str
) -> None:
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{OLD}"], locale=locale))
    mail = await inbox.one()
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert note in words(part.get_content())
    link = link_in(mail, "confirm")
    page = (await client.get(link)).text
    assert note in words(page)
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    done = (await client.post(link, data={"shown": shown})).text
    assert note in words(done)


@pytest.mark.usefixtures("merged")
async def test_a_sign_up_for_the_study_that_goes_on_mentions_no_other_number(
    client: httpx.AsyncClient, inbox: Inbox
) -> None:
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{NEW}"]))
    mail = await inbox.one()
    assert "registered as" not in text_of(mail)
    assert "registered as" not in (await client.get(link_in(mail, "confirm"))).text


@pytest.mark.usefixtures("merged")
async def test_a_follower_of_the_study_learns_that_it_is_the_requested_one(
    client: httpx.AsyncClient, inbox: Inbox
) -> None:
    await inbox.world.follow(ALICE, f"trial:{NEW}", frequency="weekly")
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{MIDDLE}"]))
    mail = await inbox.one()
    assert "You are already signed up" in text_of(mail)
    assert NOTE.replace(OLD, MIDDLE) in words(text_of(mail))


async def test_a_merger_between_sign_up_and_confirmation_is_named_by_both_numbers(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await publish_terms(system.database)
    for nct_id in (OLD, MIDDLE, NEW):
        await received(system, upserted(nct_id, 1, title=f"Cells {nct_id[-1]}"))
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{OLD}"]))
    mail = await inbox.one()
    await received(system, merger(OLD, 2, MIDDLE))
    await received(system, merger(MIDDLE, 2, NEW))
    assert NOTE in words((await client.get(link_in(mail, "confirm"))).text)


async def test_a_removed_study_is_named_as_such_when_it_is_confirmed_and_in_the_preferences(
    client: httpx.AsyncClient, system: System, inbox: Inbox
) -> None:
    await publish_terms(system.database)
    await received(system, upserted(OLD, 1), upserted(NEW, 1), removed(OLD, 2))
    await client.post("/v1/subscriptions", json=sign_up(topic=[f"trial:{OLD}", f"trial:{NEW}"]))
    link = link_in(await inbox.one(), "confirm")
    asked = (await client.get(link)).text
    note = "is no longer listed on the website, so there may be no updates about it."
    assert re.findall(f"(NCT\\d+) {note}", words(asked)) == [OLD]
    done = (await client.post(link, data=form_in(asked, link.partition("/confirm")[2]))).text
    assert re.findall(f"(NCT\\d+) {note}", words(done)) == [OLD]
    (preferences,) = re.findall(r'href="([^"]*/preferences/[^"]+)"', done)
    assert words((await client.get(preferences)).text).count("no longer listed") == 1
    await received(system, upserted(OLD, 3))
    assert "no longer listed" not in (await client.get(preferences)).text
    assert "no longer listed" not in (await client.get(link)).text


async def test_a_form_for_a_study_that_was_removed_says_that_there_may_be_no_updates(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await received(system, upserted(OLD, 1), upserted(NEW, 1), removed(OLD, 2))
    note = "it is no longer listed on the website, so there may be no updates"
    page = words((await client.get(f"/subscribe?topic=trial:{OLD}&topic=trial:{NEW}")).text)
    assert page.count(note) == 1
    given = (await client.get(f"/v1/form?topic=trial:{OLD}&topic=trial:{NEW}&lang=de")).json()["topics"]
    assert ["Neuigkeiten" in topic.get("note", "") for topic in given] == [True, False]
    await received(system, upserted(OLD, 3))
    assert note not in words((await client.get(f"/subscribe?topic=trial:{OLD}")).text)
