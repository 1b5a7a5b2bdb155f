"""The cast of the mail tests: Alice, Bob and Charlie get a mail each."""

from dataclasses import dataclass, field

import pytest

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.mail.smtp.sender import SmtpMessage, SmtpPool, SmtpUrl
from tests.smtp_server import SmtpServer

ALICE, BOB, CHARLIE = "alice.blum@example.org", "bob@example.net", "charlie@example.com"


def mail(number: int, rcpt_to: str = ALICE, text: str = "Hello.", **changes: object) -> SmtpMessage:
    """A small mail; its Message-ID carries its number."""
    content = f"Message-ID: <m{number}@mail.example>\r\nSubject: Your updates\r\n\r\n{text}\r\n".encode()
    fields = {
        "id": number,
        "mail_from": f"b-{number}@bounces.example",
        "rcpt_to": rcpt_to,
        "content": content,
        "domain": rcpt_to.rpartition("@")[2],
    }
    return SmtpMessage(**{**fields, **changes})


def mails(count: int) -> list[SmtpMessage]:
    """So many mails, one after the other to Alice, Bob and Charlie."""
    return [mail(number, (ALICE, BOB, CHARLIE)[number % 3]) for number in range(count)]


@dataclass
class Outcomes:
    """The outcomes that a caller gets; a second one of the same mail is an error at once."""

    by_id: dict[int, Outcome] = field(default_factory=dict)

    def __call__(self, mail_id: int, outcome: Outcome) -> None:
        assert mail_id not in self.by_id, "a mail had two outcomes"
        self.by_id[mail_id] = outcome

    def __getitem__(self, mail_id: int) -> Outcome:
        return self.by_id[mail_id]

    def __len__(self) -> int:
        return len(self.by_id)

    @property
    def kinds(self) -> list[OutcomeKind]:
        """The kinds in the order of the mails' ids."""
        return [self.by_id[mail_id].kind for mail_id in sorted(self.by_id)]


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


def sender(server: SmtpServer, connections: int = 1, query: str = "tls=none", **settings: object) -> SmtpPool:
    """A sender to the server; one connection by default, so that the order is known."""
    login = str(settings.pop("login", ""))
    target = SmtpUrl.parse(server.url(query, login))
    return SmtpPool(target, connections, local_hostname="client.example", **settings)
