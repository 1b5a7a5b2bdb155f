"""`trial-alerts doctor`: checks settings, database, schema, Redis, proxies, SMTP login and DNS."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr

import dns.asyncresolver
import dns.exception
import dns.resolver
from sqlalchemy import text

from service.job_queue import connect as connect_redis
from service.mail.smtp.connect import Unreachable, connect, tls_context
from service.mail.smtp.connection import Timeouts
from service.mail.smtp.url import SmtpUrl
from service.settings import Settings, SettingsError, read, unknown_variables
from service.store.sql import schema
from service.store.sql.database import create_database, reading
from service.web.http import proxy_warnings

_SECONDS = 15.0
_RESOLVER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check, with a short text without secrets."""

    ok: bool
    text: str


async def checks(
    environ: Mapping[str, str], resolver: dns.asyncresolver.Resolver | None = None
) -> AsyncIterator[tuple[str, CheckResult]]:
    """Yields the name and result of each check; stops after invalid settings."""
    try:
        settings = read(environ)
    except SettingsError as problem:
        yield "settings", CheckResult(False, str(problem))
        return
    yield "settings", CheckResult(True, "; ".join(["complete and valid", *unknown_variables(environ)]))
    dns_resolver = resolver or _resolver()
    sender = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    yield "database", await _within(_database(settings), "can't be reached")
    yield "schema", await _within(_schema(settings), "can't be read")
    yield "redis", await _within(_redis(settings), "can't be reached")
    yield "proxies", await _within(_proxies(settings), "can't be checked")
    yield "smtp", await _within(_smtp(settings), "can't be reached")
    yield "spf", await _within(_spf(dns_resolver, settings.mail_domain), "no name server answers")
    yield "dkim", await _within(_dkim(dns_resolver, sender, settings.dkim_selector), "no name server answers")
    yield "dmarc", await _within(_dmarc(dns_resolver, sender), "no name server answers")
    yield "bounces", await _within(_bounces(dns_resolver, settings.mail_domain), "no name server answers")


async def _within(check: Awaitable[CheckResult], otherwise: str) -> CheckResult:
    """The result of `check`; any exception or timeout becomes a failure with the text `otherwise`."""
    try:
        return await asyncio.wait_for(check, _SECONDS)
    except Exception as problem:
        return CheckResult(False, f"{otherwise} ({type(problem).__name__})")


async def _database(settings: Settings) -> CheckResult:
    database = create_database(settings.database_url)
    try:
        async with reading(database) as connection:
            await connection.execute(text("SELECT 1"))
        return CheckResult(True, f"{database.dialect.name} answers")
    finally:
        await database.dispose()


async def _schema(settings: Settings) -> CheckResult:
    database = create_database(settings.database_url)
    try:
        current, newest = await schema.current_revision(database), schema.newest_revision()
    finally:
        await database.dispose()
    if current == newest:
        return CheckResult(True, f"up to date ({newest})")
    return CheckResult(False, f"at {current or 'nothing'}, expected {newest}: run trial-alerts migrate")


async def _redis(settings: Settings) -> CheckResult:
    redis = connect_redis(settings.redis_url)
    try:
        await redis.ping()
        return CheckResult(True, "answers")
    finally:
        await redis.aclose()


async def _proxies(settings: Settings) -> CheckResult:
    """Whether the proxies in front of the service are configured, as far as that can be detected.

    The service itself has no TLS: https requests must come through a proxy.
    """
    redis = connect_redis(settings.redis_url)
    try:
        network = await proxy_warnings.seen(redis)
    finally:
        await redis.aclose()
    if network:
        return CheckResult(
            False, f"requests are forwarded from {network}, which is not trusted: {proxy_warnings.ADVICE}"
        )
    if settings.trusted_proxies:
        return CheckResult(
            True, "trusted: " + ", ".join(str(network) for network in settings.trusted_proxies)
        )
    if settings.public_url.startswith("https://"):
        return CheckResult(
            False, f"ALERTS_PUBLIC_URL implies a proxy in front of the service: {proxy_warnings.ADVICE}"
        )
    return CheckResult(True, "none configured, none detected")


async def _smtp(settings: Settings) -> CheckResult:
    target = SmtpUrl.parse(settings.smtp_url)
    try:
        connection = await connect(target, settings.mail_domain, tls_context(target), Timeouts())
    except Unreachable as problem:
        return CheckResult(False, f"refused at {problem.outcome.stage}: {problem.outcome.detail}")
    await connection.quit()
    login = "logged in" if target.username else "no login needed"
    return CheckResult(True, f"answers, TLS {target.tls.value}, {login}")


def _resolver() -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver()
    resolver.lifetime = _RESOLVER_SECONDS
    return resolver


async def _records(dns_resolver: dns.asyncresolver.Resolver, name: str, kind: str = "TXT") -> list[str]:
    """The records of `name`; the strings of a TXT record are concatenated (RFC 7208 §3.3)."""
    try:
        answer = await dns_resolver.resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind != "TXT":
        return [record.to_text() for record in answer]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _one_of(found: list[str], version: str, name: str) -> CheckResult:
    """Whether there is exactly one such record: two are as invalid as none (RFC 7208 §4.5, RFC 9989)."""
    ours = [record for record in found if record.lower().startswith(version.lower())]
    if len(ours) == 1:
        return CheckResult(True, f"{name} is {ours[0]}")
    return CheckResult(
        False, f"{name} has {len(ours) or 'no'} record{'s' * (len(ours) != 1)} starting with {version}"
    )


async def _spf(dns_resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    return _one_of(await _records(dns_resolver, domain), "v=spf1", domain)


async def _dkim(dns_resolver: dns.asyncresolver.Resolver, domain: str, selector: str) -> CheckResult:
    if not selector:
        return CheckResult(
            True, "not signed here: your mail server must sign (ALERTS_DKIM_SELECTOR is not set)"
        )
    name = f"{selector}._domainkey.{domain}"
    keys = [record for record in await _records(dns_resolver, name) if "p=" in record]
    if len(keys) == 1:
        return CheckResult(True, f"{name} has a key")
    return CheckResult(False, f"{name} has {len(keys) or 'no'} key{'s' * (len(keys) != 1)}: one is needed")


async def _dmarc(dns_resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        if found := await _records(dns_resolver, name):
            return _one_of(found, "v=DMARC1", name)
    return CheckResult(False, f"_dmarc.{domain} has no record starting with v=DMARC1")


async def _bounces(dns_resolver: dns.asyncresolver.Resolver, domain: str) -> CheckResult:
    if await _records(dns_resolver, domain, "MX"):
        return CheckResult(True, f"{domain} has an MX record")
    return CheckResult(False, f"{domain} has no MX record, so bounces cannot be delivered")
