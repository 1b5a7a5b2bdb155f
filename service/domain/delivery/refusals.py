"""Whether a mail server refuses every mail: then the fault is its own or ours, not a recipient's. Pure."""

from collections import deque
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.delivery.reply_words import GREYLISTED
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind

#: So many mails refused, to so many domains, and none accepted since the first of them: that is every mail.
#: One mail, however often it is tried, and one domain are not: they have reasons of their own.
MAILS, DOMAINS = 3, 2

#: As many as were accepted shortly before, up to so many, must be refused: among many mails, the last three
#: may be those of two domains that put them off.
MOST_MAILS, SHORTLY = 10, timedelta(minutes=10)


class Refusal(StrEnum):
    """How a server refuses every mail."""

    DEFERRED = "deferred"  # for now: it will be asked again
    DENIED = "denied"  # for good, for what we are: relaying, a missing login, a blocked address of ours


class _Refused:
    """What was refused in one way since a mail was last accepted."""

    def __init__(self, since: datetime, enough: int) -> None:
        self.since = since
        self._enough = enough
        self.mails = set[int]()
        self.domains = set[str]()
        self.last: Outcome

    def add(self, mail: int, domain: str, outcome: Outcome) -> None:
        """Notes a refusal; no more mails and domains than are asked for."""
        self.last = outcome
        if len(self.mails) < self._enough:
            self.mails.add(mail)
        if len(self.domains) < DOMAINS:
            self.domains.add(domain.lower())

    @property
    def is_every_mail(self) -> bool:
        """Whether it is enough to say that the server refuses all."""
        return len(self.mails) >= self._enough and len(self.domains) >= DOMAINS


class Refusals:
    """A server's refusals, from RCPT on, since it last accepted a mail."""

    def __init__(self) -> None:
        self._refused: dict[Refusal, _Refused] = {}
        self._accepted_at: deque[datetime] = deque(maxlen=MOST_MAILS)

    def record(self, mail: int, domain: str, outcome: Outcome, now: datetime) -> None:
        """Notes the answer to a mail for a recipient at `domain`.

        What is said of a recipient or of the mail itself counts for nothing, nor does greylisting, which ends
        by waiting.
        """
        if outcome.kind is OutcomeKind.SENT:
            self._accepted_at.append(now)
            if self._refused:
                self._refused = {}
        elif (refusal := _of(outcome)) is not None:
            if refusal not in self._refused:
                shortly = sum(at > now - SHORTLY for at in self._accepted_at)
                self._refused[refusal] = _Refused(now, max(MAILS, shortly))
            self._refused[refusal].add(mail, domain, outcome)

    def every_mail(self, refusal: Refusal) -> tuple[datetime, Outcome] | None:
        """Since when the server has refused every mail like this, and its last answer; None if it has not."""
        refused = self._refused.get(refusal)
        return (refused.since, refused.last) if refused is not None and refused.is_every_mail else None


def _of(outcome: Outcome) -> Refusal | None:
    if outcome.kind is OutcomeKind.DEFERRED:
        return None if GREYLISTED.search(outcome.detail) else Refusal.DEFERRED
    if outcome.kind in (OutcomeKind.POLICY, OutcomeKind.SENDER_FAULT):
        return Refusal.DEFERRED if outcome.may_retry else Refusal.DENIED
    return None
