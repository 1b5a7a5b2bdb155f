"""Events refused for their signature or time are seen in each place where an operator looks."""

import re

import httpx
import pytest
from structlog.testing import capture_logs

from service.actions.import_conditions import import_conditions
from service.cli.doctor import installation
from service.configuration.settings import Settings
from service.store.admin import daily
from service.store.admin.daily import DailyName
from service.system import System
from service.web.admin.stats import read_stats
from tests.e2e.journey.processes import PATIENCE, run_command, serve
from tests.events import post, upserted
from tests.integration.web.asking_why import OPERATOR
from tests.integration.web.operating import sign_in
from tests.integration.workers.world import TRIAL

SIGNATURE = {"webhook-signature": f"v1,{'A' * 43}="}
HEXADECIMAL = {"webhook-signature": f"v1,{'ab' * 32}"}
TIME = {"webhook-timestamp": "1700000000"}
MILLISECONDS = {"webhook-timestamp": "1700000000000"}


@pytest.mark.parametrize(
    ("wrong", "reason", "why", "do"),
    [
        (SIGNATURE, "signature", "signature does not match", "give it a secret of ALERTS_WEBHOOK_SECRETS."),
        (
            HEXADECIMAL,
            "signature",
            "signature does not match",
            "give it a secret of ALERTS_WEBHOOK_SECRETS.",
        ),
        (
            TIME,
            "time",
            "time is more than five minutes off",
            "set its clock, or the database’s (NTP).",
        ),
        (
            MILLISECONDS,
            "time",
            "time is more than five minutes off",
            "set its clock, or the database’s (NTP).",
        ),
    ],
)
async def test_a_wrong_secret_or_clock_of_the_ingestor_is_seen_until_an_event_is_accepted(
    wrong: dict[str, str], reason: str, why: str, do: str, client: httpx.AsyncClient, settings: Settings
) -> None:
    await sign_in(client)
    with capture_logs() as logged:
        for number in range(3):
            answer = await post(client, upserted(TRIAL, number), **wrong)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'StandardWebhooks realm="events"'
    lines = [line for line in logged if line["event"] == "events_refused"]
    assert [(line["network"], line["reason"]) for line in lines] == [("127.0.0.0/24", reason)]
    expected = re.compile(rf"refused: their {why}; the last came at \d\d:\d\d UTC from 127.0.0.0/24")
    page = (await client.get("/admin")).text
    assert expected.search(page)
    assert do in page
    assert f'trial_alerts_events_refused_total{{reason="{reason}"}}' in (await client.get("/metrics")).text
    doctor = await installation.events(settings)
    assert (doctor.ok, doctor.warning) == (True, True)
    assert expected.fullmatch(doctor.text)
    assert doctor.advice.endswith(do)

    assert (await post(client, upserted(TRIAL, 9))).status_code == 202
    assert "Others have been accepted since." in (await client.get("/admin")).text
    assert not (await installation.events(settings)).warning


async def test_an_imported_hierarchy_is_not_taken_for_events_of_the_ingestor(
    client: httpx.AsyncClient, settings: Settings, system: System
) -> None:
    """With it, an installation whose ingestor never sent anything was told that events are accepted."""
    await sign_in(client)
    assert (await post(client, upserted(TRIAL, 1), **SIGNATURE)).status_code == 401
    term = {"id": "MONDO:0005059", "name": "leukemia", "parents": []}
    await import_conditions(system, OPERATOR, lambda: [term], system.now(), lambda _: None)
    assert (await installation.events(settings)).text.startswith("refused: their signature does not match")
    page = (await client.get("/admin")).text
    assert "none yet" in page
    assert "Others have been accepted since." not in page
    stats = await read_stats(system)
    assert stats.events == {}
    async with system.reading() as connection:
        counted = await daily.count_traffic(connection, system.now().date())
    assert counted[DailyName.EVENTS] == 0


async def test_readiness_does_not_depend_on_requests_of_strangers(client: httpx.AsyncClient) -> None:
    before = (await client.get("/health/ready")).json()
    assert (await post(client, upserted(TRIAL, 1), **SIGNATURE)).status_code == 401
    after = (await client.get("/health/ready")).json()
    assert after == before
    assert "events" not in after["checks"]


async def test_unsigned_events_raise_no_alarm(client: httpx.AsyncClient, system: System) -> None:
    before = counted((await client.get("/metrics")).text, "unsigned")
    assert (await client.post("/v1/events", content=b"{}")).status_code == 401
    assert counted((await client.get("/metrics")).text, "unsigned") == before + 1
    await sign_in(client)
    assert "Events are refused" not in (await client.get("/admin")).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_each_process_of_a_host_reports_the_same(environ: dict[str, str]) -> None:
    with serve(environ, "--processes", "2") as (_, port):
        asking = f"http://127.0.0.1:{port}"
        headers = {"webhook-id": "m1", "content-type": "application/cloudevents+json"} | SIGNATURE | TIME
        for _ in range(12):
            answer = httpx.post(
                f"{asking}/v1/events", content=b"{}", headers=headers, timeout=PATIENCE, trust_env=False
            )
            assert answer.status_code == 401
        for _ in range(12):
            figures = httpx.get(f"{asking}/metrics", timeout=PATIENCE, trust_env=False).text
            assert counted(figures, "time") == 12.0
        for _ in range(10):  # a busy machine may not answer a check in time
            doctor = run_command("doctor", **environ).stdout
            if "events: no answer" not in doctor:
                break
    assert "\nwarn  events: refused: their time is more than five minutes off; the last came at " in doctor


def counted(figures: str, reason: str) -> float:
    """How many requests with events were refused for a reason."""
    found = re.search(
        rf'^trial_alerts_events_refused_total{{reason="{reason}"}} (\S+)$', figures, re.MULTILINE
    )
    assert found
    return float(found[1])
