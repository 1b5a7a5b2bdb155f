"""The mail servers of a pool, in order of preference: the first one that is not failing is used."""

import asyncio
import random
import ssl
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from service.domain.delivery.refusals import Closing, MailServerEvidence, Refusal, Refusals
from service.domain.delivery.retry import connection_backoff, denied_backoff
from service.domain.delivery.server_failures import ADVICE, Failure
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.mail.smtp.connect import OpeningConnection, connect
from service.mail.smtp.connection import SmtpConnection, Timeouts
from service.mail.smtp.url import SmtpUrl

_log = structlog.get_logger("smtp")

#: Seconds between two log lines on the same failing server.
_LOG_SECONDS = 60.0

#: A server that leaves all connections, those being opened included, without a reply for this many seconds is
#: reported as failing. It is still waited for: it may answer after minutes (RFC 5321 §4.5.3.2), and a second
#: attempt would double mails.
SILENT_SECONDS = 30.0


#: While a server denies every mail, the workers together offer it one mail at a time: each waits this long
#: for the workers before it. By then their reports, one every ten seconds, contain the outcome.
TURN = timedelta(seconds=25)

#: The log events of problems that a report finds, except silence.
_EVENTS = {Failure.DEFERS: "mail_server_defers", Failure.DENIES: "mail_server_away"}


class Route:
    """One server. After a failure it is left alone until `down_until`: from a second doubling to a minute."""

    def __init__(self, target: SmtpUrl, context: ssl.SSLContext | None = None) -> None:
        self.target = target
        self.context = context
        self.reason: Failure | None = None
        self.failure: Outcome | None = None
        self.down_until: datetime | None = None
        self.failing_since: datetime | None = None
        self.connections: set[SmtpConnection] = set()
        self._opening: set[OpeningConnection] = set()
        self._failures = 0
        self._refusals = Refusals()
        self.closing: Closing | None = None  # while it denies every mail
        self._denied_others = False
        self._reported_deferring = False
        self._logged_at = -_LOG_SECONDS

    @property
    def server(self) -> str:
        """Host and port, without the credentials."""
        return f"{self.target.host}:{self.target.port}"

    async def connect(self, local_hostname: str, timeouts: Timeouts) -> SmtpConnection:
        """A connection to it, ready for MAIL. Raises Unreachable."""
        opening = OpeningConnection()
        self._opening.add(opening)
        try:
            return await connect(self.target, local_hostname, self.context, timeouts, opening)
        finally:
            self._opening.discard(opening)

    def is_down(self, now: datetime) -> bool:
        """Whether it failed just now and is not to be tried yet."""
        return self.down_until is not None and now < self.down_until

    @property
    def denies(self) -> bool:
        """Whether it has denied every mail since it last took one: it is offered one at a time then."""
        return self._denied_others or self._refusals.every_mail(Refusal.DENIED) is not None

    @property
    def is_closed(self) -> bool:
        """Whether it denied every mail just now, so that no more is to be offered to it yet."""
        return self.reason is Failure.DENIES and self.is_down(datetime.now(UTC))

    def problem(self) -> dict[str, Any] | None:
        """Its failure as JSON: server, reason, its reply, since when; None if it works."""
        if self.reason is not None and self.failure is not None and self.failing_since is not None:
            return self._described(self.reason, self.failure.server_reply, self.failing_since)
        silent = self.silent_seconds()
        if silent < SILENT_SECONDS:
            return self._deferring()
        since = datetime.now(UTC) - timedelta(seconds=silent)
        stages = ", ".join(sorted({str(waiting.stage) for waiting in self._all()}))
        return self._described(Failure.TIMEOUT, f"no answer for {silent:.0f} s so far, at {stages}", since)

    def _deferring(self) -> dict[str, Any] | None:
        """The failure of a server that defers every mail, to any recipient; None if it does not."""
        if (found := self._refusals.every_mail(Refusal.DEFERRED)) is None:
            return None
        since, last = found
        return self._described(Failure.DEFERS, last.server_reply, since)

    def report(self) -> dict[str, Any] | None:
        """The `problem`; one that no attempt to connect would log is logged, once a minute."""
        problem = self.problem()
        if problem is not None and (self.failure is None or self.reason is Failure.DENIES):
            reason = problem["reason"]
            self._reported_deferring = reason == Failure.DEFERS
            self._log(_EVENTS.get(reason, "mail_server_silent"), problem)
        return problem

    def _log(self, event: str, problem: Mapping[str, Any], *, at_once: bool = False) -> None:
        if at_once or time.monotonic() - self._logged_at >= _LOG_SECONDS:
            self._logged_at = time.monotonic()
            _log.error(event, **problem, advice=ADVICE[Failure(problem["reason"])])

    def _all(self) -> tuple[SmtpConnection | OpeningConnection, ...]:
        return (*self.connections, *self._opening)

    def silent_seconds(self) -> float:
        """The seconds for which all connections, those being opened included, have been waiting for the
        server. 0 if one is not, or there is none.
        """
        now = asyncio.get_running_loop().time()
        waits = [connection.waiting_since for connection in self._all()]
        return min((0.0 if since is None else now - since for since in waits), default=0.0)

    def _described(self, reason: Failure, reply: str | None, since: datetime) -> dict[str, Any]:
        return {
            "server": self.server,
            "reason": str(reason),
            "reply": reply,
            "since": since.isoformat(timespec="seconds"),
        }

    def record_failure(self, reason: Failure, failure: Outcome) -> None:
        """Backs off, and logs it at the first failure and then once a minute."""
        self.down_until = datetime.now(UTC) + connection_backoff(self._failures + 1, random.random)
        self._set_failure(reason, failure)

    def record_answer(self, mail: int, domain: str, outcome: Outcome) -> bool:
        """Records its answer to one mail, for a recipient at `domain`.

        True if it thereby denies every mail: it is left alone then, for a minute at first.
        """
        now = datetime.now(UTC)
        self._refusals.record(mail, domain, outcome, now)
        if outcome.kind is OutcomeKind.SENT:
            self._recover()
            return False
        denied = self._refusals.every_mail(Refusal.DENIED)
        if denied is None or denied[1] is not outcome:
            return False
        if not self.is_down(now):  # else it was in flight when that began
            self._close(outcome, now, 1 + max((closing.denials for closing in self._closings), default=0))
        return True

    @property
    def evidence(self) -> MailServerEvidence:
        """Its answers to this worker, for the others."""
        return self._refusals.evidence._replace(closing=self.closing)

    def merge_evidence(self, others: Sequence[MailServerEvidence]) -> bool:
        """Merges its answers to the other workers; True if it thereby denies every mail.

        It is then left alone until the last of them would try again. The one that tried longest ago begins.
        """
        self._refusals.others, now = others, datetime.now(UTC)
        self._denied_others = self._refusals.since_of_all(Refusal.DENIED) is not None
        denied, closings = self._refusals.every_mail(Refusal.DENIED), self._closings
        if denied is not None and self.closing is None and not self.is_down(now):
            self._close(denied[1], now, max((closing.denials for closing in closings), default=1))
            return True
        if self.closing is not None and self.reason is Failure.DENIES:
            before = sum(closing.tried_at < self.closing.tried_at for closing in closings)
            until = max(closing.until for closing in closings)
            denials = max(closing.denials for closing in closings)
            self.closing = Closing(denials, self.closing.tried_at, until)
            self.down_until = until + before * TURN
        return False

    @property
    def _closings(self) -> Sequence[Closing]:
        """The pauses of all workers that leave it alone; only this worker's, if it takes another's mails."""
        others = self._refusals.others if self._refusals.since_of_all(Refusal.DENIED) is not None else ()
        known = (self.closing, *(evidence.closing for evidence in others))
        return [closing for closing in known if closing is not None]

    def _close(self, answer: Outcome, now: datetime, denials: int) -> None:
        """It denied every mail, so often: it is left alone for a while."""
        self._set_failure(Failure.DENIES, answer._replace(kind=OutcomeKind.CONNECTION_FAILED))
        self.down_until = now + denied_backoff(denials, random.random)
        self.closing = Closing(denials, now, self.down_until)

    def _recover(self) -> None:
        """It took a mail: it does not refuse all any more."""
        if self.reason is Failure.DENIES:
            self.record_success()
        elif self._reported_deferring:
            _log.info("mail_server_back", server=self.server)
        self.closing, self._denied_others, self._reported_deferring = None, False, False

    def record_mail(self, refusal: Outcome | None) -> None:
        """A mail got a reply of its own, or was refused because of us (`refusal`), which is shown."""
        if refusal is not None:
            self._set_failure(Failure.REPLY, refusal)
        elif self.failure is not None and self.reason is not Failure.DENIES:
            self.record_success()

    def _set_failure(self, reason: Failure, failure: Outcome) -> None:
        self._failures += 1
        self.reason, self.failure = reason, failure
        self.failing_since = self.failing_since or datetime.now(UTC)
        described = self._described(reason, failure.server_reply, self.failing_since)
        self._log("mail_server_away", described, at_once=self._failures == 1)

    def record_success(self) -> None:
        """Records an accepted mail: earlier failures are over."""
        if self._failures:
            _log.info("mail_server_back", server=self.server)
        self._failures = 0
        self.reason = self.failure = self.down_until = self.failing_since = None


class Routes:
    """All servers; the pool asks for the one to connect to."""

    def __init__(self, targets: Sequence[SmtpUrl], context: ssl.SSLContext | None = None) -> None:
        self.all = [Route(target, context) for target in targets]

    def usable(self) -> Route | None:
        """The first server that is not down, None while all are."""
        now = datetime.now(UTC)
        return next((route for route in self.all if not route.is_down(now)), None)

    @property
    def down_until(self) -> datetime | None:
        """While all servers are down, when the first one is tried again; else None."""
        if self.usable() is not None:
            return None
        return min(route.down_until for route in self.all if route.down_until is not None)

    def problems(self) -> list[dict[str, Any]]:
        """The failure of each server that fails or is silent; silence is logged."""
        return [problem for route in self.all if (problem := route.report()) is not None]

    @property
    def failing(self) -> Route | None:
        """The server whose failure keeps mail from leaving: the first, while each one fails."""
        failing = [route for route in self.all if route.failure is not None]
        return failing[0] if len(failing) == len(self.all) else None
