"""`trial-alerts imap`: a mailbox read for bounces, complaints and unsubscribe requests."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from service.cli.imap import read_once, watch
from service.mail.inbound.imap import LARGEST_MESSAGE, MailboxError
from service.mail.inbound.imap_url import ImapUrl
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.system import System
from tests.conftest import ENVIRONMENT
from tests.e2e.journey.processes import run_command
from tests.imap_server import ImapServer, imap_server
from tests.integration.web.test_feedback import notice, token, unsubscribe_mail
from tests.servers import free_port
from tests.unwritable import read_only
from tests.waiting import until

pytestmark = pytest.mark.slow

__all__ = ["token"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the answers do not depend on the kind of database."""
    return sqlite_url


@pytest.fixture
def mailbox() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


def url_of(mailbox: ImapServer, **parts: str) -> ImapUrl:
    password = parts.get("password", "secret")
    login = "user" if "token_file" in parts else f"user:{password}"
    tail = f"&token_file={parts['token_file']}" if "token_file" in parts else ""
    return ImapUrl.parse(
        f"imap://{login}@127.0.0.1:{mailbox.port}/{parts.get('name', 'INBOX')}?tls=none{tail}"
    )


async def read(system: System, mailbox: ImapServer, *, delete: bool = False, **parts: str) -> int:
    done = await read_once(system, url_of(mailbox, **parts), delete=delete, stopping=asyncio.Event())
    assert done.failed == 0
    return done.processed


async def state(system: System) -> tuple[list[str], str]:
    async with reading(system.database) as connection:
        reasons = (await connection.execute(select(t.suppression.c.reason))).scalars().all()
        followed = (await connection.execute(select(t.subscription.c.state))).scalar_one()
    return list(reasons), followed


async def test_each_message_is_processed_once(system: System, mailbox: ImapServer, token: str) -> None:
    mailbox.add(b"Subject: Hello\r\n\r\nA person wrote this.\r\n")
    mailbox.add(notice(token))
    assert await read(system, mailbox) == 2
    assert await state(system) == (["hard_bounce"], "active")
    assert await read(system, mailbox) == 0
    mailbox.add(unsubscribe_mail(token))
    assert await read(system, mailbox) == 1
    assert await state(system) == (["hard_bounce"], "ended")
    assert len(mailbox.messages) == 3


async def test_messages_may_be_deleted(system: System, mailbox: ImapServer, token: str) -> None:
    mailbox.add(notice(token))
    assert await read(system, mailbox, delete=True) == 1
    assert mailbox.messages == {}
    assert await state(system) == (["hard_bounce"], "active")


async def test_a_connection_that_ends_in_between_costs_no_message(
    system: System, mailbox: ImapServer, token: str
) -> None:
    for _ in range(3):
        mailbox.add(unsubscribe_mail(token))
    mailbox.stores_left = 1
    with pytest.raises(MailboxError):
        await read(system, mailbox)
    mailbox.stores_left = 10
    assert await read(system, mailbox) == 2
    assert await state(system) == ([], "ended")


@pytest.mark.parametrize("has_another_reader", [False, True])
async def test_a_message_beyond_the_size_limit_is_skipped(
    system: System, mailbox: ImapServer, token: str, has_another_reader: bool
) -> None:
    mailbox.has_another_reader = has_another_reader
    mailbox.add(b"x" * (LARGEST_MESSAGE + 1))
    mailbox.add(unsubscribe_mail(token))
    assert await read(system, mailbox) == 1
    assert await read(system, mailbox) == 0


async def test_a_login_by_oauth(system: System, mailbox: ImapServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("token\n")
    assert await read(system, mailbox, token_file=str(file)) == 0
    file.write_text("expired\n")
    with pytest.raises(MailboxError, match="refuses the login"):
        await read(system, mailbox, token_file=str(file))


@pytest.mark.parametrize("content", [None, b"\xff"])
async def test_a_token_file_that_can_not_be_read_is_named(
    system: System, mailbox: ImapServer, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(MailboxError, match="The file with the IMAP server's token can't be read"):
        await read(system, mailbox, token_file=str(file))


async def test_the_password_and_the_name_of_the_mailbox_may_have_any_letters(
    system: System, mailbox: ImapServer, token: str
) -> None:
    mailbox.password, mailbox.name = "schlüssel", "R&APw-ckl&AOQ-ufer &- mehr/&ZeVnLIqe-"  # RFC 3501 §5.1.3
    mailbox.add(unsubscribe_mail(token))
    name = quote("Rückläufer & mehr/日本語")
    assert await read(system, mailbox, password=quote("schlüssel"), name=name) == 1
    with pytest.raises(MailboxError, match="refuses the login"):
        await read(system, mailbox, password=quote("schlüßel"), name=name)


@pytest.mark.parametrize(
    ("parts", "words"),
    [({"password": "guessed"}, "refuses the login"), ({"name": "Bounces"}, "no mailbox of that name")],
)
async def test_a_wrong_login_or_mailbox_is_reported_in_one_sentence(
    system: System, mailbox: ImapServer, parts: dict[str, str], words: str
) -> None:
    with pytest.raises(MailboxError, match=words):
        await read(system, mailbox, **parts)


async def test_reading_resumes_when_the_server_is_back(
    system: System, mailbox: ImapServer, token: str
) -> None:
    stopping = asyncio.Event()
    mailbox.add(unsubscribe_mail(token))
    mailbox.stores_left = 0
    with capture_logs() as logged:
        watching = asyncio.create_task(
            watch(system, url_of(mailbox), delete=False, interval=0.05, stopping=stopping)
        )
        await until(lambda: any(entry["event"] == "imap_away" for entry in logged))
        mailbox.stores_left = 10
        await until(lambda: any(entry["event"] == "imap_read" for entry in logged))
        stopping.set()
        await watching
    assert await state(system) == ([], "ended")
    assert [entry["event"] for entry in logged if entry["event"].startswith("imap")] == [
        "imap_away",
        "imap_read",
    ]


def test_the_command_names_a_missing_or_unusable_setting(
    sqlite_url: str, redis_url: str, tmp_path: Path
) -> None:
    environment = ENVIRONMENT | {
        "ALERTS_DATABASE_URL": sqlite_url,
        "ALERTS_REDIS_URL": redis_url,
        "ALERTS_DATA": str(tmp_path),
    }
    for url, words in (
        ("", "ALERTS_IMAP_URL is not set"),
        ("http://example.org", "ALERTS_IMAP_URL can't be used"),
        (f"imap://user:secret@127.0.0.1:{free_port()}/?tls=none", "can't be reached"),
    ):
        done = run_command("imap", "--once", **environment | {"ALERTS_IMAP_URL": url})
        assert done.returncode == 1
        assert words in done.stderr.splitlines()[-1]
        assert "secret" not in done.stderr


async def test_the_command_fails_if_a_message_does(
    system: System, mailbox: ImapServer, token: str, environ: dict[str, str]
) -> None:
    """The exit status was 0, and a scheduler that watches it saw nothing."""
    failing = mailbox.add(notice(token))
    mailbox.add(b"Subject: Hello\r\n\r\nA person wrote this.\r\n")
    environ["ALERTS_IMAP_URL"] = f"imap://user:secret@127.0.0.1:{mailbox.port}/INBOX?tls=none"
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON suppression BEGIN SELECT RAISE(ABORT, 'no'); END"
    async with writing(system.database) as connection:
        await connection.execute(text(refuse))
    done = await asyncio.to_thread(run_command, "imap", "--once", "--json", **environ)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"processed": 1, "failed": 1}
    logged, sentence = done.stderr.splitlines()[-2:]
    assert json.loads(logged)["uid"] == failing
    assert sentence == "trial-alerts: Not processed, and unread as before: 1 message (see the log)."
    async with writing(system.database) as connection:
        await connection.execute(text("DROP TRIGGER refuse"))
    done = await asyncio.to_thread(run_command, "imap", "--once", **environ)
    assert (done.returncode, done.stdout) == (0, "1 message processed.\n")


async def test_a_database_that_can_not_be_written_is_named(
    system: System, mailbox: ImapServer, token: str
) -> None:
    mailbox.add(notice(token))
    async with read_only(system.database):
        with pytest.raises(MailboxError, match=r"used \(it is read-only\): the messages stay unread"):
            await read(system, mailbox)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:secret@example.org",
        "imaps://example.org",
        "imaps://user@example.org",
        "imaps://user:secret@example.org?tls=none",
        "imap://user:secret@example.org?ssl=1",
        "imaps://user:secret@example.org:port",
        "imaps://user:se%0Acret@example.org",
    ],
)
def test_urls_that_can_not_be_used(url: str) -> None:
    with pytest.raises(ValueError, match="IMAP URL") as problem:
        ImapUrl.parse(url)
    assert "secret" not in str(problem.value)
