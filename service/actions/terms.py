"""Publishes a version of the terms, for the API and the command."""

import re
from datetime import datetime, timedelta

import structlog

from service.redis.job_queue import Job
from service.store import audit
from service.store.audit import Operator
from service.store.people import terms
from service.system import System

_log = structlog.get_logger("operators")

#: The default time within which people must agree to material terms.
AGREE_WITHIN = timedelta(days=30)
#: Maximum of that time.
LONGEST_NOTICE = timedelta(days=366)
#: Valid version names. They are used in links and in the evidence of a consent.
VERSION = r"[A-Za-z0-9][A-Za-z0-9._-]*"
LONGEST_VERSION = 60
LONGEST_TEXT = 200_000  # characters
# U+FFFD replaces octets that could not be decoded: the text is in another character set, or was cut.
_CONTROL = re.compile(r"[\ufffd\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class InvalidTerms(ValueError):
    """The version can't be published. `field` is the one to change; the message says how."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


async def publish(
    system: System,
    operator: Operator,
    version: str,
    text: str,
    *,
    now: datetime,
    material: bool = False,
    pause_at: datetime | None = None,
) -> bool:
    """Makes `version` the current one; False if it was published before with the same text.

    People must agree to a material version by `pause_at` (default: 30 days from `now`). Raises InvalidTerms,
    and `store.terms.AlreadyPublished` if the version exists with another text.
    """
    _check(version, text)
    deadline = _deadline(pause_at, now) if material else None
    async with system.writing() as connection:
        fresh = await terms.publish(connection, version, text, now=now, material=material, pause_at=deadline)
        target = f"terms:{version}"
        await audit.record(connection, operator, "terms.publish", now=now, target=target, changed=int(fresh))
    if fresh and material:
        await system.notifier.notify_now(Job.RETENTION)  # which queues the mails that ask to agree
    _log.info("terms_published", versions=int(fresh), material=material)
    return fresh


def after_days(days: int, now: datetime) -> datetime:
    """The time `days` after `now`. Raises InvalidTerms if `days` is out of range."""
    if not 1 <= days <= LONGEST_NOTICE.days:
        raise InvalidTerms("pause_after", f"People need 1 to {LONGEST_NOTICE.days} days to agree.")
    return now + timedelta(days=days)


def _check(version: str, text: str) -> None:
    if len(version) > LONGEST_VERSION or not re.fullmatch(VERSION, version):
        raise InvalidTerms(
            "version",
            f"A version is up to {LONGEST_VERSION} letters, digits, dots, hyphens and underscores, "
            "such as 2026-11.",
        )
    if not text.strip():
        raise InvalidTerms("text", "The text of the terms is empty.")
    if len(text) > LONGEST_TEXT:
        raise InvalidTerms("text", f"The text of the terms is longer than {LONGEST_TEXT:,} characters.")
    if _CONTROL.search(text):
        raise InvalidTerms("text", "The text of the terms holds a control character: is it plain text?")


def _deadline(pause_at: datetime | None, now: datetime) -> datetime:
    if pause_at is None:
        return now + AGREE_WITHIN
    if pause_at.tzinfo is None or pause_at <= now:
        raise InvalidTerms("pause_at", "Give a moment to come, with its time zone.")
    if pause_at > now + LONGEST_NOTICE:
        raise InvalidTerms("pause_at", f"Give a moment within {LONGEST_NOTICE.days} days.")
    return pause_at
