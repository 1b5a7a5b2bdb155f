"""Digests built per second on one core: fragments joined, beside Jinja and `email.message`, same run."""

import time
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from service.domain.digests.blocks import TrialBlock
from service.domain.wording.facts import Fact
from service.domain.wording.summary import Passage
from service.mail.compose import compose, render
from service.mail.message.kinds import Digest
from tests.unit.mail.cast import FRAME, NOW, block, digest, url

SUMMARY = (
    "This study is testing a therapy where a child's own immune cells are changed in a lab to fight illness. "
)


def run() -> None:
    """Print the figures for a digest of three trials and about 27 KB."""
    blocks = tuple(_large(number) for number in range(3))
    size = len(_compose(digest(*blocks), 0))
    print(f"digests of {len(blocks)} trials, {size / 1000:.0f} KB, one core")

    mail = digest(*blocks)
    hits = _rate(lambda n: _compose(mail, n), 20_000)
    unseen = [
        digest(*(replace(known, key=f"{number} {known.key}") for known in blocks)) for number in range(2_000)
    ]
    misses = _rate(lambda n: _compose(unseen[n], n), len(unseen))
    usual = _rate(lambda n: _with_email_message(mail, n), 200)
    print(f"  fragments, every one cached   {hits:10,.0f} per second  {hits / usual:6.0f} x")
    print(f"  fragments, none cached        {misses:10,.0f} per second  {misses / usual:6.0f} x")
    print(f"  Jinja and email.message       {usual:10,.0f} per second  (the yardstick)")


def _large(number: int) -> TrialBlock:
    facts = (Fact("Places:", "; ".join(f"Place {place}, Italy" for place in range(24))),)
    return block(number, summary=(Passage("paragraph", (SUMMARY * 14,)),), facts=facts)


def _rate(build: Callable[[int], bytes], count: int) -> float:
    build(0)
    start = time.perf_counter()
    for number in range(count):
        build(number)
    return count / (time.perf_counter() - start)


def _compose(mail: Digest, number: int) -> bytes:
    return compose(
        mail,
        frame=FRAME,
        recipient=f"a{number}@example.org",
        language="en",
        message_key=f"k{number}",
        date=NOW,
    )


def _with_email_message(mail: Digest, number: int) -> bytes:
    words = render(mail, frame=FRAME, language="en")
    message = EmailMessage(policy=SMTP)
    message["From"] = FRAME.mail_from
    message["To"] = f"a{number}@example.org"
    message["Subject"] = words.subject
    message["Date"] = format_datetime(NOW)
    message["Message-ID"] = f"<k{number}@{FRAME.mail_domain}>"
    message["List-Unsubscribe"] = f"<{url('unsubscribe')}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.text)
    message.add_alternative(words.html, subtype="html")
    return message.as_bytes(policy=SMTP.clone(max_line_length=998))


if __name__ == "__main__":
    run()
