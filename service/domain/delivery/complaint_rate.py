"""The complaint rate: above a limit that mailbox providers tolerate, an operator is warned. Pure."""

from dataclasses import dataclass

#: Complaints per mail above which operators are warned (the providers' rule: below 0.1 %, never 0.3 %).
ALERT_AT = 0.001

#: Below this many mails a single complaint exceeds the rate, which is not significant.
ENOUGH_MAILS = 1_000


@dataclass(frozen=True, slots=True)
class Complaints:
    """Counts of complaints and digests of the last seven days."""

    number: int
    mails: int

    @property
    def rate(self) -> float:
        """Complaints per mail."""
        return self.number / self.mails if self.mails else 0.0

    @property
    def too_many(self) -> bool:
        """Whether the rate exceeds the limit."""
        return self.mails >= ENOUGH_MAILS and self.rate >= ALERT_AT
