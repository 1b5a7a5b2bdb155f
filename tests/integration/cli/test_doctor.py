"""`doctor` finds each fault, names the remedy, and takes less than three seconds."""

import base64
import json
import socket
from collections.abc import Mapping
from pathlib import Path

import dns.asyncresolver
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from sqlalchemy import select, text

from service.cli import doctor
from service.cli.doctor import CheckResult, checks
from service.store.sql import tables as t
from service.store.sql.database import create_database, reading
from service.system import System
from tests.dns_server import Zone, serving_dns
from tests.e2e.journey.processes import run_command
from tests.integration.web.operating import report_worker
from tests.integration.web.signing_up import publish_terms
from tests.smtp_server import On, SmtpServer
from tests.unwritable import full_for_requests, read_only
from tests.waiting import Stopwatch

pytestmark = pytest.mark.slow

DOMAIN = "mail.example.org"
GOOD: Zone = {
    (DOMAIN, "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"'],
    (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=quarantine; rua=mailto:d@example.org"'],
    (DOMAIN, "MX"): ["10 mx.example.org."],
    ("mx.example.org", "A"): ["192.0.2.1"],
}


def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def published(key: rsa.RSAPrivateKey) -> str:
    """The public key as its record has it, in strings of a TXT record."""
    octets = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    encoded = base64.b64encode(octets).decode()
    return f'"v=DKIM1; k=rsa; p={encoded[:200]}" "{encoded[200:]}"'


RSA, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
SMALL = rsa.generate_private_key(65537, 1024)
ED25519 = ed25519.Ed25519PrivateKey.generate()
ED25519_RECORD = '"v=DKIM1; k=ed25519; p={}"'.format(
    base64.b64encode(
        ED25519.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    ).decode()
)
SELECTOR = f"s1._domainkey.{DOMAIN}"


async def diagnose(environ: Mapping[str, str], zone: Zone = GOOD) -> dict[str, CheckResult]:
    async with serving_dns(zone) as resolver:
        return {name: result async for name, result in checks(environ, resolver)}


async def found(environ: Mapping[str, str], check: str, zone: Zone = GOOD) -> CheckResult:
    return (await diagnose(environ, zone))[check]


async def test_a_good_installation_passes_quickly(system: System, environ: dict[str, str]) -> None:
    await publish_terms(system.database)
    await report_worker(system)
    async with SmtpServer() as server:
        with Stopwatch() as watch:
            results = await diagnose(environ | {"ALERTS_SMTP_URL": server.url()})
    assert {name: result.text for name, result in results.items() if not result.ok} == {
        "public-url": "links in mail begin with http://: anybody on the way can read what people follow"
    }
    assert watch.seconds < 3
    assert all(result.advice for result in results.values() if not result.ok)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_checks_run_concurrently_and_a_hanging_one_times_out(
    system: System, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_SECONDS", 6.0)
    hanging = ("smtp", "spf", "dmarc", "bounces", "mta-sts")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], silent.getsockname()[1]
        resolver.lifetime = 2.5
        async with SmtpServer(On("CONNECT", stall=True)) as server:
            here = environ | {"ALERTS_SMTP_URL": f"{server.url()},{server.url()}"}
            with Stopwatch() as watch:
                results = {name: result async for name, result in checks(here, resolver)}
    assert results["smtp"].text == "no answer within 6 s"
    for name in hanging[1:]:
        assert results[name].text == "no name server answers"
        assert "Check DNS" in results[name].advice
    assert results["database"].ok
    assert watch.seconds < 6 * 2, "one after the other they take as long"


@pytest.mark.parametrize(
    ("changed", "check", "words"),
    [
        ({"ALERTS_SMTP_RAET": "5"}, "settings", "ALERTS_SMTP_RAET is no setting (perhaps ALERTS_SMTP_RATE?)"),
        ({"ALERTS_SECRET_KEYS": "'test-secret-key-of-more-than-32-characters'"}, "settings", "quotes"),
        ({"ALERTS_PUBLIC_URL": "http://alerts.example.org"}, "public-url", "begin with http://"),
        (
            {"ALERTS_SECRET_KEYS": "another-installation-with-a-key-of-32"},
            "keys",
            "another installation",
        ),
        ({"ALERTS_REDIS_URL": "redis://127.0.0.1:1"}, "redis", "connection refused"),
        ({"ALERTS_REDIS_URL": "unix:///nowhere/redis.sock"}, "redis", "nothing listens on its socket"),
        ({"ALERTS_SMTP_URL": "smtp://127.0.0.1:1?tls=none"}, "smtp", "connection refused"),
        ({"ALERTS_TRUSTED_PROXIES": "10.0.0.0/8,::/0"}, "proxies", "::/0 trusts everybody"),
        ({}, "terms", "nobody can sign up"),
        ({}, "workers", "none has reported"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_fault_of_the_installation_is_named(
    system: System, environ: dict[str, str], changed: dict[str, str], check: str, words: str
) -> None:
    assert system.addresses.of("somebody@example.org"), "its keys are in use"
    result = await found(environ | changed, check)
    assert not result.ok
    assert words in result.text
    assert result.advice


async def test_an_empty_database_is_to_be_migrated(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite3").touch()
    empty = {"ALERTS_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"}
    results = await diagnose(environ | empty)
    for name in ("keys", "terms", "workers", "events"):
        assert (results[name].text, results[name].advice) == (
            "the tables are missing",
            "Run trial-alerts migrate.",
        ), name


@pytest.mark.on_both_databases
async def test_a_schema_that_lost_a_constraint_is_found(system: System, environ: dict[str, str]) -> None:
    engine = create_database(environ["ALERTS_DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.execute(text("DROP INDEX delivery_of_run"))
        await connection.execute(text("DROP INDEX one_active_subscription"))
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ALTER TABLE canary DROP CONSTRAINT canary_pkey"))
    await engine.dispose()
    result = await found(environ, "schema")
    assert not result.ok
    assert "one_active_subscription" in result.text
    assert ("canary has no primary key" in result.text) == (system.database.dialect.name == "postgresql")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_is_read_only_or_full_is_named(system: System, environ: dict[str, str]) -> None:
    assert (await found(environ, "database")).text == "postgresql answers and can be written"
    async with reading(system.database) as connection:
        assert (await connection.execute(select(t.request.c.id))).all() == [], "nothing is left behind"
    async with full_for_requests(system.database):
        result = await found(environ, "database")
    assert (result.ok, result.text.split(":")[0]) == (False, "its disk is full")
    assert "space" in result.advice
    async with read_only(system.database):
        result = await found(environ, "database")
        workers = await found(environ, "workers")
    assert workers.text == "unknown: their reports can't be stored (the database: read-only)"
    assert (result.ok, result.text.split(":")[0]) == (False, "read-only")
    assert "primary" in result.advice


async def test_a_database_that_is_away_is_named_with_the_reason(environ: dict[str, str]) -> None:
    nowhere = {"ALERTS_DATABASE_URL": "postgresql://alerts:hunter2@127.0.0.1:1/alerts"}
    result = await found(environ | nowhere, "database")
    assert (result.ok, result.text) == (False, "connection refused: nothing listens there")
    assert "hunter2" not in result.text + result.advice


@pytest.mark.parametrize(
    ("name", "record", "check", "words"),
    [
        (DOMAIN, '"v=spf1 +all"', "spf", "lets everybody send"),
        (DOMAIN, '"v=spf1 all"', "spf", "lets everybody send"),
        (DOMAIN, '"v=spf1 ?all"', "spf", "lets everybody send"),
        (DOMAIN, '"v=spf1 mx"', "spf", "without all"),
        (DOMAIN, '"hello"', "spf", "has no record"),
        (DOMAIN, '"v=spf1 ' + "mx " * 11 + '-all"', "spf", "needs 11 look-ups"),
        (f"_dmarc.{DOMAIN}", '"v=DMARC1; p=maybe"', "dmarc", "no valid policy: p=maybe"),
        (f"_dmarc.{DOMAIN}", '"v=DMARC1"', "dmarc", "no valid policy: p=(nothing)"),
        (f"_dmarc.{DOMAIN}", '"v=DMARC1; p=none; nonsense"', "dmarc", "can't be read"),
        (f"_mta-sts.{DOMAIN}", '"v=STSv1; id=;"', "mta-sts", "can't be read"),
        (f"_mta-sts.{DOMAIN}", '"v=STSv1; id=1;"', "mta-sts", "has no address"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_wrong_record_is_named(
    environ: dict[str, str], name: str, record: str, check: str, words: str
) -> None:
    result = await found(environ, check, {**GOOD, (name, "TXT"): [record]})
    assert not result.ok
    assert words in result.text
    assert result.advice


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        (["0 ."], "null MX"),
        (["10 gone.example.org."], "which has no address"),
        ([], "has no MX record"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_bounces_need_a_server_that_accepts_them(
    environ: dict[str, str], hosts: list[str], words: str
) -> None:
    result = await found(environ, "bounces", {**GOOD, (DOMAIN, "MX"): hosts})
    assert (result.ok, words in result.text) == (False, True)


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([published(OTHER)], "holds another key than the one that signs"),
        (['"v=DKIM1; k=rsa; p="'], "is revoked"),
        ([ED25519_RECORD], "a key of the kind ed25519, and ours is rsa"),
        ([], "has no key"),
        ([published(RSA), published(OTHER)], "has 2 keys"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_key_that_receivers_can_not_use_is_named(
    environ: dict[str, str], records: list[str], words: str
) -> None:
    signing = {"ALERTS_DKIM_KEY": pem(RSA), "ALERTS_DKIM_SELECTOR": "s1"}
    result = await found(environ | signing, "dkim", {**GOOD, (SELECTOR, "TXT"): records})
    assert (result.ok, words in result.text) == (False, True), result


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_two_keys_with_their_selectors_are_right(environ: dict[str, str]) -> None:
    both = {"ALERTS_DKIM_KEY": pem(RSA) + pem(ED25519), "ALERTS_DKIM_SELECTOR": "s1, s2"}
    zone = {
        **GOOD,
        (SELECTOR, "TXT"): [published(RSA)],
        (f"s2._domainkey.{DOMAIN}", "TXT"): [ED25519_RECORD],
    }
    assert (await found(environ | both, "dkim", zone)).ok


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_fault_of_the_mail_server_is_named(environ: dict[str, str]) -> None:
    for server, query, login, words in (
        (SmtpServer(size=50_000), "tls=none", "", "takes mails of 50000 octets at most"),
        (SmtpServer(), "tls=required", "", "STARTTLS"),
        (SmtpServer(users={"u": "p"}), "tls=none", "u:wrong@", "535"),
        (SmtpServer(On("CONNECT", "554 5.7.1 go away")), "tls=none", "", "554"),
    ):
        async with server:
            result = await found(environ | {"ALERTS_SMTP_URL": server.url(query, login)}, "smtp")
        assert (result.ok, words in result.text) == (False, True), result
        assert result.advice
    async with SmtpServer(pipelining=False) as server:
        result = await found(environ | {"ALERTS_SMTP_URL": server.url()}, "smtp")
    assert (result.ok, "PIPELINING" in result.advice) == (True, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_address_without_matching_reverse_dns_is_named(environ: dict[str, str]) -> None:
    server = {"ALERTS_SMTP_URL": "smtp://relay.example.org?tls=none"}
    zone = {**GOOD, ("relay.example.org", "A"): ["8.8.8.9"]}
    assert not (await found(environ | server, "ptr", zone)).ok
    named = {**zone, ("9.8.8.8.in-addr.arpa", "PTR"): ["relay.example.org."]}
    assert (await found(environ | server, "ptr", named)).ok


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_doctor_prints_json_for_programs(environ: dict[str, str]) -> None:
    done = run_command("doctor", "--json", **environ)
    printed = {check["check"]: check for check in json.loads(done.stdout)}
    assert done.returncode == 1
    assert set(printed["terms"]) == {"check", "ok", "text", "advice", "warning"}
    assert not printed["terms"]["ok"]
