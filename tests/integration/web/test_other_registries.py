"""A trial of another registry, from the sign-up to the end, by the public interface."""

import re

import httpx
import pytest

from service.digests.planner import plan_now
from service.system import System
from tests.events import event, upserted
from tests.events import post as post_events
from tests.integration.web.inbox import link_in
from tests.integration.web.signing_up import ALICE, post, publish_terms, work
from tests.integration.workers.world import World, open_world, text_of
from workers.deliver.deliver import deliver
from workers.ingest.events import ingest_events

pytestmark = pytest.mark.slow

NUMBERS = ["ISRCTN12345678", "2022-501234-12-00", "CTRI/2020/01/012345", "ChiCTR2000029308"]


def study(number: str, revision: int, **fields: object) -> dict[str, object]:
    """A study of another registry, as its ingestor sends it."""
    sent = upserted(number, revision, url="https://www.example.org/trials/1", title="Cells", **fields)
    return sent | {"data": sent["data"] | {"trial_id": number, "nct_id": None}}


async def reported(world: World, client: httpx.AsyncClient, *events: dict[str, object]) -> str:
    """The events are sent, and due mail goes out: the text of the last mail."""
    if events:
        answer = await post_events(client, *events)
        assert answer.status_code == 202, answer.text
        await ingest_events(world.system)
        await plan_now(world.system)
    await deliver(world.mailer)
    return text_of(world.mails(ALICE)[-1])


async def confirmed(world: World, client: httpx.AsyncClient, topic: str) -> None:
    """Somebody signs up for a topic and confirms."""
    await publish_terms(world.system.database)
    assert (await post(client, topic=[topic])).status_code == 202
    await work(world.system)
    await reported(world, client)
    path = link_in(world.mails(ALICE)[-1], "confirm")
    shown = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', (await client.get(path)).text)
    assert (await client.post(path, data=dict(shown))).status_code == 200


@pytest.mark.parametrize("number", NUMBERS)
async def test_followers_of_the_study_are_notified_and_can_unsubscribe(
    client: httpx.AsyncClient, system: System, number: str
) -> None:
    async with open_world(system) as world:
        await confirmed(world, client, f"trial:{number.lower()}")
        await post_events(client, study(number, 1))
        await ingest_events(system)
        text = await reported(world, client, study(number, 2, status="SUSPENDED"))
        assert "The registry now says this study is paused." in text
        assert f"Registry number: {number}" in " ".join(text.split())
        found = (await client.get("/v1/topics", params={"q": number.lower()})).json()
        assert [(topic["kind"], topic["key"]) for topic in found] == [("trial", f"trial:{number.upper()}")]
        header = world.mails(ALICE)[-1]["List-Unsubscribe"]
        path = "/unsubscribe/" + header.partition("/unsubscribe/")[2].partition(">")[0]
        assert "Cells" in (await client.get(path)).text
        stopped = await client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert stopped.status_code == 200
        count = len(world.mails(ALICE))
        await reported(world, client, study(number, 3, status="RECRUITING"))
        assert len(world.mails(ALICE)) == count


async def test_a_study_is_merged_and_removed_by_its_number(client: httpx.AsyncClient, system: System) -> None:
    async with open_world(system) as world:
        await confirmed(world, client, "trial:ISRCTN12345678")
        first = study("ISRCTN12345678", 1)
        into = {"trial_id": "ISRCTN12345678", "revision": 2, "into": "drks00012345"}
        text = await reported(world, client, first, event("trial.merged", "ISRCTN12345678", into))
        assert "This study is now listed as DRKS00012345." in " ".join(text.split())
        gone = {"trial_id": "DRKS00012345", "revision": 2, "explanation": "Withdrawn."}
        await reported(world, client, study("DRKS00012345", 1))
        assert "removed" in await reported(world, client, event("trial.removed", "DRKS00012345", gone))
