"""The reasons to hold outgoing mail: an operator, a restored backup, a long stop. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class HoldReason(StrEnum):
    """Why all mail is held; the value is stored and shown."""

    OPERATOR = "operator"  # `trial-alerts mail hold`
    RESTORED = "restored"  # the database is an older one than the workers last wrote to
    LONG_STOP = "long_stop"  # no worker ran for longer than ALERTS_HOLD_AFTER_HOURS


#: The meaning of each, as one sentence for an operator.
EXPLANATIONS = {
    HoldReason.OPERATOR: "An operator held it.",
    HoldReason.RESTORED: "The database looks like a restored backup: mail may have been sent already.",
    HoldReason.LONG_STOP: "No worker ran for long: what was queued before may be out of date.",
}

#: A database whose workers last ran this much earlier than others remember is a restored one. A standby that
#: takes over has lost seconds, and a clock is corrected by less.
RESTORED_AFTER = timedelta(minutes=5)


def automatic_hold(
    *,
    now: datetime,
    alive_at: datetime,
    remembered: datetime | None,
    moved: bool,
    anything_queued: bool,
    hold_after: timedelta,
) -> HoldReason | None:
    """The reason to hold all mail, or None.

    `alive_at` is when the database last saw a worker running, `remembered` when others did (Redis, the data
    folder, this process). `moved`: the database is another one than the workers wrote to, with its content.
    After a long stop there is nothing to hold if nothing is queued. A `hold_after` of 0 turns all this off.
    """
    if not hold_after:
        return None
    if moved or (remembered is not None and remembered - alive_at > RESTORED_AFTER):
        return HoldReason.RESTORED
    if anything_queued and now - alive_at > hold_after:
        return HoldReason.LONG_STOP
    return None
