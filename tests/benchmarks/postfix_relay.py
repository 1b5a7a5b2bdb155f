"""Through a real Postfix: it takes what we send, forwards it as it was, and its own bounce is understood."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from service.domain.delivery import verp
from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.mail.inbound.feedback import FeedbackKind, read_feedback
from service.mail.smtp.sender import SmtpMessage, SmtpPool, SmtpUrl
from tests import postfix
from tests.smtp_server import On, SmtpServer

MAILS = 500
KEY = b"k" * 32
NOBODY = "nobody@example.org"


def run() -> None:
    """Prints what arrived, or why nothing was tried; raises RuntimeError for a mail lost or changed."""
    if not postfix.is_here():
        print("Postfix relay: left out, it needs Postfix on the machine and root")
        return
    asyncio.run(_run())


async def _run() -> None:
    unknown = On("RCPT", "550 5.1.1 no such user", match=NOBODY)
    async with SmtpServer(unknown) as next_server:
        with tempfile.TemporaryDirectory() as folder, postfix.relay(Path(folder), next_server.port) as port:
            await _listening(port)
            kinds = await _send(port)
            await _until(lambda: len(next_server.mails) >= MAILS)
    bounces = [mail for mail in next_server.mails if mail.mail_from == ""]
    arrived = {mail.rcpt_to: mail.content for mail in next_server.mails if mail.mail_from}
    changed = [mail.id for mail in _mails()[1:] if not _same(arrived.get(mail.rcpt_to), mail.content)]
    feedback = [read_feedback(bounce.content, [bounce.rcpt_to]) for bounce in bounces]
    understood = [verp.read(each.token or "", [KEY]) for each in feedback]
    if kinds != {OutcomeKind.SENT: MAILS} or changed:
        raise RuntimeError(f"the relay lost or changed mail: {dict(kinds)}, changed {changed[:5]}")
    if [each.kind for each in feedback] != [FeedbackKind.BOUNCED_HARD] or understood != [0]:
        raise RuntimeError(f"the relay's bounce was not understood: {feedback}")
    print(f"Postfix relay: {MAILS} accepted, {len(arrived)} forwarded unchanged, 1 bounced and understood")


def _mails() -> list[SmtpMessage]:
    """The first to an address that the next server does not know."""
    text = ".\r\n..dots\r\n" + "A line of text.\r\n" * 200
    head = "Message-ID: <{0}@example.org>\r\nFrom: a@example.org\r\nDate: Sun, 01 Mar 2026 09:00:00 +0000"
    return [
        SmtpMessage(
            number,
            f"{verp.make(number, KEY)}@bounces.example.org",
            f"reader{number}@example.org" if number else NOBODY,
            f"{head.format(number)}\r\nSubject: Your updates\r\n\r\n{text}".encode(),
            "example.org",
        )
        for number in range(MAILS)
    ]


async def _send(port: int) -> Counter[OutcomeKind]:
    kinds: Counter[OutcomeKind] = Counter()

    def count(mail_id: int, outcome: Outcome) -> None:
        kinds[outcome.kind] += 1

    target = SmtpUrl.parse(f"smtp://127.0.0.1:{port}")
    async with asyncio.timeout(60), SmtpPool(target, local_hostname="client.example.org") as sender:
        await sender.send(_mails(), count)
    return kinds


def _same(arrived: bytes | None, sent: bytes) -> bool:
    """A relay puts its trace lines in front and leaves the rest."""
    return arrived is not None and arrived.startswith(b"Received:") and arrived.endswith(sent)


async def _listening(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("Postfix does not listen")


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    run()
