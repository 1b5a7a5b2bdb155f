"""Messages are rendered a few at a time, shortly before they are sent."""

from collections.abc import Callable

from service.domain.delivery.smtp_reply import OutcomeKind
from service.mail.smtp.envelope import LazyMessage, SmtpMessage
from service.mail.smtp.rendering import RENDER_AHEAD
from tests.integration.smtp.conftest import Outcomes, mail, sender
from tests.smtp_server import On, SmtpServer

MAILS = 3 * RENDER_AHEAD


def lazy(number: int, write: Callable[[int], SmtpMessage]) -> LazyMessage:
    return LazyMessage(number, "example.org", lambda: write(number))


async def test_a_few_mails_are_rendered_before_the_first_is_sent_and_each_once(outcomes: Outcomes) -> None:
    rendered: list[int] = []
    rendered_at_outcome: list[int] = []

    def write(number: int) -> SmtpMessage:
        rendered.append(number)
        return mail(number)

    def on_outcome(mail_id: int, outcome: object) -> None:
        rendered_at_outcome.append(len(rendered))
        outcomes.by_id[mail_id] = outcome

    async with SmtpServer() as server, sender(server) as pool:
        await pool.send([lazy(number, write) for number in range(MAILS)], on_outcome)
    assert rendered == list(range(MAILS))
    assert rendered_at_outcome[0] == RENDER_AHEAD
    assert outcomes.kinds == [OutcomeKind.SENT] * MAILS
    assert len(server.mails) == MAILS


async def test_a_mail_that_cannot_be_rendered_delays_no_other(outcomes: Outcomes) -> None:
    def write(number: int) -> SmtpMessage:
        if number == 2:
            raise ValueError("somebody@example.org")
        return mail(number)

    async with SmtpServer() as server, sender(server) as pool:
        await pool.send([lazy(number, write) for number in range(MAILS)], outcomes)
    assert outcomes[2].kind is OutcomeKind.UNWRITABLE
    assert outcomes[2].detail == "ValueError", "no text, which may quote an address"
    assert outcomes.kinds.count(OutcomeKind.SENT) == MAILS - 1


async def test_a_mail_requeued_by_a_lost_connection_is_rendered_again_and_sent(outcomes: Outcomes) -> None:
    rendered: list[int] = []

    def write(number: int) -> SmtpMessage:
        rendered.append(number)
        return mail(number)

    dropping = On("RCPT", drop=True, skip=3, times=1)
    async with SmtpServer(dropping) as server, sender(server) as pool:
        await pool.send([lazy(number, write) for number in range(MAILS)], outcomes)
    assert outcomes.kinds == [OutcomeKind.SENT] * MAILS
    assert sorted(set(rendered)) == list(range(MAILS))
    assert len(rendered) == MAILS + 1
