"""Why one mail was or was not sent, and to whom one event was reported."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions.why.account import Account, Stage, StageName, account
from service.actions.why.events import change_stage, event_stages, silent_stage
from service.actions.why.mails import hold_stage, mail_stages
from service.actions.why.sending import sending_now
from service.crypto.email_addresses import decrypt_subscriber
from service.crypto.keyring import DecryptionError
from service.domain.delivery import advice
from service.domain.delivery.explanations import outcome_words
from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.domain.mailbox_buckets import domain_of
from service.domain.trials.lifecycle import EventState
from service.store.admin import browse, why
from service.store.admin.stats import HIDDEN_UP_TO
from service.store.digests.digests import reported_trials
from service.store.mail import holds
from service.store.people import subscribers
from service.store.sql.database import prefer_index_scans
from service.system import System


class NothingFound(LookupError):
    """There is no such mail or event. The message is one sentence for an operator."""


async def for_delivery(system: System, number: int, now: datetime) -> Account:
    """The account of one mail. Raises NothingFound."""
    async with system.reading() as connection:
        mail = await why.mail(connection, number)
        if mail is None:
            raise NothingFound(f"There is no delivery {number}.")
        hold, released = await holds.current(connection), await holds.released(connection)
        sending = await sending_now(connection, system, now)
        domain = await _domain_of(connection, system, mail.subscriber_id) if sending.paused else None
    stages = mail_stages(mail, sending.obstacle(domain), now)
    if trials := reported_trials(mail.reported):
        words = f"It reported {len(trials)} trial{'s' * (len(trials) != 1)}: {', '.join(trials[:10])}"
        stages.insert(1, Stage(StageName.PLANNING, words + ("…" if len(trials) > 10 else ".")))
    if hold is not None and mail.state == DeliveryState.QUEUED:
        stages.insert(0, hold_stage(hold, released, [mail]))
    return account(f"delivery {number}", stages)


async def for_event(system: System, number: int) -> Account:
    """The account of one event: its changes, the people whose news they are, and their mails.

    Raises NothingFound.
    """
    async with system.reading() as connection:
        await prefer_index_scans(connection)
        event = await browse.event(connection, number)
        if event is None:
            raise NothingFound(f"There is no event {number}.")
        stages = event_stages(event)
        changes = await why.changes_of_event(connection, number)
        stages += [change_stage(change) for change in changes]
        if not changes:
            if event.state == EventState.PROCESSED:
                stages.append(await silent_stage(connection, number))
            return account(f"event {number}", stages)
        seqs = [change.seq for change in changes]
        topics = await why.topics_of(connection, seqs)
        for topic in topics:
            stages.append(Stage(StageName.SUBSCRIPTION, f"{topic.key} has {_followers(topic.followers)}."))
        runs = await why.runs_reaching(connection, min(seqs))
        mails_by_outcome = await why.mails_covering(
            connection, [run.id for run in runs], min(seqs), [topic.id for topic in topics]
        )
    for run in runs[:5]:
        held = f" It is held: {run.held_because or 'it is far larger than usual'}"
        words = f"Run {run.id} ({run.frequency}) planned {run.digests} digests."
        stops = run.state == RunState.HELD
        words += held if stops else ""
        do = advice.of_held_run(run.id) if stops else ""
        stages.append(Stage(StageName.PLANNING, words, run.planned_at, stops=stops, do=do, run=run.id))
    for (state, outcome), mails in sorted(mails_by_outcome.items()):
        shown = f" ({outcome_words(outcome)})" if outcome and outcome != state else ""
        stages.append(Stage(StageName.DELIVERY, f"{mails} of the digests that cover it: {state}{shown}."))
    if not mails_by_outcome:
        words = "No digest covers it yet: nobody follows it, it settles, or the slots are not due."
        do = "Nothing: ask about one person (trial-alerts why --email) for the moment that is theirs."
        stages.append(Stage(StageName.PLANNING, words, stops=True, do=do))
    sent = sum(mails for (state, _), mails in mails_by_outcome.items() if state == DeliveryState.SENT)
    answer = (
        f"{sent} of {sum(mails_by_outcome.values())} planned mails reported it." if mails_by_outcome else ""
    )
    return account(f"event {number}", stages, answer=answer)


async def _domain_of(connection: AsyncConnection, system: System, subscriber_id: int) -> str | None:
    """The domain of a person's address; None if they were erased, or it can't be decrypted."""
    person = await subscribers.get(connection, subscriber_id)
    if person is None:
        return None
    try:
        return domain_of(decrypt_subscriber(system.keyring, person.sealed, person.public_id).address)
    except DecryptionError:
        return None


def _followers(number: int) -> str:
    """A number of people; small ones are not given exactly."""
    if number == 0:
        return "no followers"
    return "ten followers or fewer" if number <= HIDDEN_UP_TO else f"{number} followers"
