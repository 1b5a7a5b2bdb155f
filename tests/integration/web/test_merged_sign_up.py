"""Who asks for a study that was merged into another one follows that, and reads so."""

import httpx
import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.database import reading
from service.system import System
from tests.events import event, upserted
from tests.events import merged as merger
from tests.integration.web.signing_up import publish_terms, sign_up, work
from tests.integration.workers.taken_in import received

OLD, MIDDLE, NEW = "NCT00000001", "NCT00000002", "NCT00000003"


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
async def test_the_form_says_under_which_number_the_study_is_now(client: httpx.AsyncClient) -> None:
    page = (await client.get("/subscribe", params={"topic": f"trial:{OLD}"})).text
    assert f'value="trial:{NEW}"' in page
    assert f"Cells 3 ({NEW})" in page
    assert f"study; {OLD} is now listed under this number" in page
    german = (await client.get("/subscribe", params={"topic": f"trial:{OLD}", "lang": "de"})).text
    assert f"{OLD} wird jetzt unter dieser Nummer geführt" in german
    form = (await client.get("/v1/form", params={"topic": f"trial:{OLD}"})).json()
    assert form["topics"] == [
        {
            "key": f"trial:{NEW}",
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
