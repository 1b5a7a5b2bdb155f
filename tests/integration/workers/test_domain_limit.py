"""Mail to strangers of one domain: so much an hour, the rest later, never dropped; operators are warned."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from service.actions import requested_mail
from service.configuration import settings as settings_module
from service.domain.mailbox_buckets import is_large_provider
from service.store.sql import tables as t
from service.system import System, open_system
from tests.conftest import client_of
from tests.integration.web.signing_up import publish_terms, rows, sign_up
from workers.visitor_requests import process_requests

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_bucket")]

LIMIT = 10
SOLVING_EVERY_CHALLENGE_WOULD_TAKE = {"ALERTS_CHALLENGE": "off", "ALERTS_TRUSTED_PROXIES": "127.0.0.0/8"}


async def ask(environ: dict[str, str], addresses: list[str], *, limit: int = LIMIT) -> list[datetime]:
    """Sign-ups from as many networks; the moments at which their mails are due, in the order of sign-ups."""
    settings = settings_module.read(
        environ | SOLVING_EVERY_CHALLENGE_WOULD_TAKE | {"ALERTS_SIGNUP_LIMIT": str(limit)}
    )
    async with client_of(settings) as client, open_system(settings) as system:
        await publish_terms(system.database)
        for number, address in enumerate(addresses):
            headers = {"x-forwarded-for": f"192.{number // 250}.{number % 250}.1"}
            answer = await client.post("/v1/subscriptions", json=sign_up(email=address), headers=headers)
            assert answer.status_code == 202
        await process_requests(system)
        return [row.due_at for row in await rows(system.database, t.delivery)]


async def test_mails_to_strangers_of_one_domain_are_limited_per_hour(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requested_mail, "_quiet_until", {})
    with time_machine.travel(datetime.now(UTC), tick=False):
        now = datetime.now(UTC)
        due = await ask(environ, [f"person{n}@hospital.example.org" for n in range(3 * LIMIT)])
    assert len(due) == 3 * LIMIT
    for hours in range(3):
        within = [moment for moment in due if moment <= now + timedelta(hours=hours)]
        assert len(within) == LIMIT * (hours + 1)
    logged = "".join(capsys.readouterr())
    assert logged.count("domain_over_limit") == 1
    assert "hospital" not in logged


async def test_each_domain_has_a_limit_of_its_own_and_spellings_share_it(environ: dict[str, str]) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        now = datetime.now(UTC)
        full = [f"person{n}@Hospital.Example.ORG" for n in range(LIMIT)]
        due = await ask(environ, [*full, "a@hospital.example.org", "b@clinic.example.org"])
    assert due[LIMIT] > now
    assert due[LIMIT + 1] == now


async def test_a_large_provider_is_not_a_domain_under_attack(environ: dict[str, str]) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        now = datetime.now(UTC)
        addresses = [f"person{n}@{'gmail' if n % 2 else 'googlemail'}.com" for n in range(5 * LIMIT)]
        assert set(await ask(environ, addresses, limit=LIMIT)) == {now}


async def test_a_domain_gets_mail_at_once_again_after_an_hour(
    environ: dict[str, str], system: System
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        await ask(environ, [f"person{n}@hospital.example.org" for n in range(LIMIT)])
        clock.shift(timedelta(hours=1))
        assert (await ask(environ, ["late@hospital.example.org"]))[-1] == datetime.now(UTC)


async def test_the_mails_that_wait_are_in_the_figures(
    environ: dict[str, str], client: httpx.AsyncClient
) -> None:
    await ask(environ, [f"person{n}@hospital.example.org" for n in range(LIMIT + 4)])
    assert "trial_alerts_mails_delayed 4.0" in (await client.get("/metrics")).text


@pytest.mark.parametrize(
    "domain", ["gmail.com", "yahoo.co.uk", "hotmail.fr", "outlook.com", "live.nl", "web.de"]
)
def test_large_providers_are_known(domain: str) -> None:
    assert is_large_provider(domain)


@pytest.mark.parametrize(
    "domain", ["example.org", "yahoo.attacker.example.org", "mygmail.com", "live.example.org"]
)
def test_other_domains_are_not_large_providers(domain: str) -> None:
    assert not is_large_provider(domain)
