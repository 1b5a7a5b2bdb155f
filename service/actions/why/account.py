"""An account: the stages of news on its way to a mail, and the sentences on mails that all accounts share."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from service.domain.delivery.explained import EVENTS, delivery_sentence, moment, outcome_words
from service.domain.delivery.kinds import MAIL_KINDS
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import CancelledNews, RunState
from service.domain.trials.change import Level
from service.domain.trials.lifecycle import EventState
from service.store.admin.browse import Event
from service.store.admin.why import LoggedChange, Mail


class StageName(StrEnum):
    """Where on its way the news was."""

    PERSON = "person"
    SUBSCRIPTION = "subscription"
    EVENT = "event"
    CHANGE = "change"
    PLANNING = "planning"
    HOLD = "hold"
    DELIVERY = "delivery"
    REPLY = "reply"
    BOUNCE = "bounce"


class Stage(msgspec.Struct, frozen=True):
    """One stage: when, in a sentence; `event`, `run` and `delivery` are the numbers to look at next.

    `stops`: the news came no further than here.
    """

    stage: StageName
    sentence: str
    at: datetime | None = None
    stops: bool = False
    event: int | None = None
    run: int | None = None
    delivery: int | None = None


class Account(msgspec.Struct, frozen=True):
    """`subject` is what was asked about, without an address; `answer` sums up the stages."""

    subject: str
    answer: str
    stages: Sequence[Stage]


def account(subject: str, stages: Sequence[Stage], answer: str = "") -> Account:
    """An account that is summed up by `answer`, or by the first stage that stopped the news, or the last."""
    stopped = next((stage.sentence for stage in stages if stage.stops), None)
    last = stages[-1].sentence if stages else "Nothing is known."
    return Account(subject, answer or stopped or last, stages)


def event_stages(event: Event | None) -> list[Stage]:
    """What became of an event; None: it is not kept any more."""
    if event is None:
        return []
    about = f"{event.type} on {event.subject}"
    revision = f", revision {event.revision}" if event.revision is not None else ""
    came = f"Event {event.id} ({about}{revision}) came."
    stages = [Stage(StageName.EVENT, came, event.received_at, event=event.id)]
    words = EVENTS.get(event.state, f"Its state is {event.state}.")
    reason = f" The reason: {event.reason}" if event.reason else ""
    processed = event.state == EventState.PROCESSED
    stages.append(
        Stage(StageName.EVENT, words + reason, event.processed_at, stops=not processed, event=event.id)
    )
    return stages


def change_stage(change: LoggedChange) -> Stage:
    """A change in the log."""
    size = "" if change.level > Level.LOW else ", a small one that causes no mail by itself"
    kind = change.kind.replace("_", " ")
    sentence = f"It differed from what was known: {kind} of {change.nct_id} (change {change.seq}{size})."
    return Stage(StageName.CHANGE, sentence, change.recorded_at, event=change.event_id)


def mail_stages(mail: Mail, now: datetime) -> list[Stage]:
    """What became of a mail: its run, its attempts, the server's words, a bounce."""
    label = MAIL_KINDS[mail.kind].label if mail.kind in MAIL_KINDS else mail.kind
    stages = []
    if mail.run_state is not None:
        stages.append(_run_stage(mail))
    elif mail.digest_id is None:
        stages.append(
            Stage(
                StageName.PLANNING,
                f"Mail {mail.id} (“{label}”) was queued.",
                mail.created_at,
                delivery=mail.id,
            )
        )
    stages += _delivery_stages(mail, now)
    if mail.taken_back:
        stages.append(Stage(StageName.PLANNING, "What it would have told goes into a later digest."))
    return stages


def _delivery_stages(mail: Mail, now: datetime) -> list[Stage]:
    """A mail's attempts and their end, the server's words, and the bounce that came back."""
    stages = []
    if mail.first_attempt_at is not None:
        stages.append(
            Stage(
                StageName.DELIVERY,
                f"A worker claimed it first, attempt {mail.attempts} was the last so far."
                if mail.attempts > 1
                else "A worker claimed it.",
                mail.first_attempt_at,
                delivery=mail.id,
            )
        )
    sentence = delivery_sentence(mail.state, mail.outcome, mail.attempts, mail.due_at, now)
    came_back = mail.state == DeliveryState.BOUNCED and mail.history is None
    if came_back:
        sentence = "The mail server accepted it."
    waits = mail.state in (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.CLAIMED)
    sent = mail.state == DeliveryState.SENT or came_back
    stages.append(
        Stage(
            StageName.DELIVERY,
            sentence,
            None if waits else mail.finished_at,
            stops=not sent,
            delivery=mail.id,
        )
    )
    if mail.server_reply:
        stages.append(
            Stage(
                StageName.REPLY,
                f"The server's words: {mail.server_reply}",
                delivery=mail.id,
            )
        )
    if came_back:
        stages.append(
            Stage(
                StageName.BOUNCE,
                f"A bounce came back: {outcome_words(mail.outcome)}.",
                mail.finished_at,
                stops=True,
                delivery=mail.id,
            )
        )
    return stages


def _run_stage(mail: Mail) -> Stage:
    sentence = f"Run {mail.run_id} ({mail.frequency}) planned digest {mail.digest_id} as mail {mail.id}."
    stops = False
    if mail.run_state == RunState.HELD:
        sentence += f" The run is held: {mail.held_because or 'it is far larger than usual'}"
        stops = True
    elif mail.run_state == RunState.RELEASED:
        sentence += " The run was held, and an operator released it."
    elif mail.run_state == RunState.CANCELLED:
        later = mail.news == CancelledNews.LATER
        sentence += f" An operator cancelled the run; its news is told {'later' if later else 'never'}."
    return Stage(
        StageName.PLANNING, sentence, mail.planned_at, stops=stops, run=mail.run_id, delivery=mail.id
    )


def hold_stage(since: datetime, explanation: str) -> Stage:
    """All mail is held."""
    return Stage(StageName.HOLD, f"All mail is held since {moment(since)}. {explanation}", since, stops=True)
