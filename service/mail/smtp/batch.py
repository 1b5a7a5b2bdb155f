"""The mails of one call to `send`: counts their outcomes and passes them to the caller."""

import asyncio
from collections.abc import Awaitable, Callable

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, SessionStage
from service.mail.smtp.envelope import OutgoingMessage
from service.mail.smtp.throttle import DomainThrottle

OnOutcome = Callable[[int, Outcome], Awaitable[None] | None]
"""Called with a mail's id and its outcome. If it returns an awaitable, the next body on that connection waits
for it: if that is done once the outcome is stored, a crash repeats at most one mail per connection."""


class Batch:
    """Settles each mail once. Errors of the caller's `on_outcome` are raised by `finish`."""

    def __init__(
        self, size: int, on_outcome: OnOutcome, domains: DomainThrottle, may_go: Callable[[], bool]
    ) -> None:
        self.settled = asyncio.Event()
        self.may_go = may_go
        self._left = size
        self._on_outcome = on_outcome
        self._domains = domains
        self._recordings: set[asyncio.Future[None]] = set()
        self._error: BaseException | None = None
        if size == 0:
            self.settled.set()

    def settle(self, mail: OutgoingMessage, outcome: Outcome) -> asyncio.Future[None] | None:
        """Passes on a mail's outcome; the returned future is done once recording it succeeded or failed."""
        self._domains.record(mail.domain, outcome)
        recording = None
        try:
            recording = self._on_outcome(mail.id, outcome)
        except Exception as error:
            self._error = self._error or error
        self._left -= 1
        if self._left == 0:
            self.settled.set()
        return None if recording is None else self._watch(asyncio.ensure_future(recording))

    def _watch(self, recording: asyncio.Future[None]) -> asyncio.Future[None]:
        if recording not in self._recordings:  # several mails may share one
            self._recordings.add(recording)
            recording.add_done_callback(self._on_recorded)
        return recording

    def _on_recorded(self, recording: asyncio.Future[None]) -> None:
        self._recordings.discard(recording)
        if not recording.cancelled():
            self._error = self._error or recording.exception()

    async def finish(self) -> None:
        """Waits until every outcome is recorded; raises the first error of the caller's function."""
        if self._recordings:
            await asyncio.wait(self._recordings)
        if self._error is not None:
            raise self._error


def not_attempted(reason: str) -> Outcome:
    """The outcome of a mail whose body was sent to no server."""
    return Outcome(OutcomeKind.NOT_ATTEMPTED, SessionStage.CONNECT, None, None, reason)


def connection_failed(stage: SessionStage, detail: str) -> Outcome:
    """The outcome of a mail that no server could be asked to take."""
    return Outcome(OutcomeKind.CONNECTION_FAILED, stage, None, None, detail)
