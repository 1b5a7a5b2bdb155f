"""Sending 27 KB mails to a sink in a process of its own, beside Postfix's smtp-source doing the same."""

import asyncio
import subprocess
import time
from collections import Counter

from service.domain.delivery.smtp_reply import Outcome, OutcomeKind
from service.mail.smtp.sender import SmtpMessage, SmtpPool, SmtpUrl
from tests.benchmarks.ground import postfix, sink

MAILS = 6_000
ROUNDS = 3
CONNECTIONS = 8
OCTETS = 27_000


def run() -> None:
    """Prints mails per second of both, the best of three rounds that take turns, and their ratio."""
    yardstick = _smtp_source if postfix("smtp-source") else _raw_sender
    with sink() as port:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(yardstick(port))
            ours.append(asyncio.run(_send(port)))
    name = "smtp-source" if yardstick is _smtp_source else "raw sender"
    best, limit = max(ours), max(theirs)
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


def _smtp_source(port: int) -> float:
    program = postfix("smtp-source")
    assert program is not None
    command = [program, "-d", "-s", str(CONNECTIONS), "-m", str(MAILS), "-l", str(OCTETS)]
    started = time.perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True, timeout=120)
    return MAILS / (time.perf_counter() - started)


def _raw_sender(port: int) -> float:
    return asyncio.run(_send_raw(port))


async def _send_raw(port: int) -> float:
    """The least that can be done in Python: one command at a time, hardly a look at the replies."""
    content = _mails()[0].content
    commands = [
        b"MAIL FROM:<a@example.org>\r\n",
        b"RCPT TO:<b@example.org>\r\n",
        b"DATA\r\n",
        content + b".\r\n",
    ]

    async def one_connection(count: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b"HELO bench.example.org\r\n")
        await reader.readline()
        for _ in range(count):
            for command in commands:
                writer.write(command)
                if not (await reader.readline()).startswith((b"2", b"3")):
                    raise RuntimeError("the sink refused a command")
        writer.close()

    started = time.perf_counter()
    async with asyncio.timeout(120):
        await asyncio.gather(*(one_connection(MAILS // CONNECTIONS) for _ in range(CONNECTIONS)))
    return MAILS / (time.perf_counter() - started)


if __name__ == "__main__":
    run()
