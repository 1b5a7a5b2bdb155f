"""The stages of a mail: its run, its attempts, the server's words, a bounce; and that all mail is held."""

from collections.abc import Sequence
from datetime import datetime

from service.actions.why.account import Stage, StageName
from service.actions.why.sending import Obstacle
from service.domain.delivery import advice
from service.domain.delivery.explanations import delivery_sentence, moment, outcome_words
from service.domain.delivery.hold import EXPLANATIONS
from service.domain.delivery.kinds import MAIL_KINDS, MailKind
from service.domain.delivery.smtp_reply import OutcomeKind
from service.domain.delivery.states import WAITING, DeliveryState
from service.domain.digests.run import CancelledNews, RunState
from service.store.admin.why import DeliveryWithRun
from service.store.mail.holds import Hold


def mail_stages(mail: DeliveryWithRun, obstacle: Obstacle | None, now: datetime) -> list[Stage]:
    """The stages of a mail: its run, its attempts, the server's words, a bounce.

    `obstacle`: the reason why a waiting mail to its reader is not sent, if there is one.
    """
    label = MAIL_KINDS[mail.kind].label if mail.kind in MAIL_KINDS else mail.kind
    stages = []
    if mail.run_state is not None:
        stages.append(_run_stage(mail))
    elif mail.digest_id is None:
        words = f"Mail {mail.id} (“{label}”) was queued."
        stages.append(Stage(StageName.PLANNING, words, mail.created_at, delivery=mail.id))
    if mail.first_attempt_at is not None:
        again = f"A worker claimed it first, attempt {mail.attempts} was the last so far."
        words = again if mail.attempts > 1 else "A worker claimed it."
        stages.append(Stage(StageName.DELIVERY, words, mail.first_attempt_at, delivery=mail.id))
    stages.append(delivery_stage(mail, obstacle, now))
    if mail.server_reply:
        is_ours = mail.outcome == OutcomeKind.TEMPLATE_FAULT
        words = ("What is wrong: " if is_ours else "The server's words: ") + mail.server_reply
        stages.append(Stage(StageName.REPLY, words, delivery=mail.id))
    if _came_back(mail):
        words = f"A bounce came back: {outcome_words(mail.outcome)}."
        do = advice.of_delivery(mail.state, mail.outcome)
        stages.append(
            Stage(StageName.BOUNCE, words, mail.finished_at, stops=True, do=do, delivery=mail.id),
        )
    if mail.rolled_back:
        stages.append(Stage(StageName.PLANNING, "Its news goes into a later digest."))
    return stages


def delivery_stage(mail: DeliveryWithRun, obstacle: Obstacle | None, now: datetime) -> Stage:
    """The present state of a mail, as one stage."""
    if mail.state == DeliveryState.SENT or _came_back(mail):
        words = "The mail server accepted it."
        return Stage(StageName.DELIVERY, words, mail.finished_at, delivery=mail.id)
    words = delivery_sentence(mail.state, mail.outcome, mail.attempts, mail.due_at, now)
    lost = mail.state == DeliveryState.CLAIMED and mail.lease_until is not None and mail.lease_until < now
    do = advice.of_delivery(mail.state, mail.outcome, lease_lost=lost)
    if lost and mail.lease_until is not None:
        words = f"A worker claimed it and did not come back: its lease expired at {moment(mail.lease_until)}."
    elif mail.state == DeliveryState.HELD and mail.run_id is not None:
        do = advice.of_held_run(mail.run_id)
    waits = mail.state in WAITING
    if obstacle is not None and (lost or mail.state == DeliveryState.QUEUED):
        words, do = f"{words} {obstacle.sentence}", obstacle.do
    at = None if waits else mail.finished_at
    return Stage(StageName.DELIVERY, words, at, stops=True, do=do, delivery=mail.id)


def _came_back(mail: DeliveryWithRun) -> bool:
    """Whether a bounce came back later: an attempt that ends as one has its history."""
    return mail.state == DeliveryState.BOUNCED and mail.history is None


def _run_stage(mail: DeliveryWithRun) -> Stage:
    sentence = f"Run {mail.run_id} ({mail.frequency}) planned digest {mail.digest_id} as mail {mail.id}."
    held = mail.run_state == RunState.HELD and mail.run_id is not None
    do = advice.of_held_run(mail.run_id) if held and mail.run_id is not None else ""
    if held:
        sentence += f" The run is held: {mail.held_because or 'it is far larger than usual'}"
    elif mail.run_state == RunState.RELEASED:
        sentence += " The run was held, and an operator released it."
    elif mail.run_state == RunState.CANCELLED:
        later = mail.news == CancelledNews.LATER
        sentence += f" An operator cancelled the run; its news is {'sent later' if later else 'never sent'}."
    return Stage(
        StageName.PLANNING, sentence, mail.planned_at, stops=held, do=do, run=mail.run_id, delivery=mail.id
    )


def hold_stage(hold: Hold, released: Sequence[str], mails: Sequence[DeliveryWithRun]) -> Stage:
    """All mail is held but the `released` parts; it stops what is queued of `mails`, or the next digest."""
    words = f"All mail is held since {moment(hold.since)}. {EXPLANATIONS[hold.reason]}"
    if released:
        words += f" Released by hand: {', '.join(released)}."
    queued = [
        {f"kind:{mail.kind}", f"run:{mail.run_id}"} for mail in mails if mail.state == DeliveryState.QUEUED
    ]
    stops = any(names.isdisjoint(released) for names in queued or [{f"kind:{MailKind.DIGEST}"}])
    return Stage(StageName.HOLD, words, hold.since, stops=stops, do=advice.HOLD if stops else "")
