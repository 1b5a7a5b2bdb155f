"""The stages of an event: its arrival, its processing, and its changes."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.why.account import Stage, StageName
from service.domain.delivery import advice
from service.domain.delivery.explanations import EVENTS
from service.domain.trials.change import Level
from service.domain.trials.lifecycle import DISCARDED, EventState
from service.store.admin import browse, why
from service.store.admin.browse import Event
from service.store.admin.why import LoggedChange


def event_stages(event: Event | None) -> list[Stage]:
    """The stages of an event; None: it is not kept any more."""
    if event is None:
        return []
    about = f"{event.type} on {event.subject}"
    revision = f", revision {event.revision}" if event.revision is not None else ""
    came = f"Event {event.id} ({about}{revision}) came."
    stages = [Stage(StageName.EVENT, came, event.received_at, event=event.id)]
    words = EVENTS.get(event.state, f"Its state is {event.state}.")
    reason = f" The reason: {event.reason}" if event.reason else ""
    if event.reason == DISCARDED:
        words, reason = "An operator discarded it: it is not processed. Nobody is notified.", ""
    stages.append(
        Stage(
            StageName.EVENT,
            words + reason,
            event.processed_at,
            stops=event.state != EventState.PROCESSED,
            do=advice.of_event(event.id, event.state),
            event=event.id,
        )
    )
    return stages


def change_stage(change: LoggedChange) -> Stage:
    """A change in the log."""
    size = "" if change.level > Level.LOW else ", a small one that causes no mail by itself"
    kind = change.kind.replace("_", " ")
    sentence = f"It differed from what was known: {kind} of {change.nct_id} (change {change.seq}{size})."
    return Stage(StageName.CHANGE, sentence, change.recorded_at, event=change.event_id)


async def silent_stage(connection: AsyncConnection, event_id: int) -> Stage:
    """Why a processed event changed nothing that is reported to anybody."""
    event = await browse.whole_event(connection, event_id)
    sentence, do = _silence(_data_of(event.body) if event is not None else {})
    return Stage(StageName.CHANGE, sentence, stops=True, do=do, event=event_id)


def _data_of(body: str | None) -> dict[str, Any]:
    try:
        data = msgspec.json.decode(body or "{}").get("data")
    except (msgspec.DecodeError, AttributeError):
        return {}
    return data if isinstance(data, dict) else {}


def _silence(data: dict[str, Any]) -> tuple[str, str]:
    reason = data.get("reason", "registry")
    if data.get("notify") == "suppress":
        words = "It was sent without notice (notify “suppress”"
        words += f", reason “{reason}”)" if "reason" in data else ")"
    elif reason not in ("registry", "correction"):
        words = f"It was sent without notice (reason “{reason}”)"
    else:
        return (
            "It changed nothing that is reported: no material difference from what was known, or the first "
            "that is known of a study which is neither new nor open to participants.",
            "Nothing, if so: compare its content, under Events on the dashboard, with the study’s page.",
        )
    return (
        words + ": what it changed is known from now on, and nobody is notified.",
        "Nothing, if the ingestor meant it; else correct the ingestor, which sends news with notify “allow” "
        "and reason “registry”.",
    )


async def newest_event_stages(connection: AsyncConnection, nct_id: str, than: datetime | None) -> list[Stage]:
    """The newest event about a trial, if it is newer than `than` and was not reported as it should be."""
    number = await why.newest_event_about(connection, nct_id)
    event = await browse.event(connection, number) if number is not None else None
    if event is None:
        if than is not None:
            return []
        words = f"No event about {nct_id} has come, or none is kept any more."
        do = "See whether the ingestor sends this study, in its log, and whether the dashboard names refused "
        do += "events."
        return [Stage(StageName.EVENT, words, stops=True, do=do)]
    if than is not None and event.received_at <= than:
        return []
    stages = event_stages(event)
    if event.state == EventState.PROCESSED:
        if await why.changes_of_event(connection, event.id):
            return []
        stages.append(await silent_stage(connection, event.id))
    return stages
