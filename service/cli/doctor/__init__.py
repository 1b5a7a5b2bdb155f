"""`trial-alerts doctor`: checks everything an installation depends on, all at once, within three seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from email.utils import parseaddr

import dns.asyncresolver
from dns.exception import DNSException

from service.cli.doctor import installation, mail_server, secret_keys, sender_dns
from service.cli.doctor.result import CheckResult, failed, passed
from service.configuration.settings import Settings, SettingsError, read, unknown_variables
from service.runtime.failure_reasons import reason

__all__ = ["CheckResult", "checks"]

#: Seconds that each check has; they run at once.
_SECONDS = 2.0


async def checks(
    environ: Mapping[str, str], resolver: dns.asyncresolver.Resolver | None = None
) -> AsyncIterator[tuple[str, CheckResult]]:
    """Yields the name and result of each check; stops after invalid settings."""
    try:
        settings = read(environ)
    except SettingsError as problem:
        yield "settings", failed(str(problem), "Correct the setting; README lists all of them.")
        return
    unknown = unknown_variables(environ)
    yield (
        "settings",
        failed("; ".join(unknown), "Correct the name, or remove the variable: it has no effect.")
        if unknown
        else passed("complete and valid"),
    )
    running = {name: asyncio.create_task(_within(check)) for name, check in _all(settings, resolver).items()}
    running["locks"] = asyncio.create_task(_within(installation.locks(settings, [*running.values()])))
    for name, check in running.items():
        yield name, await check


def _all(
    settings: Settings, resolver: dns.asyncresolver.Resolver | None
) -> dict[str, Awaitable[CheckResult]]:
    names = resolver or sender_dns.default_resolver()
    sender = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    return {
        "public-url": installation.public_url(settings),
        "templates": installation.templates(settings),
        "database": installation.database(settings),
        **({"replica": installation.replica(settings)} if settings.database_replica_url else {}),
        "schema": installation.schema_matches(settings),
        "keys": secret_keys.keys(settings),
        "terms": installation.terms_published(settings),
        "redis": installation.redis(settings),
        "clock": installation.clock(settings),
        "workers": installation.workers_running(settings),
        "events": installation.events(settings),
        "proxies": installation.proxies(settings),
        "smtp": mail_server.smtp(settings),
        "ptr": mail_server.reverse_name(settings, names),
        "spf": sender_dns.spf(names, settings.mail_domain),
        "dkim": sender_dns.dkim(names, sender, settings.dkim_selector, settings.dkim_key),
        "dmarc": sender_dns.dmarc(names, sender),
        "bounces": sender_dns.bounces(names, settings.mail_domain),
        "mta-sts": sender_dns.mta_sts(names, settings.mail_domain),
    }


async def _within(check: Awaitable[CheckResult]) -> CheckResult:
    """The result of `check`; an exception or a timeout is a failure whose text says why."""
    try:
        return await asyncio.wait_for(check, _SECONDS)
    except TimeoutError:
        return failed(f"no answer within {_SECONDS:g} s", "Check host, port and firewalls, and its load.")
    except DNSException as problem:
        return failed(reason(problem), "Check DNS on this host: what is published stays unknown.")
    except Exception as problem:
        text, _, command = reason(problem).partition(": run ")
        advice = (
            f"Run {command}." if command else "Check the setting that names it, and whether it is running."
        )
        return failed(text, advice)
