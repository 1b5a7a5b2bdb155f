"""Whether a mail server refuses every mail: then the fault is its own or ours, not a recipient's. Pure.

Workers share what it answered (`MailServerEvidence`), so that several find it out as soon as one would.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zlib import crc32

from service.domain.delivery.reply_words import GREYLISTED
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind

#: This many mails refused, to this many domains, and none accepted since the first of them, mean that the
#: server refuses every mail. One mail, however often it is tried, or one domain may have a reason of its own.
MAILS, DOMAINS = 3, 2

#: After many accepted mails as many, up to this number, must be refused: the last three may be those of two
#: domains that defer them. Refusals of this many domains in a row are enough in any case.
MOST_MAILS, SHORTLY, MANY_DOMAINS = 10, timedelta(minutes=10), 4


class Refusal(StrEnum):
    """The way in which a server refuses every mail."""

    DEFERRED = "deferred"  # for now: it will be asked again
    DENIED = "denied"  # for good, for what we are: relaying, a missing login, a blocked address of ours


class RefusedMail(NamedTuple):
    """A mail that was refused. `domain`: 0 to 255, which tells two of them apart and names none."""

    mail: int
    domain: int
    at: datetime


class Closing(NamedTuple):
    """A worker leaves a server alone that denies every mail: how many tries, the last one, until when."""

    denials: int
    tried_at: datetime
    until: datetime


class MailServerEvidence(NamedTuple):
    """A server's answers to one worker: when it last accepted mails, and which ones it refused since."""

    accepted: tuple[datetime, ...] = ()
    refused: Mapping[Refusal, tuple[RefusedMail, ...]] = {}
    closing: Closing | None = None

    def shifted(self, by: timedelta) -> "MailServerEvidence":
        """The same by a clock that is so far ahead."""
        refused = {
            refusal: tuple(mail._replace(at=mail.at + by) for mail in mails)
            for refusal, mails in self.refused.items()
        }
        closing = self.closing
        if closing is not None:
            closing = closing._replace(tried_at=closing.tried_at + by, until=closing.until + by)
        return MailServerEvidence(tuple(at + by for at in self.accepted), refused, closing)


class _Refused:
    """The mails refused in one way since a mail was last accepted."""

    def __init__(self, since: datetime, accepted: int) -> None:
        self.since = since
        self._accepted = accepted
        self._domains = set[str]()
        self.mails = dict[int, RefusedMail]()
        self.last: Outcome

    def add(self, mail: int, domain: str, outcome: Outcome, now: datetime) -> None:
        """Records a refusal; only as many mails (the last) and domains (the first) as needed are kept."""
        self.last = outcome
        self.mails.pop(mail, None)
        self.mails[mail] = RefusedMail(mail, crc32(domain.lower().encode()) & 0xFF, now)
        if len(self.mails) > MOST_MAILS:
            del self.mails[next(iter(self.mails))]
        if len(self._domains) < MANY_DOMAINS:
            self._domains.add(domain.lower())

    @property
    def is_every_mail(self) -> bool:
        """Whether it is enough to say that the server refuses all."""
        return _is_enough(len(self.mails), len(self._domains), self._accepted)


def _is_enough(mails: int, domains: int, accepted: int) -> bool:
    """Whether that many refusals mean every mail, given the number of mails accepted shortly before."""
    return mails >= MAILS and domains >= DOMAINS and (domains >= MANY_DOMAINS or mails >= accepted)


class Refusals:
    """A server's refusals, from RCPT on, since it last accepted a mail.

    `others`: the server's answers to other workers, as of their last reports.
    """

    def __init__(self) -> None:
        self._refused: dict[Refusal, _Refused] = {}
        self._accepted_at: deque[datetime] = deque(maxlen=MOST_MAILS)
        self.others: Sequence[MailServerEvidence] = ()

    def record(self, mail: int, domain: str, outcome: Outcome, now: datetime) -> None:
        """Records the answer to a mail for a recipient at `domain`.

        Replies about a recipient or the mail itself are not counted, nor is greylisting, which ends by
        waiting.
        """
        if outcome.kind is OutcomeKind.SENT:
            self._accepted_at.append(now)
            if self._refused:
                self._refused = {}
        elif (refusal := _of(outcome)) is not None:
            if refusal not in self._refused:
                shortly = sum(at > now - SHORTLY for at in self._accepted_at)
                self._refused[refusal] = _Refused(now, shortly)
            self._refused[refusal].add(mail, domain, outcome, now)

    @property
    def evidence(self) -> MailServerEvidence:
        """The server's answers to this worker."""
        refused = {refusal: tuple(found.mails.values()) for refusal, found in self._refused.items()}
        return MailServerEvidence(tuple(self._accepted_at), refused)

    def every_mail(self, refusal: Refusal) -> tuple[datetime, Outcome] | None:
        """Since when the server has refused every mail in this way, and its last answer; None if it has not.

        At least some of the mails are this worker's: a server may refuse one worker's machine and accept mail
        from another.
        """
        if (refused := self._refused.get(refusal)) is None:
            return None
        if refused.is_every_mail:
            return refused.since, refused.last
        since = self.since_of_all(refusal)
        return (since, refused.last) if since is not None else None

    def since_of_all(self, refusal: Refusal) -> datetime | None:
        """Since when the server has refused the mails of all workers in this way; None if it has not."""
        everybody = (self.evidence, *self.others)
        accepted = [at for evidence in everybody for at in evidence.accepted]
        found = {
            refused.mail: refused
            for evidence in everybody
            for refused in evidence.refused.get(refusal, ())
            if not accepted or refused.at > max(accepted)
        }
        since = min((refused.at for refused in found.values()), default=None)
        if since is None:
            return None
        domains = len({refused.domain for refused in found.values()})
        shortly = min(MOST_MAILS, sum(at > since - SHORTLY for at in accepted))
        return since if _is_enough(len(found), domains, shortly) else None


def _of(outcome: Outcome) -> Refusal | None:
    if outcome.kind is OutcomeKind.DEFERRED:
        return None if GREYLISTED.search(outcome.detail) else Refusal.DEFERRED
    if outcome.kind in (OutcomeKind.POLICY, OutcomeKind.SENDER_FAULT):
        return Refusal.DEFERRED if outcome.may_retry else Refusal.DENIED
    return None
