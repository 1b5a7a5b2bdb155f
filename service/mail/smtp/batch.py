"""The mails of one call to `send`: counts their outcomes, one each, and hands them on."""

import asyncio
from collections.abc import Awaitable, Callable

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind, Stage
from service.mail.smtp.envelope import Mail
from service.mail.smtp.throttle import DomainThrottle

OnOutcome = Callable[[int, Outcome], Awaitable[None] | None]
"""Told a mail's id and its outcome. If it returns an awaitable, the next body on that connection waits for
it: with one that is done when the outcome is stored, a crash repeats at most one mail per connection."""


class Batch:
    """Settles each mail once. Errors of the caller's own function are kept and raised by `finish`."""

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

    def settle(self, mail: Mail, outcome: Outcome) -> asyncio.Future[None] | None:
        """Hands on a mail's outcome; what is returned is done once that is recorded, or has failed to be."""
        self._domains.note(mail.domain, outcome)
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
        if recording not in self._recordings:  # one may stand for several mails
            self._recordings.add(recording)
            recording.add_done_callback(self._recorded)
        return recording

    def _recorded(self, recording: asyncio.Future[None]) -> None:
        self._recordings.discard(recording)
        if not recording.cancelled():
            self._error = self._error or recording.exception()

    async def finish(self) -> None:
        """Waits until every outcome is recorded; raises the first error of the caller's function."""
        if self._recordings:
            await asyncio.wait(self._recordings)
        if self._error is not None:
            raise self._error


def not_tried(reason: str) -> Outcome:
    """The outcome of a mail that no server has been given the body of."""
    return Outcome(OutcomeKind.NOT_ATTEMPTED, Stage.CONNECT, None, None, reason)
