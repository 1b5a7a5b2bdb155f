"""The transactional outbox of `registry watch`: studies become events in the state file, which are sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from service.cli.events import MOST_EVENTS, Refused, Sent, batches, post_batch
from service.cli.registry.convert import SOURCE
from service.cli.registry.state import GONE, RegistryState
from service.domain.trials.registry.record import (
    REGISTRY_URL,
    InvalidRecord,
    gone_event,
    suppressed,
    to_event,
)
from service.domain.trials.registry.revisions import Observation, Revised


@dataclass(slots=True)
class Polled:
    """The counts of a poll."""

    read: int = 0
    changed: int = 0
    skipped: list[str] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)
    refused: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Outbox:
    """Events for the service's endpoint. `trial_url` is the website's trial page."""

    state: RegistryState
    client: httpx.AsyncClient
    endpoint: str
    secret: str
    trial_url: str = REGISTRY_URL

    def enqueue(self, studies: Iterable[Any], polled: Polled, *, sweep: int, quiet: bool) -> None:
        """Enqueues an event for each study that is new or differs from the one last sent.

        With `quiet` the events of new studies notify nobody. `sweep` is the number of the current sweep.
        """
        now = datetime.now(UTC)

        def revise(seen: Observation) -> Revised:
            return self.state.revise_present(seen, now)

        for record in studies:
            polled.read += 1
            try:
                event = to_event(record, now=now, source=SOURCE, revise=revise, url=self.trial_url)
            except InvalidRecord as problem:
                polled.skipped.append(str(problem))
                continue
            nct_id = event["subject"]
            was_known = self.state.raised.pop(nct_id, None)
            self.state.mark_read(nct_id, sweep)
            if was_known is not None:
                polled.changed += 1
                self.state.enqueue(event if was_known or not quiet else suppressed(event))

    def enqueue_end(self, nct_id: str, into: str | None = None) -> None:
        """Enqueues the event of a removal, or of a merger `into` another trial."""
        known = self.state.known(nct_id)
        revision = known.revision + 1 if known else 0
        self.state.enqueue(gone_event(nct_id, revision, now=datetime.now(UTC), source=SOURCE, into=into))
        self.state.remember(nct_id, revision, GONE, GONE)

    async def send(self, polled: Polled) -> None:
        """Sends all waiting events in order. An event that the service refuses is set aside and reported.

        An event is deleted after the service has stored it; after a crash in between it is sent again with
        the same id.
        """
        while waiting := self.state.waiting(MOST_EVENTS):
            group = next(batches(each.body for each in waiting))
            body = b"[" + b",".join(group) + b"]"
            try:
                sent = await post_batch(self.client, self.endpoint, self.secret, body)
            except Refused as problem:
                if not problem.event_ids.intersection(each.event_id for each in waiting):
                    raise
                self.state.set_aside(problem.event_ids, str(problem))
                polled.refused.append(str(problem))
            else:
                polled.sent += sent
                self.state.delete_waiting([each.number for each in waiting[: len(group)]])
            self.state.commit()
