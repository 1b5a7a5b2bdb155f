"""Sending 27 KB mails to a sink in a process of its own, beside Postfix's smtp-source doing the same."""

import asyncio
import time
from collections import Counter

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.mail.smtp.sender import SmtpMessage, SmtpPool, SmtpUrl
from tests.benchmarks.ground import sink, yardstick

MAILS = 6_000
ROUNDS = 3
CONNECTIONS = 8
OCTETS = 27_000


def run() -> None:
    """Prints mails per second of both, the best of three rounds that take turns, and their ratio."""
    with sink() as port:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(yardstick(port, MAILS, OCTETS, CONNECTIONS))
            ours.append(asyncio.run(_send(port)))
    best, (name, limit) = max(ours), max(theirs)
    print(f"sending {OCTETS // 1000} KB, {CONNECTIONS} connections: {best:,.0f} mails/s")
    print(f"  {name} to the same sink: {limit:,.0f} mails/s; ratio {best / limit:.2f} (aim 0.95)")


def _mails() -> list[SmtpMessage]:
    line = b"c29tZSBiYXNlNjQgdGV4dCB0aGF0IGZpbGxzIGEgbGluZSBvZiBzZXZlbnR5LXNpeCBsZXR0ZXJz\r\n"
    head = b"Subject: Your updates\r\nMIME-Version: 1.0\r\n\r\n"
    content = head + line * ((OCTETS - len(head)) // len(line))
    return [
        SmtpMessage(i, f"b-{i}@bounces.example.org", f"u{i}@example.org", content, "example.org")
        for i in range(MAILS)
    ]


async def _send(port: int) -> float:
    target = SmtpUrl.parse(f"smtp://127.0.0.1:{port}?tls=none")
    kinds: Counter[OutcomeKind] = Counter()

    def count(mail_id: int, outcome: Outcome) -> None:
        kinds[outcome.kind] += 1

    mails = _mails()
    async with SmtpPool(target, CONNECTIONS, local_hostname="bench.example.org") as sender:
        started = time.perf_counter()
        async with asyncio.timeout(120):
            await sender.send(mails, count)
        seconds = time.perf_counter() - started
    if kinds[OutcomeKind.SENT] != MAILS:
        raise RuntimeError(f"not all were sent: {dict(kinds)}")
    return MAILS / seconds


if __name__ == "__main__":
    run()
