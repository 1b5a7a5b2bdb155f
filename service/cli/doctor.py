"""What can be known before anything goes wrong: settings, database, schema, Redis, SMTP login, DNS."""

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
class Verdict:
    """What one check found, in a few words without secrets."""

    well: bool
    words: str


async def checks(
    environ: Mapping[str, str], resolver: dns.asyncresolver.Resolver | None = None
) -> AsyncIterator[tuple[str, Verdict]]:
    """Each check by name, with its verdict, as it becomes known; without settings no other follows."""
    try:
        settings = read(environ)
    except SettingsError as problem:
        yield "settings", Verdict(False, str(problem))
        return
    yield "settings", Verdict(True, "; ".join(["complete and valid", *unknown_variables(environ)]))
    names = resolver or _resolver()
    sender = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    yield "database", await _within(_database(settings), "can't be reached")
    yield "schema", await _within(_schema(settings), "can't be read")
    yield "redis", await _within(_redis(settings), "can't be reached")
    yield "proxies", await _within(_proxies(settings), "can't be known")
    yield "smtp", await _within(_smtp(settings), "can't be reached")
    yield "spf", await _within(_spf(names, settings.mail_domain), "no name server answers")
    yield "dkim", await _within(_dkim(names, sender, settings.dkim_selector), "no name server answers")
    yield "dmarc", await _within(_dmarc(names, sender), "no name server answers")
    yield "bounces", await _within(_bounces(names, settings.mail_domain), "no name server answers")


async def _within(check: Awaitable[Verdict], otherwise: str) -> Verdict:
    """The verdict of `check`; any failure to come to one means the same to an operator."""
    try:
        return await asyncio.wait_for(check, _SECONDS)
    except Exception as problem:
        return Verdict(False, f"{otherwise} ({type(problem).__name__})")


async def _database(settings: Settings) -> Verdict:
    database = create_database(settings.database_url)
    try:
        async with reading(database) as connection:
            await connection.execute(text("SELECT 1"))
        return Verdict(True, f"{database.dialect.name} answers")
    finally:
        await database.dispose()


async def _schema(settings: Settings) -> Verdict:
    database = create_database(settings.database_url)
    try:
        current, newest = await schema.current_revision(database), schema.newest_revision()
    finally:
        await database.dispose()
    if current == newest:
        return Verdict(True, f"up to date ({newest})")
    return Verdict(False, f"at {current or 'nothing'}, expected {newest}: run trial-alerts migrate")


async def _redis(settings: Settings) -> Verdict:
    redis = connect_redis(settings.redis_url)
    try:
        await redis.ping()
        return Verdict(True, "answers")
    finally:
        await redis.aclose()


async def _proxies(settings: Settings) -> Verdict:
    """Whether the proxies that stand before the service are named, as far as that can be seen from here.

    The service itself speaks plain HTTP: whoever reaches it by https comes through a proxy.
    """
    redis = connect_redis(settings.redis_url)
    try:
        network = await proxy_warnings.seen(redis)
    finally:
        await redis.aclose()
    if network:
        return Verdict(
            False, f"requests are forwarded from {network}, which is not trusted: {proxy_warnings.ADVICE}"
        )
    if settings.trusted_proxies:
        return Verdict(True, "trusted: " + ", ".join(str(one) for one in settings.trusted_proxies))
    if settings.public_url.startswith("https://"):
        return Verdict(
            False, f"a proxy stands before the service, by ALERTS_PUBLIC_URL: {proxy_warnings.ADVICE}"
        )
    return Verdict(True, "none named, none seen")


async def _smtp(settings: Settings) -> Verdict:
    target = SmtpUrl.parse(settings.smtp_url)
    try:
        link = await connect(target, settings.mail_domain, tls_context(target), Timeouts())
    except Unreachable as problem:
        return Verdict(False, f"refused at {problem.outcome.stage}: {problem.outcome.detail}")
    await link.quit()
    login = "logged in" if target.username else "no login needed"
    return Verdict(True, f"answers, TLS {target.tls.value}, {login}")


def _resolver() -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver()
    resolver.lifetime = _RESOLVER_SECONDS
    return resolver


async def _records(names: dns.asyncresolver.Resolver, name: str, kind: str = "TXT") -> list[str]:
    """The records of `name`; texts with their parts joined (RFC 7208 §3.3)."""
    try:
        answer = await names.resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind != "TXT":
        return [record.to_text() for record in answer]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _one_of(found: list[str], version: str, name: str) -> Verdict:
    """Exactly one record of its kind: two are as bad as none (RFC 7208 §4.5, RFC 9989)."""
    ours = [record for record in found if record.lower().startswith(version.lower())]
    if len(ours) == 1:
        return Verdict(True, f"{name} says {ours[0]}")
    return Verdict(
        False, f"{name} has {len(ours) or 'no'} record{'s' * (len(ours) != 1)} that begin with {version}"
    )


async def _spf(names: dns.asyncresolver.Resolver, domain: str) -> Verdict:
    return _one_of(await _records(names, domain), "v=spf1", domain)


async def _dkim(names: dns.asyncresolver.Resolver, domain: str, selector: str) -> Verdict:
    if not selector:
        return Verdict(True, "not signed here: your mail server must sign (ALERTS_DKIM_SELECTOR is not set)")
    name = f"{selector}._domainkey.{domain}"
    keys = [record for record in await _records(names, name) if "p=" in record]
    if len(keys) == 1:
        return Verdict(True, f"{name} holds a key")
    return Verdict(False, f"{name} holds {len(keys) or 'no'} key{'s' * (len(keys) != 1)}: one is needed")


async def _dmarc(names: dns.asyncresolver.Resolver, domain: str) -> Verdict:
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[start:])
        if found := await _records(names, name):
            return _one_of(found, "v=DMARC1", name)
    return Verdict(False, f"_dmarc.{domain} has no record that begins with v=DMARC1")


async def _bounces(names: dns.asyncresolver.Resolver, domain: str) -> Verdict:
    if await _records(names, domain, "MX"):
        return Verdict(True, f"{domain} takes mail")
    return Verdict(False, f"{domain} has no MX: what bounces can't come back")
