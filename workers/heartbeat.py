"""The worker's heartbeat: reports its state, and holds all mail after a restore or a long stop."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import structlog

from service.actions import mail_hold
from service.redis import permissions
from service.redis.pool import log_failure
from service.runtime import worker_health
from service.runtime.failure_reasons import reason
from service.runtime.time_limit import within
from service.store.admin import workers as reports
from service.store.admin.workers import WorkerReport
from service.store.mail import holds, sent_counts
from service.store.sql import clock, full_disk
from service.store.sql.probe import Condition
from workers import database_trouble, mail_server_evidence
from workers.deliver.mailer import Mailer

_log = structlog.get_logger("worker")

#: Seconds between two reports.
INTERVAL = 10.0

#: Seconds that the database has to store a report: one that hangs never answers.
_DATABASE_SECONDS = 10.0

#: Seconds that Redis has to answer.
_REDIS_SECONDS = 1.0


class Heartbeat:
    """Reports one worker process, to the database and in its health file."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer, self._system = mailer, mailer.system
        self._started = self._system.now()
        self._host = socket.gethostname()
        self.id = f"{self._host}:{os.getpid()}:{token_hex(4)}"
        self._seen: datetime | None = None
        self._clock_differs = False

    async def begin(self) -> None:
        """The first report, before any work: after a restore or a long stop all mail is held by it.

        Waits for a database that is away.
        """
        while not await self.beat() and not self._system.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._system.stopping.wait(), 2.0)

    async def run(self) -> None:
        """Reports until the system is stopping."""
        while not self._system.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._system.stopping.wait(), INTERVAL)
            await self.beat()

    async def beat(self) -> bool:
        """One report; False if the database could not store it."""
        waiting = await self._redis()
        routes = self._mailer.sender.routes
        failing = routes.problems()
        status: dict[str, Any] = {"waits_for": waiting, "failing": failing, "paused": self._paused()}
        status["answers"] = mail_server_evidence.to_share(self._mailer)
        status["mail"] = failing[0] if len(failing) == len(routes.all) else None
        if status["mail"]:
            waiting.append(f"mail server ({status['mail']['reason']})")
        if full_disk.was_full(self._system.database):
            waiting.append(f"database ({Condition.FULL})")
        stored = True
        try:
            self._seen = await within(_DATABASE_SECONDS, self._store(status))
            database_trouble.reported(self._system.database)
        except Exception as error:
            stored = False
            waiting.insert(0, f"database ({reason(error)})")
            database_trouble.log(self._system.database, error, "report_not_stored", job="report")
        worker_health.write(self._system.settings.data_folder, datetime.now(UTC), waiting)
        return stored

    async def _store(self, status: dict[str, Any]) -> datetime:
        """Stores the report, with the hold and the quota as the database has them; returns its time."""
        async with self._system.reading() as connection:
            now = await clock.read(connection)
        status["clock_ahead"] = self._clock_ahead()
        await mail_hold.check_liveness(self._system, self._seen, now)
        async with self._system.writing() as connection:
            if hold := await holds.current(connection):
                status["waits_for"].append(f"an operator: all mail is held ({hold.reason})")
            quota = self._system.settings.smtp_quota
            if any(quota) and (await sent_counts.left(connection, quota, now)).mails < 1:
                status["waits_for"].append("the quota of ALERTS_SMTP_QUOTA")
            await reports.report(connection, WorkerReport(self.id, self._host, self._started, now, status))
            running = await reports.running(connection, now)
        others = [worker.status.get("answers") for worker in running if worker.id != self.id]
        mail_server_evidence.merge(self._mailer, others)
        return now

    async def end(self) -> None:
        """Takes the report back: this worker stops."""
        worker_health.remove(self._system.settings.data_folder)
        with contextlib.suppress(Exception):  # it expires by itself
            async with self._system.writing() as connection:
                await reports.retire(connection, self.id)

    def _clock_ahead(self) -> float:
        """The seconds by which this machine's clock is ahead of the database's; logs when it begins to
        matter.
        """
        seconds = round(clock.ahead(self._system.database).total_seconds(), 1)
        words = clock.difference(seconds)
        if words and not self._clock_differs:
            _log.warning("clock_differs", clock=words, advice="Synchronise both clocks (NTP).")
        self._clock_differs = bool(words)
        return seconds

    async def _redis(self) -> list[str]:
        try:
            await asyncio.wait_for(permissions.check(self._system.redis), _REDIS_SECONDS)
        except Exception as error:
            words = permissions.trouble(error)
            if isinstance(error, permissions.MissingRights):  # the features that need them do without
                log_failure(error, advice=permissions.advice(words), missing=" ".join(error.rules))
            return [f"redis ({words or reason(error)})"]
        return []

    def _paused(self) -> Mapping[str, str]:
        """The large providers' domains that are paused, and until when; all others are counted together."""
        return {
            domain: until.isoformat(timespec="seconds")
            for domain, until in self._mailer.sender.domains.paused().items()
        }
