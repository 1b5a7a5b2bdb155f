"""When the refusals of a mail server say that it takes no mail at all."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.delivery.refusals import Closing, Refusal, Refusals
from service.domain.delivery.smtp_reply import Outcome, SessionStage, classify

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DOMAINS = ("example.org", "example.net", "example.com")
FULL = (452, "4.3.1 Insufficient system storage")
RELAY = (554, "5.7.1 Relay access denied")


def answered(
    *replies: tuple[int, str], stage: SessionStage = SessionStage.RCPT, domains: tuple[str, ...] = DOMAINS
) -> Refusals:
    """One mail after the other, a minute apart, each answered by one of the replies."""
    refusals = Refusals()
    for number, (code, text) in enumerate(replies):
        outcome = classify(stage, code, None, text)
        domain = domains[number % len(domains)]
        refusals.record(number, domain, outcome, NOW + timedelta(minutes=number))
    return refusals


def every_mail(refusals: Refusals) -> list[Refusal]:
    return [refusal for refusal in Refusal if refusals.every_mail(refusal) is not None]


@pytest.mark.parametrize("stage", [SessionStage.RCPT, SessionStage.DATA, SessionStage.BODY])
@pytest.mark.parametrize(
    "reply",
    [
        FULL,
        (450, "4.2.0 try again"),
        (451, "4.7.1 temporarily refused"),
        (451, "Requested action aborted: local error in processing"),
        (450, "4.1.8 sender address rejected: domain not found"),
    ],
)
def test_a_server_that_defers_each_mail_to_several_domains_defers_every_mail(
    stage: SessionStage, reply: tuple[int, str]
) -> None:
    refusals = answered(reply, reply, reply, stage=stage)
    assert every_mail(refusals) == [Refusal.DEFERRED]
    found = refusals.every_mail(Refusal.DEFERRED)
    assert found is not None
    since, last = found
    assert since == NOW
    assert last.server_reply == f"{reply[0]} {reply[1]}"


@pytest.mark.parametrize(
    "reply",
    [
        RELAY,
        (550, "5.7.1 Unable to relay"),
        (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
        (550, "relay not permitted"),
        (530, "5.7.0 Authentication required"),
        (550, "5.1.8 sender address rejected"),
    ],
)
def test_a_server_that_denies_each_mail_to_several_domains_denies_every_mail(reply: tuple[int, str]) -> None:
    assert every_mail(answered(reply, reply, reply)) == [Refusal.DENIED]


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_two_mails_or_one_domain_are_not_every_mail(reply: tuple[int, str]) -> None:
    assert every_mail(answered(reply, reply)) == []
    assert every_mail(answered(*[reply] * 50, domains=("example.org", "EXAMPLE.org"))) == []


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_repeated_refusals_of_one_mail_are_not_every_mail(reply: tuple[int, str]) -> None:
    refusals = Refusals()
    outcome = classify(SessionStage.RCPT, reply[0], None, reply[1])
    for number in range(50):
        refusals.record(number % 2, DOMAINS[number % 2], outcome, NOW)
    assert every_mail(refusals) == []


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_a_mail_that_is_accepted_begins_the_count_anew(reply: tuple[int, str]) -> None:
    accepted = (250, "2.0.0 Ok: queued")
    assert every_mail(answered(*[reply, reply, accepted] * 9)) == []
    assert every_mail(answered(*[reply] * 9, accepted)) == []
    refusals = answered(reply, accepted, reply, reply, reply)
    (refusal,) = every_mail(refusals)
    found = refusals.every_mail(refusal)
    assert found is not None
    assert found[0] == NOW + timedelta(minutes=2)


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_more_refusals_are_needed_after_many_accepted_mails(reply: tuple[int, str]) -> None:
    accepted = [(250, "2.0.0 Ok: queued")] * 50
    assert every_mail(answered(*accepted, *[reply] * 8)) == []
    assert len(every_mail(answered(*accepted, *[reply] * 9))) == 1, "nine in the ten minutes before"
    refusals = answered(*accepted)
    for number, domain in enumerate(DOMAINS):
        outcome = classify(SessionStage.RCPT, reply[0], None, reply[1])
        refusals.record(100 + number, domain, outcome, NOW + timedelta(hours=2))
    assert len(every_mail(refusals)) == 1, "they were long before"


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_four_domains_are_enough_after_many_accepted_mails(reply: tuple[int, str]) -> None:
    accepted = [(250, "2.0.0 Ok: queued")] * 52
    domains = (*DOMAINS, "example.edu")
    assert every_mail(answered(*accepted, *[reply] * 3, domains=domains)) == []
    assert len(every_mail(answered(*accepted, *[reply] * 4, domains=domains))) == 1


@pytest.mark.parametrize(
    "reply",
    [
        (550, "5.1.1 no such user"),
        (550, "5.2.1 mailbox disabled"),
        (552, "5.2.2 mailbox full"),
        (554, "5.6.0 message rejected"),
        (451, "4.7.1 Greylisting in action, please come back in 5 minutes"),
    ],
)
def test_replies_about_recipients_and_mails_are_not_counted(reply: tuple[int, str]) -> None:
    assert every_mail(answered(*[reply] * 50)) == []
    refusals = answered(FULL, reply, FULL, reply, FULL, domains=("example.org", "a.example", "example.net"))
    assert every_mail(refusals) == [Refusal.DEFERRED], "nor does it say that the server takes mail"


def test_a_failed_connection_is_not_counted() -> None:
    closing: Outcome = classify(SessionStage.RCPT, 421, None, "4.3.2 shutting down")
    refusals = Refusals()
    for number, domain in enumerate(DOMAINS * 3):
        refusals.record(number, domain, closing, NOW)
    assert every_mail(refusals) == []


def share_evidence(*workers: Refusals) -> None:
    """Each learns the replies that the others received."""
    for worker in workers:
        worker.others = [other.evidence for other in workers if other is not worker]


def one_refusal(number: int, minute: int, reply: tuple[int, str] = FULL) -> Refusals:
    """A worker that was refused one mail."""
    worker = Refusals()
    outcome = classify(SessionStage.RCPT, reply[0], None, reply[1])
    worker.record(number, DOMAINS[number % 3], outcome, NOW + timedelta(minutes=minute))
    return worker


@pytest.mark.parametrize("reply", [FULL, RELAY])
def test_workers_combine_the_replies_that_they_received(reply: tuple[int, str]) -> None:
    workers = [one_refusal(number, number, reply) for number in range(3)]
    assert [every_mail(worker) for worker in workers] == [[], [], []]
    share_evidence(*workers[:2])
    assert [every_mail(worker) for worker in workers] == [[], [], []], "two mails are not enough"
    share_evidence(*workers)
    found = [worker.every_mail(*every_mail(worker)) for worker in workers]
    assert [known and known[0] for known in found] == [NOW] * 3, "since the first of them"
    idle = Refusals()
    share_evidence(idle, *workers)
    assert every_mail(idle) == [], "it was refused nothing itself"


def test_a_mail_accepted_from_another_worker_shows_that_not_every_mail_is_refused() -> None:
    workers = [one_refusal(number, number) for number in range(3)]
    well = Refusals()
    well.record(
        7, "example.edu", classify(SessionStage.BODY, 250, None, "2.0.0 Ok"), NOW + timedelta(minutes=1)
    )
    share_evidence(well, *workers)
    assert [every_mail(worker) for worker in workers] == [[], [], []], "one mail alone was refused since"
    refused = answered(FULL, FULL, FULL)
    share_evidence(well, refused)
    assert every_mail(refused) == [Refusal.DEFERRED], "but perhaps each of this machine is"


def test_more_refusals_are_needed_after_many_mails_accepted_from_other_workers() -> None:
    busy = Refusals()
    for number in range(50):
        busy.record(number, "example.edu", classify(SessionStage.BODY, 250, None, "2.0.0 Ok"), NOW)
    workers = [one_refusal(100 + number, 1 + number % 5) for number in range(10)]
    share_evidence(busy, *workers[:9])
    assert every_mail(workers[0]) == []
    share_evidence(busy, *workers)
    assert every_mail(workers[0]) == [Refusal.DEFERRED]


def test_evidence_can_be_shifted_to_another_clock() -> None:
    evidence = one_refusal(1, 0).evidence._replace(accepted=(NOW,), closing=Closing(2, NOW, NOW))
    later = evidence.shifted(timedelta(hours=2))
    assert later.shifted(-timedelta(hours=2)) == evidence
    times = {later.accepted[0], *(mail.at for mail in later.refused[Refusal.DEFERRED]), *later.closing[1:]}
    assert times == {NOW + timedelta(hours=2)}
