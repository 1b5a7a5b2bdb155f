"""Checks of the installation: public URL, database, schema, terms, Redis, clock, workers, events."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer
from sqlalchemy.ext.asyncio import AsyncEngine

from service.cli.doctor.result import CheckResult, failed, passed, warned
from service.configuration.settings import Settings
from service.crypto.index_key import stored_key_opens
from service.crypto.keyring import Keyring
from service.domain.delivery.hold import EXPLANATIONS
from service.domain.delivery.server_failures import ADVICE, Failure
from service.mail.render.templates import UnusableTemplate, check_templates
from service.redis import permissions
from service.redis.job_queue import Redis
from service.redis.job_queue import connect as connect_redis
from service.runtime.failure_reasons import reason
from service.store.admin import browse, workers
from service.store.mail import holds
from service.store.people import terms
from service.store.sql import blockers, probe, schema, schema_revision
from service.store.sql.clock import TOLERATED
from service.store.sql.database import create_database, reading
from service.store.sql.replica import ReplicaBehind, check_lag
from service.system import website_of
from service.web.api.readiness import DATABASE_ADVICE
from service.web.http import proxy_warnings, refused_events

#: Seconds that SQLite's other writer may take.
_WRITE_SECONDS = 1.0

#: Seconds that Redis has to answer.
_REDIS_SECONDS = 1.0

#: Seconds after which a check that still runs may wait for a lock, after which the last look for it is taken,
#: and between two looks: on a busy machine a check begins late.
_LOCK_SECONDS, _LAST_LOOK, _LOOKS_APART = 1.2, 1.7, 0.1

_REPLICA = "Point ALERTS_DATABASE_REPLICA_URL at a replica that follows the database, or remove it."

#: A Redis without TLS goes on reading: the first message of TLS is no complete command.
_PERHAPS_WITHOUT_TLS = (
    "Check host and port, and whether it takes TLS there: to rediss:// one without it gives no answer."
)

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@asynccontextmanager
async def opened(settings: Settings, *, replica: bool = False) -> AsyncIterator[AsyncEngine]:
    """The database, or its replica, for one check."""
    engine = create_database(settings.database_replica_url if replica else settings.database_url)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    client = connect_redis(settings.redis_url)
    try:
        yield client
    finally:
        await client.aclose()


async def public_url(settings: Settings) -> CheckResult:
    """Links in mail must lead to https, but for a system on this machine."""
    parts = urlsplit(settings.public_url)
    if parts.scheme == "https":
        return passed("links in mail begin with https://")
    if parts.hostname in _LOCAL:
        return passed("http:// on this machine: for development")
    return failed(
        "links in mail begin with http://: anybody on the way can read what people follow",
        "Put a TLS proxy in front and write https:// into ALERTS_PUBLIC_URL.",
    )


async def templates(settings: Settings) -> CheckResult:
    """Whether the templates of all mails can be loaded."""
    try:
        check_templates(website_of(settings))
    except UnusableTemplate as problem:
        return failed(str(problem), "Correct it, then restart the workers: they don’t start with it.")
    return passed("those of all mails can be loaded")


async def database(settings: Settings) -> CheckResult:
    """Whether it answers and can be written; a probe leaves nothing behind."""
    async with opened(settings) as engine:
        if not await schema_revision.current_revision(engine):
            return passed(f"{engine.dialect.name} answers, and is empty")
        found = await _condition(engine)
        if found is probe.Condition.WRITABLE:
            return passed(f"{engine.dialect.name} answers and can be written")
    return failed(f"{found}: nothing can be stored, and nothing is sent", DATABASE_ADVICE[found])


async def replica(settings: Settings) -> CheckResult:
    """Whether the read replica answers, is one of this database, and is not far behind."""
    async with opened(settings, replica=True) as engine, opened(settings) as database:
        if (revision := await schema_revision.current_revision(engine)) is None:
            return failed("it is empty: it replicates no database of this service", _REPLICA)
        async with reading(engine) as connection:
            if await stored_key_opens(connection, Keyring(settings.secret_keys)) is False:
                return failed(
                    "it holds what other secret keys encrypted: it is another installation's", _REPLICA
                )
            try:
                is_known = await check_lag(connection, database)
            except ReplicaBehind as problem:
                return failed(f"{problem}: figures and exports are read from the database", _REPLICA)
    return passed(f"answers, at {revision}" + (", and keeps up" if is_known else ""))


async def _condition(engine: AsyncEngine) -> probe.Condition:
    return await probe.condition(engine, datetime.now(UTC), _WRITE_SECONDS, octets=probe.LARGE)


async def schema_matches(settings: Settings) -> CheckResult:
    """Whether the schema is the newest one, and whole: no table, index or constraint is missing."""
    async with opened(settings) as engine:
        current, newest = await schema_revision.current_revision(engine), schema_revision.newest_revision()
        if schema_revision.is_newer(current):
            return passed(f"at {current}: a later version than this one ({newest}) has expanded it")
        if current != newest:
            return failed(f"at {current or 'nothing'}, expected {newest}", "Run trial-alerts migrate.")
        missing = await schema.described_differences(engine)
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return failed(
            f"differs from revision {newest}: {'; '.join(missing[:3])}{more}",
            "Somebody changed it by hand: restore what is missing, or load a backup into a fresh schema.",
        )
    return passed(f"up to date ({newest}) and complete")


async def terms_published(settings: Settings) -> CheckResult:
    """Without terms nobody can sign up."""
    async with opened(settings) as engine, reading(engine) as connection:
        found = await terms.current(connection)
    if found is None:
        return failed("none are published: nobody can sign up", "Run trial-alerts terms publish.")
    return passed(f"version {found.version} is published")


async def redis(settings: Settings) -> CheckResult:
    """Whether it answers, and permits the commands that we need."""
    async with _redis(settings) as client:
        try:
            await permissions.check(client)
        except RedisError as error:
            if words := permissions.trouble(error):
                return failed(words, permissions.advice(words))
            if isinstance(error, NoAnswer) and settings.redis_url.startswith("rediss:"):
                return failed(reason(error), _PERHAPS_WITHOUT_TLS)
            raise
        return passed("answers, with the rights that are needed")


async def clock(settings: Settings) -> CheckResult:
    """Whether this machine's clock agrees with those of the database and of Redis."""
    others: dict[str, datetime] = {}
    async with opened(settings) as engine:
        if (at := await probe.clock(engine)) is not None:
            others["the database"] = at
            async with reading(engine) as connection:
                wrong = [
                    words
                    for worker in await workers.running(connection)
                    if (words := worker.clock_difference)
                ]
            if wrong:
                return failed(f"clocks differ: {wrong[0]}", "Synchronise both clocks (NTP).")
    try:
        async with _redis(settings) as client:
            seconds, micros = await client.time()
            others["Redis"] = datetime.fromtimestamp(seconds + micros / 1e6, UTC)
    except Exception as error:
        if not others:
            return passed(f"not compared: Redis does not answer ({type(error).__name__})")
    for name, at in others.items():
        ahead = (datetime.now(UTC) - at).total_seconds()
        if abs(ahead) > TOLERATED.total_seconds():
            words = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} that of {name}"
            return failed(f"this machine's clock is {words}", "Synchronise both clocks (NTP).")
    return passed("agrees with that of " + " and ".join(others))


async def locks(settings: Settings, others: Collection["asyncio.Task[CheckResult]"]) -> CheckResult:
    """Whether another program's lock keeps us waiting in the database, also one of the checks in `others`."""
    last_look = asyncio.get_running_loop().time() + _LAST_LOOK
    _, waiting = await asyncio.wait(others, timeout=_LOCK_SECONDS)
    async with opened(settings) as engine:
        blocker = await _blocker(engine, waiting)
        while blocker is None and waiting and asyncio.get_running_loop().time() < last_look:
            _, waiting = await asyncio.wait(waiting, timeout=_LOOKS_APART)
            blocker = await _blocker(engine, waiting)
    if blocker is None:
        return passed("no other program keeps ours waiting in the database")
    return failed(
        blockers.lock_keeps_waiting("our programs", blocker.words),
        f"Wait for it, or {blocker.ended_by}.",
    )


async def _blocker(engine: AsyncEngine, waiting: Collection[object]) -> blockers.Blocker | None:
    """Who keeps us waiting; while checks are `waiting`, for a moment already."""
    at_least = _LOCK_SECONDS / 2 if waiting else blockers.REPORT_AFTER
    async with reading(engine) as connection:
        return await blockers.longest(connection, seconds=at_least)


async def workers_running(settings: Settings) -> CheckResult:
    """Whether a worker runs, can send, and may."""
    async with opened(settings) as engine, reading(engine) as connection:
        running = await workers.running(connection)
        hold = await holds.current(connection)
        found = probe.Condition.WRITABLE if running else await _condition(engine)
    if hold is not None:
        return failed(
            f"all mail is held since {hold.since:%Y-%m-%d %H:%M} UTC: {EXPLANATIONS[hold.reason]}",
            "Look at what is queued (mail status, runs list), then: trial-alerts mail release.",
        )
    if not running and found is not probe.Condition.WRITABLE:
        return failed(
            f"unknown: their reports can't be stored (the database: {found})", DATABASE_ADVICE[found]
        )
    if not running:
        return failed(
            "none has reported within 45 seconds: nothing is read, planned or sent",
            "Start one: trial-alerts worker.",
        )
    for worker in running:
        if full := [what for what in worker.status.get("waits_for", ()) if what.startswith("database")]:
            return failed(f"{worker.host} waits for the {full[0]}", DATABASE_ADVICE[probe.Condition.FULL])
        for failing in worker.status.get("failing", ()):
            return failed(
                f"{worker.host} can't use {failing['server']} since {failing['since']}: {failing['reply']}",
                ADVICE[Failure(failing["reason"])],
            )
    return passed(f"{len(running)} running")


async def events(settings: Settings) -> CheckResult:
    """Whether the ingestor's events are accepted: its secret and its clock are right.

    Refused ones are a warning, since anybody can send events with a wrong signature.
    """
    async with _redis(settings) as client:
        refused = await asyncio.wait_for(refused_events.last(client), _REDIS_SECONDS)
    async with opened(settings) as engine, reading(engine) as connection:
        accepted_at = await browse.newest_event(connection)
    if refused is not None and refused.lasts(accepted_at):
        return warned(f"refused: {refused.words}", refused_events.ADVICE[refused.reason])
    if accepted_at is None:
        return passed("none has come yet, and none was refused within the hour")
    return passed(f"accepted, the last at {accepted_at:%Y-%m-%d %H:%M} UTC")


async def proxies(settings: Settings) -> CheckResult:
    """Whether the proxies in front of the service are configured, as far as that can be detected.

    The service itself has no TLS: https requests must come through a proxy.
    """
    network = None
    try:
        async with _redis(settings) as client:
            network = await asyncio.wait_for(proxy_warnings.seen(client), _REDIS_SECONDS)
    except Exception as error:
        return passed(f"not seen: Redis does not answer ({type(error).__name__})")
    if network:
        return failed(f"requests are forwarded from {network}, which is not trusted", proxy_warnings.ADVICE)
    if everybody := [str(network) for network in settings.trusted_proxies if network.prefixlen == 0]:
        return failed(
            f"{everybody[0]} trusts everybody: a visitor can claim any address, and limits count nobody",
            "Name the network of the proxy alone in ALERTS_TRUSTED_PROXIES.",
        )
    if settings.trusted_proxies:
        return passed("trusted: " + ", ".join(str(network) for network in settings.trusted_proxies))
    if settings.public_url.startswith("https://"):
        return failed("ALERTS_PUBLIC_URL implies a proxy in front of the service", proxy_warnings.ADVICE)
    return passed("none configured, none detected")
