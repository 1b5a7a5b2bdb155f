"""The overview's findings on mail servers that can't be used: which, since when, why, for which workers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from service.domain.delivery.server_failures import ADVICE, WORDS, Failure
from service.store.admin.workers import WorkerReport
from service.web.admin.facts import Facts, Finding, clock_time, waiting
from service.web.api.readiness import OK

#: The failures by the word that workers report; workers of another version may report further ones.
_WORDS = {str(reason): words for reason, words in WORDS.items()}
_ADVICE = {str(reason): words for reason, words in ADVICE.items()}

#: The longest part of a server's reply that is shown, in characters; the table of workers has all of it.
_REPLY = 160


def findings(facts: Facts) -> Iterator[Finding]:
    """One finding for each server and reason, however many workers report it; without any, that of
    readiness.
    """
    failing: dict[tuple[str, str], list[tuple[WorkerReport, Mapping[str, Any]]]] = {}
    for worker in facts.workers:
        for problem in worker.status.get("failing", ()):
            failing.setdefault((problem["server"], problem["reason"]), []).append((worker, problem))
    for (server, reason), reports in failing.items():
        since = min((problem["since"] for _, problem in reports), key=_moment)
        yield Finding(
            f"{_who([worker for worker, _ in reports], facts)} can’t use the mail server {server} since"
            f" {clock_time(_moment(since), facts.stats.at)}: {_why(reason, reports[0][1])}.{waiting(facts)}"
            + (_put_off(facts) if reason == Failure.DEFERS else ""),
            _ADVICE.get(reason, ""),
            "#workers",
        )
    if facts.answers["mail"] != OK and not facts.hold.held and not failing:
        yield Finding(
            f"The mail server: {facts.answers['mail']}.{waiting(facts)}",
            "Check ALERTS_SMTP_URL with trial-alerts doctor; mails wait and are sent when it answers.",
            "#workers",
        )


def _who(reporting: Sequence[WorkerReport], facts: Facts) -> str:
    if len(reporting) == 1:
        return f"Worker {reporting[0].host}"
    return f"{len(reporting)} of {len(facts.workers)} workers"


def _put_off(facts: Facts) -> str:
    """The number of mails that wait for their next attempt, as a further sentence."""
    number = facts.stats.queues["deferred"].depth
    return f" {number:,} {'mail was' if number == 1 else 'mails were'} put off." if number else ""


def _why(reason: str, problem: Mapping[str, Any]) -> str:
    """The reason in words, with the server's reply if it gave one: a reply begins with its code."""
    reply = str(problem.get("reply") or "")
    words = in_words(reason)
    if not reply[:3].isdigit():
        return words
    return f"{words}, “{reply[:_REPLY]}{'…' if len(reply) > _REPLY else ''}”"


def in_words(reason: str) -> str:
    """The failure of a mail server as a part of a sentence, by the word that a worker reports."""
    return _WORDS.get(reason, reason.replace("_", " "))


def _moment(since: str) -> datetime:
    return datetime.fromisoformat(since).astimezone(UTC)
