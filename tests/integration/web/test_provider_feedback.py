"""Webhooks of mail providers: their authentication, and the effect of each event on the reader."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from service.configuration.settings import Settings, read
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from service.web.api import provider_feedback
from tests.integration.web.forged_reports import FORGED, GONE
from tests.integration.web.provider_cases import CASES
from tests.integration.web.provider_payloads import (
    BASIC,
    CERTIFICATE_URL,
    KEY,
    SETTINGS,
    Signed,
    certificate,
    ses_bounce,
    ses_mail,
    sns,
)
from tests.integration.web.test_feedback import token

__all__ = ["token"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the answers do not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def settings(request: pytest.FixtureRequest, environ: dict[str, str]) -> Settings:
    """Every provider is set up, but where a test says `bare`."""
    return read(environ | ({} if "bare" in request.fixturenames else SETTINGS))


@pytest.fixture(autouse=True)
def amazon(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Amazon's answers by URL, and a list of the requested URLs: it can't be run here."""
    answers = {CERTIFICATE_URL: certificate()}
    asked = answers.setdefault("asked", b"")

    async def fetch(url: str) -> bytes:
        answers["asked"] = answers.get("asked", asked) + url.encode() + b"\n"
        return answers[url]

    monkeypatch.setattr(provider_feedback, "fetch", fetch)
    monkeypatch.setattr(provider_feedback, "_certificates", {})
    return answers


async def reported(client: httpx.AsyncClient, provider: str, signed: Signed) -> httpx.Response:
    headers, body = signed
    return await client.post(f"/v1/feedback/{provider}", content=body, headers=headers)


async def state(system: System) -> tuple[list[str], str]:
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
        followed = (await connection.execute(select(t.subscription.c.state))).scalar_one()
    return list(reasons), followed


@pytest.fixture
async def mail(system: System, token: str) -> str:
    """The return address of a mail with a Message-ID."""
    async with writing(system.database) as connection:
        await connection.execute(t.delivery.update().values(message_key=KEY))
    return token


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_each_report_of_a_provider_has_its_effect_once(
    client: httpx.AsyncClient,
    system: System,
    mail: str,
    case: tuple[str, Callable[[str], Signed], list[str], str],
) -> None:
    provider, made, reasons, followed = case
    for _ in range(2):  # it may be repeated
        answer = await reported(client, provider, made(mail))
        assert (answer.status_code, answer.json()) == (200, {"status": "taken"})
        assert await state(system) == (reasons, followed)


async def test_an_automatic_reply_that_ses_reports_as_a_bounce_is_none(
    client: httpx.AsyncClient, system: System, mail: str
) -> None:
    """“Out of the office” comes as a bounce without a delivery status: the mail itself arrived."""
    event = ses_bounce(ses_mail(mail), "Transient", "", "")
    event["bounce"]["bouncedRecipients"] = [{"emailAddress": "x@example.net"}]
    assert (await reported(client, "ses", sns(event))).status_code == 200
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.delivery.c.state))).scalars().all() == ["sent"]
        assert (await connection.execute(select(t.bounce_count))).all() == []


@pytest.mark.parametrize("case", FORGED.values(), ids=FORGED)
async def test_a_forged_report_is_refused(
    client: httpx.AsyncClient, system: System, mail: str, case: tuple[str, Callable[[], Signed]]
) -> None:
    answer = await reported(client, case[0], case[1]())
    assert answer.status_code == 401
    scheme = "Basic" if case[0] in ("postmark", "brevo") else "Signature"
    assert answer.headers["www-authenticate"] == f'{scheme} realm="feedback"'
    assert await state(system) == ([], "active")


async def test_an_expired_certificate_signs_nothing(
    client: httpx.AsyncClient, amazon: dict[str, bytes]
) -> None:
    amazon[CERTIFICATE_URL] = certificate(days=-1)
    assert (await reported(client, "ses", sns(GONE))).status_code == 401


async def test_our_own_sns_topic_is_confirmed(client: httpx.AsyncClient, amazon: dict[str, bytes]) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
    amazon[url] = b"<ConfirmSubscriptionResponse/>"
    asked = {"Type": "SubscriptionConfirmation", "Token": "abc", "SubscribeURL": url}
    assert (await reported(client, "ses", sns({}, **asked))).status_code == 200
    assert amazon["asked"].decode().splitlines() == [CERTIFICATE_URL, url]
    asked["SubscribeURL"] = "https://evil.example/"
    assert (await reported(client, "ses", sns({}, **asked))).status_code == 401


async def test_a_bearer_token_is_accepted(client: httpx.AsyncClient) -> None:
    assert (await reported(client, "brevo", ({"authorization": f"Bearer {BASIC}"}, b"{}"))).status_code == 200


@pytest.mark.parametrize("provider", ["ses", "postmark", "sendgrid", "mailgun", "brevo", "pigeon"])
@pytest.mark.parametrize("bare", [True])
async def test_reports_of_a_provider_without_settings_are_refused(
    client: httpx.AsyncClient, provider: str, bare: bool
) -> None:
    answer = await reported(client, provider, ({}, b"{}"))
    assert answer.status_code == (404 if provider == "pigeon" else 401)
    assert "ALERTS_" in answer.json()["detail"] or provider == "pigeon"
