"""The cast of the mail tests: Alice, Bob and Charlie get a mail each; a certificate made for the test."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for 127.0.0.1: the server's context, and a client's that trusts it."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test.example")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(cert_file, key_file)
    return Certificate(server, ssl.create_default_context(cafile=str(cert_file)))
