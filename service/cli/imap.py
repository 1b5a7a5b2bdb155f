"""`trial-alerts imap`: reads a mailbox for bounces, complaints and unsubscribe requests."""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

import structlog

from service.actions.feedback import process_feedback
from service.mail.inbound.imap import ImapMailbox, MailboxError, open_mailbox
from service.mail.inbound.imap_url import ImapUrl
from service.runtime.failure_reasons import reason
from service.store.sql.database import is_away
from service.system import System

_log = structlog.get_logger("feedback")
_LONGEST_WAIT = 300.0


class MessagesRead(NamedTuple):
    """The number of messages that were processed, and of those that could not be and stay unread."""

    processed: int
    failed: int


async def read_once(system: System, url: ImapUrl, *, delete: bool, stopping: asyncio.Event) -> MessagesRead:
    """Processes every unread message of the mailbox. Raises MailboxError.

    A message is marked as read after it was processed: a death in between repeats it, which changes nothing.
    """

    def process(raw: bytes) -> None:
        asyncio.run_coroutine_threadsafe(process_feedback(system, raw, [], system.now()), loop).result()

    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(_read, url, process, delete, stopping)


def _read(
    url: ImapUrl, process: Callable[[bytes], None], delete: bool, stopping: asyncio.Event
) -> MessagesRead:
    with open_mailbox(url, delete=delete) as mailbox:
        return _read_unread(mailbox, process, stopping)


def _read_unread(
    mailbox: ImapMailbox, process: Callable[[bytes], None], stopping: asyncio.Event
) -> MessagesRead:
    processed = failed = 0
    for uid in mailbox.unread():
        if stopping.is_set():
            break
        raw = mailbox.message(uid)
        if raw is None:
            _log.warning("imap_message_skipped", uid=int(uid), reason="too large, or gone")
        else:
            try:
                process(raw)
            except Exception as error:
                if is_away(error):
                    words = f"The database can't be used ({reason(error)}): the messages stay unread."
                    raise MailboxError(words) from None
                # It stays unread.
                _log.error("imap_message_failed", uid=int(uid), error=type(error).__name__)
                failed += 1
                continue
            processed += 1
        mailbox.finish(uid)
    return MessagesRead(processed, failed)


async def watch(
    system: System, url: ImapUrl, *, delete: bool, interval: float, stopping: asyncio.Event
) -> None:
    """Reads the mailbox every `interval` seconds until `stopping` is set; waits longer while it is away."""
    wait, warned = interval, -_LONGEST_WAIT
    while not stopping.is_set():
        try:
            read = await read_once(system, url, delete=delete, stopping=stopping)
            wait = interval
            if read.processed:
                _log.info("imap_read", messages=read.processed)
        except MailboxError as problem:
            wait = min(max(wait, 1.0) * 2, _LONGEST_WAIT)
            if time.monotonic() - warned >= 60:
                _log.warning("imap_away", reason=str(problem))
                warned = time.monotonic()
        try:
            await asyncio.wait_for(stopping.wait(), wait)
        except TimeoutError:
            continue
