"""Obstacles to sending a mail that is due, apart from the mail itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.delivery import advice
from service.domain.delivery.explanations import moment
from service.domain.delivery.server_failures import ADVICE
from service.store.admin import workers
from service.store.mail import sent_counts
from service.system import System

_ADVICE = {str(failure): words for failure, words in ADVICE.items()}


class Obstacle(NamedTuple):
    """An obstacle and its remedy, as sentences."""

    sentence: str
    do: str


class Sending(NamedTuple):
    """The present state of sending. `failing`: why none of them can use the mail server; "": some can.

    `paused`: until when each paused domain of a large provider is paused.
    """

    workers: int
    failing: str
    quota_used_up: bool
    paused: Mapping[str, datetime]

    def obstacle(self, domain: str | None) -> Obstacle | None:
        """The obstacle to a mail to a mailbox of this domain (None: unknown), if there is one."""
        if not self.workers:
            return Obstacle(
                "No worker is running.", "Start trial-alerts worker; see its log for why it ended."
            )
        if domain is not None and domain in self.paused:
            return Obstacle(
                f"Mail to {domain} is paused until {moment(self.paused[domain])}: the provider refused or "
                "deferred it.",
                "Read the provider’s words under Mails on the dashboard, run trial-alerts doctor, write to "
                "the provider; the pause ends by itself.",
            )
        if self.failing:
            words = f"No worker can use the mail server: {self.failing.replace('_', ' ')}."
            return Obstacle(
                words, _ADVICE.get(self.failing, "Check ALERTS_SMTP_URL with trial-alerts doctor.")
            )
        if self.quota_used_up:
            return Obstacle("The quota of ALERTS_SMTP_QUOTA is used up.", advice.QUOTA)
        return None


async def sending_now(connection: AsyncConnection, system: System, now: datetime) -> Sending:
    """The state of sending, as the workers reported it."""
    running = await workers.running(connection)
    paused = {
        domain: datetime.fromisoformat(until)
        for worker in running
        for domain, until in worker.status.get("paused", {}).items()
    }
    used_up = await sent_counts.is_used_up(connection, system.settings.smtp_quota, now)
    return Sending(len(running), workers.mail_failure(running), used_up, paused)
