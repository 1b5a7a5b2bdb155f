"""The overview for operators: whether mail leaves as it should, and if not, why and what to do."""

from collections.abc import Iterator

from service.domain.delivery.advice import QUOTA
from service.domain.delivery.states import DeliveryState
from service.domain.trials.lifecycle import EventState
from service.redis import permissions
from service.store.admin.stats import TROUBLE
from service.store.sql.blockers import lock_keeps_waiting
from service.store.sql.probe import Condition
from service.web.admin import mail_servers
from service.web.admin.facts import Facts, Finding, clock_time, span, waiting
from service.web.admin.stats import Stats
from service.web.api.readiness import AWAY, DATABASE_ADVICE, LOCKS_ADVICE, NO_WORKER, OK, UNKNOWN
from service.web.http.refused_events import ADVICE as REFUSED_ADVICE

#: Seconds after which waiting is a fault. Registries update records on working days, so a long weekend has no
#: event.
MAIL_WAITS, REQUEST_WAITS, EVENT_WAITS, NO_EVENT = 900, 300, 600, 4 * 86_400
SLOW_DELIVERY = 600.0

#: Words for one event in trouble, and for several.
_IN_TROUBLE = {
    EventState.DEAD: ("event could not be processed", "events could not be processed"),
    EventState.CONFLICT: ("event contradicts an earlier one", "events contradict earlier ones"),
}

#: The share of a week's mails whose bouncing is too much, and the number of mails that makes it meaningful.
BOUNCES, ENOUGH_MAILS = 0.05, 200


def findings(facts: Facts) -> list[Finding]:
    """All that is wrong, the urgent first; empty if nothing is."""
    parts = (_of_sending, _of_what_is_away, _of_waiting, _of_silence, _of_content, _of_reputation)
    found = [finding for part in parts for finding in part(facts)]
    return sorted(found, key=lambda finding: not finding.urgent)


def _of_sending(facts: Facts) -> Iterator[Finding]:
    if facts.answers["workers"] == NO_WORKER:
        yield Finding(
            "No worker is running: nothing is read, planned or sent." + waiting(facts),
            "Start trial-alerts worker; its log says why it ended.",
        )
    yield from _of_silent_workers(facts)
    if facts.hold.held:
        yield Finding(
            "All mail is held." + waiting(facts),
            "Look at what is queued, cancel what must not leave, release it.",
            "#hold",
        )
    yield from mail_servers.findings(facts)
    for fault, number in facts.template_faults.items():
        yield Finding(
            f"{number:,} {'mail waits' if number == 1 else 'mails wait'} for a template to be corrected"
            + (f": {fault.rstrip('.')}." if fault else "."),
            "Correct it, run trial-alerts doctor, restart the workers; then it is sent within five minutes.",
            "/admin/deliveries?state=queued",
        )
    if facts.answers.get("canary", OK) != OK:
        yield Finding(
            f"The synthetic subscribers’ mail does not come back; {facts.answers['canary']}.",
            "Follow one of its mails with trial-alerts why; see whether what reads the mailbox runs.",
            "/admin/deliveries",
        )
    paused = sorted({domain for worker in facts.workers for domain in worker.status.get("paused", {})})
    if paused:
        yield Finding(
            f"Mail to {', '.join(paused)} is paused: the provider refuses or defers it.",
            "Read its reply under Mails, check trial-alerts doctor, write to the provider.",
            "/admin/deliveries?state=queued",
            urgent=False,
        )
    if facts.slowest is not None and facts.slowest > SLOW_DELIVERY:
        yield Finding(
            f"Immediate digests take up to {span(facts.slowest)} to leave.",
            "Run more workers, or allow more connections and a higher rate.",
            urgent=False,
        )


def _of_silent_workers(facts: Facts) -> Iterator[Finding]:
    if facts.answers["database"] != OK or "locks" in facts.answers:
        return  # they run, perhaps, and can't store their reports
    others = " The others do its work meanwhile." if facts.workers else ""
    for worker in facts.silent:
        since = clock_time(worker.seen_at, facts.stats.at)
        yield Finding(
            f"Worker {worker.host} (process {worker.process}) reports no more since {since}: it stands still,"
            f" or was killed.{others}",
            "See its log. If the process still runs, kill it; start another one in its place."
            " This line goes then, or after a day.",
            "#workers",
            urgent=False,
        )


def _of_what_is_away(facts: Facts) -> Iterator[Finding]:
    if "locks" in facts.answers:
        yield Finding(
            f"{lock_keeps_waiting('our programs', facts.answers['locks'])}.{waiting(facts)}",
            LOCKS_ADVICE,
        )
    if facts.answers["database"] != OK and not (
        "locks" in facts.answers and facts.answers["database"] in (AWAY, Condition.LOCKED)
    ):
        yield Finding(
            f"The database: {facts.answers['database']}. Nothing can be stored, and nothing is sent."
            + waiting(facts),
            DATABASE_ADVICE.get(facts.answers["database"], "See the database’s log."),
        )
    elif facts.workers and facts.answers["workers"] not in (OK, UNKNOWN):
        yield Finding(
            f"The workers: {facts.answers['workers']}. What they can’t store is not sent.",
            DATABASE_ADVICE[Condition.FULL],
            "#workers",
        )
    if (redis := facts.answers["redis"]) != OK:
        yield Finding(
            f"Redis {'does not answer' if redis == AWAY else redis}: work is found with a delay of seconds,"
            " limits are counted per process.",
            permissions.advice(redis),
            urgent=False,
        )
    if facts.answers.get("clock", OK) != OK:
        yield Finding(
            f"A clock is wrong: {facts.answers['clock']}.",
            "Synchronise the clocks (NTP). Workers, the service and operators’ commands go by the database’s"
            " meanwhile; the check of providers’ webhooks goes by that machine’s.",
            "#workers",
            urgent=False,
        )
    if facts.answers["schema"] not in (OK, AWAY, UNKNOWN):
        yield Finding("The schema is not up to date.", "Run trial-alerts migrate.")


def _of_waiting(facts: Facts) -> Iterator[Finding]:
    queues = facts.stats.queues
    for name, limit, what, do in (
        (
            "requests",
            REQUEST_WAITS,
            "A visitor’s request",
            "See the worker’s log: request_failed or task_failed.",
        ),
        (
            "deliveries",
            MAIL_WAITS,
            "A mail that is due",
            "Is a worker running, and does the mail server answer?",
        ),
        ("events", EVENT_WAITS, "An event", "A large delivery takes its time; else see the worker’s log."),
    ):
        age = queues[name].oldest_seconds
        if age > limit and name == "deliveries" and facts.quota_used_up:
            words = f"{what} has waited for {span(age)}: the quota of ALERTS_SMTP_QUOTA is used up."
            yield Finding(words, QUOTA, "#queues", urgent=False)
        elif age > limit:
            yield Finding(f"{what} has waited for {span(age)}.", do, "#queues", urgent=name != "events")


def _of_silence(facts: Facts) -> Iterator[Finding]:
    if facts.refused is not None:
        lasts = facts.refused.lasts(facts.last_event)
        since = " Nobody is notified of their news." if lasts else " Others have been accepted since."
        words = f"Events are refused: {facts.refused.words}.{since}"
        yield Finding(words, REFUSED_ADVICE[facts.refused.reason], urgent=False)
    if facts.last_event is None:
        yield Finding(
            "No event has come yet: nobody can be notified of anything.",
            "Connect the ingestor, or start trial-alerts registry watch.",
            urgent=False,
        )
    elif (silent := (facts.stats.at - facts.last_event).total_seconds()) > NO_EVENT:
        yield Finding(
            f"The ingestor has sent nothing for {span(silent)}.", "Is it running? See its log.", urgent=False
        )


def _of_content(facts: Facts) -> Iterator[Finding]:
    if not facts.has_terms:
        yield Finding(
            "No terms are published: nobody can sign up.",
            "Publish them: trial-alerts terms publish.",
            "/admin/terms",
        )
    for run in facts.held_runs:
        mails = f"{run.digests:,} {'mail' if run.digests == 1 else 'mails'}"
        yield Finding(
            f"Run {run.id} is held: {run.held_because} {mails} {'waits' if run.digests == 1 else 'wait'}."
            if run.held_because
            else f"Run {run.id} is held: it would send {mails}, far more than usual.",
            "Look at what they say, then release it, or cancel it and say whether its news is sent later.",
            "/admin/runs?state=held",
        )
    for state in TROUBLE:
        if number := facts.stats.events.get(state, 0):
            one, more = _IN_TROUBLE[state]
            yield Finding(
                f"1 {one}." if number == 1 else f"{number:,} {more}.",
                "Each says why. Correct the ingestor, or update this program; then replay or discard them.",
                f"/admin/events?state={state}",
                urgent=False,
            )


def _of_reputation(facts: Facts) -> Iterator[Finding]:
    if facts.stats.complaints_too_many:
        yield Finding(
            "Complaints are above 0.1 %: mailbox providers will begin to refuse mail.",
            "Hold mail; look at the newest run and at where new sign-ups come from.",
            "/admin/suppressions?reason=complaint",
        )
    if bounces_too_many(facts.stats):
        yield Finding(
            f"{bounce_rate(facts.stats):.1%} of this week’s mails bounced.",
            "One domain: its provider. Many domains: new sign-ups, or the sender’s DNS.",
            "/admin/deliveries?state=bounced",
            urgent=False,
        )


def _tried(stats: Stats) -> int:
    return sum(stats.deliveries_week.get(state, 0) for state in (DeliveryState.SENT, DeliveryState.BOUNCED))


def bounce_rate(stats: Stats) -> float:
    """Bounced mails among those of the week that were tried."""
    tried = _tried(stats)
    return stats.deliveries_week.get(DeliveryState.BOUNCED, 0) / tried if tried else 0.0


def bounces_too_many(stats: Stats) -> bool:
    """Whether the bounce rate says that something is wrong."""
    return _tried(stats) >= ENOUGH_MAILS and bounce_rate(stats) > BOUNCES
