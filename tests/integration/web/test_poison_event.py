"""A poison event in a full batch: the others are reported, and an operator finds, replays or discards it."""

import json
import re

import httpx
import pytest
from sqlalchemy import select, text, update

from service.digests.planner import plan_now
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.events import post, upserted
from tests.integration.web.operating import BEARER, csrf, sign_in
from tests.integration.workers.world import open_world
from workers.deliver.deliver import deliver
from workers.ingest import events, reading
from workers.ingest.events import ingest_events

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

#: Events per transaction, so that few are enough for two.
BATCH = 50

TRIALS = [f"NCT{number:08}" for number in range(1, 2 * BATCH + 1)]
POISON, CORRUPT, BEFORE, AFTER = TRIALS[BATCH - 1], TRIALS[BATCH + 20], TRIALS[BATCH - 2], TRIALS[-1]

#: The database refuses the poison trial, as a fault of the program would that a later version mends.
REFUSE = {
    "sqlite": (
        f"CREATE TRIGGER poison BEFORE UPDATE ON trial WHEN NEW.nct_id = '{POISON}'"
        " BEGIN SELECT RAISE(ABORT, 'poison'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'P0001'; END $$",
        f"CREATE TRIGGER poison BEFORE UPDATE ON trial FOR EACH ROW WHEN (NEW.nct_id = '{POISON}')"
        " EXECUTE FUNCTION poison()",
    ),
}
MEND = {"sqlite": ("DROP TRIGGER poison",), "postgresql": ("DROP TRIGGER poison ON trial",)}


async def run(system: System, statements: dict[str, tuple[str, ...]]) -> None:
    async with writing(system.database) as connection:
        for statement in statements[system.database.dialect.name]:
            await connection.execute(text(statement))


async def ingest_all(system: System) -> None:
    """Runs as often as a busy machine needs: a run ends after some seconds."""
    while await ingest_events(system):
        pass


async def states(system: System) -> dict[str, tuple[str, str | None]]:
    """State and reason of each trial's second event."""
    async with system.reading() as connection:
        c = t.event.c
        rows = await connection.execute(select(c.subject, c.state, c.reason).where(c.revision == 2))
        return {subject: (state, reason) for subject, state, reason in rows}


async def corrupt(system: System, nct_id: str) -> int:
    """Stores an event as an earlier version accepted it and this one does not. Returns its number."""
    body = upserted(nct_id, 2)
    del body["data"]["title"]
    changed = (t.event.c.subject == nct_id) & (t.event.c.revision == 2)
    async with writing(system.database) as connection:
        await connection.execute(update(t.event).where(changed).values(body=json.dumps(body)))
        return int((await connection.execute(select(t.event.c.id).where(changed))).scalar_one())


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (events, reading):
        monkeypatch.setattr(module, "BATCH", BATCH)


async def test_one_poison_event_in_a_batch_is_found_and_replayed_or_discarded(
    client: httpx.AsyncClient, system: System
) -> None:
    async with open_world(system) as world:
        answer = await post(client, *(upserted(nct_id, 1, status="NOT_YET_RECRUITING") for nct_id in TRIALS))
        assert answer.json()["accepted"] == len(TRIALS)
        await ingest_all(system)
        for trial in (POISON, BEFORE, AFTER):
            await world.follow(f"{trial.lower()}@example.org", f"trial:{trial}")
        await run(system, REFUSE)
        answer = await post(client, *(upserted(nct_id, 2, status="RECRUITING") for nct_id in TRIALS))
        assert answer.json()["accepted"] == len(TRIALS)
        unreadable = await corrupt(system, CORRUPT)
        await ingest_all(system)
        found = await states(system)
        assert {trial: state for trial, (state, _) in found.items() if state != "processed"} == {
            POISON: "dead",
            CORRUPT: "dead",
        }
        assert found[CORRUPT][1] == "InvalidSnapshot: title"
        await plan_now(system)
        await deliver(world.mailer)
        assert sorted(mail.rcpt_to[:11] for mail in world.smtp.mails) == [BEFORE.lower(), AFTER.lower()]

        await sign_in(client)
        assert "2 events could not be processed." in (await client.get("/admin")).text
        listed = (await client.get("/admin/events?state=dead")).text
        assert POISON in listed
        assert "InvalidSnapshot: title" in listed
        number = re.search(rf"event=(\d+)\">\d+</a>(?:(?!</tr>).)*{POISON}", listed, re.DOTALL)
        assert number
        await run(system, MEND)  # the program is updated
        answer = await client.post(f"/admin/events/{number[1]}/replay", data=await csrf(client))
        assert answer.status_code == 303
        discarded = await client.post(f"/admin/events/{unreadable}/discard", data=await csrf(client))
        assert discarded.status_code == 303
        assert "The event is set aside" in (await client.get(discarded.headers["location"])).text
        await ingest_all(system)
        assert (await states(system))[POISON][0] == "processed"
        await plan_now(system)
        await deliver(world.mailer)
        assert len(world.smtp.mails) == 3, "each once, the late one too"
    assert " dead." not in (await client.get("/admin")).text
    why = (await client.get(f"/v1/admin/why?event={unreadable}", headers=BEARER)).json()
    assert why["answer"] == "An operator discarded it: it is not processed. Nobody is notified."
    again = await client.post(f"/v1/admin/events/{unreadable}/discard", headers=BEARER)
    assert again.json() == {"changed": 0}
    assert (await client.post("/v1/admin/events/999999/discard", headers=BEARER)).status_code == 404
