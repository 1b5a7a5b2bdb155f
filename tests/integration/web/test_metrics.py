"""Metrics report the state of the service, and nothing about anybody."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select, update

from service.configuration.settings import Settings
from service.crypto.link_tokens import Purpose, make_token
from service.domain.delivery.kinds import MailKind
from service.domain.delivery.quota import Quota
from service.redis.job_queue import Job
from service.store.mail import deliveries, sent_counts
from service.store.sql import tables as t
from service.store.sql.database import writing
from service.system import System
from tests.alarms import firing
from tests.conftest import client_of
from tests.e2e.journey.processes import PATIENCE, eventually, serve
from tests.events import post as post_events
from tests.events import upserted
from tests.integration.web.operating import ALICE, BEARER, BOB, add_event, held_run, report_worker, sign_in
from tests.integration.web.signing_up import post as sign_up
from tests.integration.web.signing_up import publish_terms
from tests.integration.workers.world import open_world
from tests.keys import first_id
from workers.deliver.deliver import deliver

MONITORING = Path(__file__).parents[3] / "docs" / "monitoring.md"

#: Every label a metric may carry; each has few values, none of them a person's.
LABELS = {
    "method", "route", "status", "le", "queue", "state",
    "outcome", "reason", "frequency", "dependency", "domain", "of", "quantile",
}  # fmt: skip


async def scrape(client: httpx.AsyncClient) -> dict[str, float]:
    """Every sample by its name and labels."""
    client_app = client._transport.app  # type: ignore[attr-defined]
    client_app.state.pop("metrics", None)
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        sample.name
        + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.slow
async def test_queues_runs_and_mails_are_read_from_the_database(
    client: httpx.AsyncClient, system: System
) -> None:
    await add_event(system, 1, "received")
    await add_event(system, 2, "dead")
    async with open_world(system) as world:
        number = await held_run(world, ALICE, BOB)
        held = await scrape(client)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
    async with writing(system.database) as connection:
        await connection.execute(
            update(t.delivery)
            .where(t.delivery.c.id == select(func.min(t.delivery.c.id)).scalar_subquery())
            .values(state="bounced", outcome="hard_bounce")
        )
    sent = await scrape(client)
    assert held["trial_alerts_queue_depth queue=held"] == 2
    assert held["trial_alerts_runs state=held"] == 1
    assert held["trial_alerts_queue_depth queue=events"] == 1
    assert held["trial_alerts_queue_oldest_seconds queue=events"] >= 300
    assert held["trial_alerts_events_in_trouble state=dead"] == 1
    assert held["trial_alerts_log_head_seq"] == 1
    assert held["trial_alerts_dependency_up dependency=database"] == 1
    assert sent["trial_alerts_queue_depth queue=held"] == 0
    assert sent["trial_alerts_deliveries_last_hour outcome=sent state=sent"] == 1
    assert sent["trial_alerts_deliveries_last_hour outcome=hard_bounce state=bounced"] == 1
    assert sent["trial_alerts_bounce_ratio"] == 0.5
    assert sent["trial_alerts_run_digests frequency=immediate"] == 2
    assert 0 <= sent["trial_alerts_delivery_seconds quantile=0.99"] < 60


async def test_a_process_counts_accepted_events_and_sign_ups(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    before = await scrape(client)
    await post_events(client, upserted("NCT00000001", 1), upserted("NCT00000002", 1))
    await sign_up(client)
    await sign_up(client, email="no address")
    after = await scrape(client)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown["trial_alerts_events_accepted_total"] == 2
    assert grown["trial_alerts_sign_ups_accepted_total"] == 1
    route = "method=POST route=/v1/subscriptions"
    assert grown[f"trial_alerts_http_requests_total {route} status=202"] == 1
    assert grown[f"trial_alerts_http_requests_total {route} status=422"] == 1
    assert grown[f"trial_alerts_http_request_seconds_count {route}"] == 2


async def test_every_metric_is_documented_and_no_other(client: httpx.AsyncClient, system: System) -> None:
    await scrape(client)
    families = text_string_to_metric_families((await client.get("/metrics")).text)
    served = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    documented = re.findall(r"^\| `(trial_alerts_\w+)`", MONITORING.read_text(encoding="utf-8"), re.MULTILINE)
    assert served == set(documented)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.slow
def test_processes_of_one_host_are_added_up(environ: dict[str, str]) -> None:
    with serve(environ, "--processes", "2") as (_, port):

        def ask(path: str) -> str:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE, trust_env=False).text

        for _ in range(20):
            assert ask("/v1/admin/stats")
        # A request is counted once it is answered: the last one perhaps a moment after its answer.
        eventually(lambda: counted(ask("/metrics")) == 20.0, what="the last request in the figures")
        reported = {counted(ask("/metrics")) for _ in range(10)}
    assert reported == {20.0}


def counted(text: str) -> float:
    """How many requests to the figures were refused, according to a scrape."""
    found = re.search(r'http_requests_total{method="GET",route="/v1/admin/stats",status="401"} (\S+)', text)
    return float(found[1]) if found else 0.0


@pytest.mark.slow
async def test_a_running_worker_is_reported_with_its_obstacles_to_sending(
    client: httpx.AsyncClient, system: System
) -> None:
    assert (await scrape(client))["trial_alerts_worker_up"] == 0
    soon = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    await report_worker(system, failing=[{"reason": "login"}], paused={"gmail.com": soon})
    await system.notifier.notify_now(Job.SWEEP, times=3)
    seen = await scrape(client)
    assert (seen["trial_alerts_worker_up"], seen["trial_alerts_jobs_queued"]) == (1, 3)
    assert seen["trial_alerts_mail_servers_failing reason=login"] == 1
    assert 500 < seen["trial_alerts_domain_paused_seconds domain=gmail.com"] <= 600


@pytest.mark.parametrize(
    ("quota", "late"),
    [
        (Quota(0, 0), True),
        (Quota(20, 0), False),  # two are left for mails that people wait for
        (Quota(18, 0), True),  # none is
        (Quota(30, 0), True),  # something else keeps the digest back
    ],
)
async def test_digests_that_the_quota_alone_makes_wait_are_no_alarm_of_late_mail(
    settings: Settings, system: System, quota: Quota, late: bool
) -> None:
    now = datetime.now(UTC)
    async with open_world(system) as world:
        person = await world.follow(ALICE, "trial:NCT00000009")
    async with writing(system.database) as connection:
        due = now - timedelta(minutes=25)
        await deliveries.queue(connection, person, MailKind.DIGEST, now=now, due_at=due)
        await sent_counts.add(connection, quota, 18, now)
    async with client_of(settings.model_copy(update={"smtp_quota": quota})) as client:
        alarms = firing((await client.get("/metrics")).text)
    assert ("MailWaits" in alarms) == late
    assert ("QuotaUsedUp" in alarms) == (quota.hour in (18, 20))


async def test_redis_away_costs_its_own_figures_alone(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with client_of(away) as client:
        seen = await scrape(client)
    assert seen["trial_alerts_dependency_up dependency=redis"] == 0
    assert seen["trial_alerts_dependency_up dependency=database"] == 1
    assert seen["trial_alerts_queue_depth queue=events"] == 0
    assert "trial_alerts_jobs_queued" not in seen


@pytest.mark.slow
async def test_no_label_carries_an_address_a_topic_or_a_token(
    client: httpx.AsyncClient, system: System
) -> None:
    canaries = [
        "sparrow@example.org",
        "sparrow",
        "NCT04787263",
        "MONDO:0005059",
        "leukemia",
        ALICE,
        "test-admin",
    ]
    await publish_terms(system.database)
    await sign_up(client, email="sparrow@example.org")
    await post_events(client, upserted("NCT04787263", 1))
    async with open_world(system) as world:
        number = await held_run(world, "sparrow@example.org", ALICE)
        await client.post(f"/v1/admin/runs/{number}/release", headers=BEARER)
        await deliver(world.mailer)
    soon, index = datetime.now(UTC) + timedelta(hours=1), system.addresses.of("sparrow@example.org")
    token = make_token(system.keyring, Purpose.CONFIRM, first_id(index), soon, email_index=index)
    canaries.append(token)
    await sign_in(client)
    for path in (
        f"/confirm/{token}",
        f"/unsubscribe/{token}",
        f"/decline/{token}",
        f"/{token}",
        "/subscribe?topic=trial:NCT04787263",
        "/sparrow",
    ):
        await client.get(path)
        await client.request("SPARROW", path)
    await client.post("/v1/admin/deliveries/search", json={"email": "sparrow@example.org"}, headers=BEARER)
    await client.post("/v1/admin/suppressions", json={"email": "sparrow@example.org"}, headers=BEARER)
    await scrape(client)
    text = (await client.get("/metrics")).text
    assert "/confirm/{token}" in text
    for canary in canaries:
        assert canary not in text
    assert set(re.findall(r'[{,]([a-z_]+)="', text)) <= LABELS
