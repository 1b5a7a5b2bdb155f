"""Reads trials that the search of a watch no longer finds one by one, for their followers.

A change of conditions or status may remove a study from a search, which is no removal. A study is removed if
the registry has not had it for a week, and merged if the registry answers with another number.
"""

from datetime import UTC, date, datetime, timedelta

from service.cli.registry.api import RegistryApi, StudyRefused, number_of
from service.cli.registry.outbox import Outbox, Polled

#: An outage of the registry must not be mistaken for a removal, which ends subscriptions.
MISSING_FOR = timedelta(days=7)


async def read_strays(
    outbox: Outbox, api: RegistryApi, polled: Polled, *, sweep: int, most: int, today: date | None = None
) -> None:
    """Reads up to `most` of the known trials that the last complete sweep did not find.

    One that the registry refuses is reported, and read again in the next sweep: it must not keep back others.
    """
    today = today or datetime.now(UTC).date()
    for nct_id, missing_since in outbox.state.read_before(sweep - 1, most):
        try:
            record = await api.study(nct_id)
        except StudyRefused as problem:
            polled.skipped.append(str(problem))
            outbox.state.mark_read(nct_id, sweep, missing_since)
            outbox.state.commit()
            continue
        number = None if record is None else number_of(record)
        if number:
            outbox.enqueue([record], polled, sweep=sweep, quiet=True)
        if number and number != nct_id:
            outbox.enqueue_end(nct_id, into=number)
        elif missing_since and not number and today - date.fromisoformat(missing_since) >= MISSING_FOR:
            outbox.enqueue_end(nct_id)
        else:
            since = None if number else missing_since or today.isoformat()
            outbox.state.mark_read(nct_id, sweep, since)
        outbox.state.commit()
    await outbox.send(polled)
