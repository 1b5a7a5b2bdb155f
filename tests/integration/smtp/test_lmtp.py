"""The LMTP listener, used as by a mail server, with the standard library's client."""

import asyncio
import logging
import smtplib
from collections.abc import Callable
from typing import Any

import pytest

from service.mail.inbound.lmtp import LmtpListener
from service.runtime.listen_error import ListenError
from tests.waiting import PATIENCE

BOUNCE = "Subject: Undelivered\r\n\r\n.dotted\r\nHello\r\n"
TO = "b-abc@bounces.example"


class Mailbox:
    """A store that takes everything, or breaks."""

    def __init__(self, error: Exception | None = None, answer: object = None) -> None:
        self.error, self.answer = error, answer
        self.stored: list[tuple[bytes, list[str]]] = []

    async def __call__(self, raw: bytes, recipients: list[str]) -> object:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.stored.append((raw, recipients))
        return self.answer


async def _speak(listener: LmtpListener, talk: Callable[[smtplib.LMTP], Any]) -> Any:
    def session() -> Any:
        with smtplib.LMTP(
            listener.host, listener.port, local_hostname="mx.example", timeout=PATIENCE
        ) as client:
            return talk(client)

    return await asyncio.to_thread(session)


Replies = list[tuple[int, bytes]]


def _replies(recipients: list[str], content: str = BOUNCE) -> Callable[[smtplib.LMTP], Replies]:
    def talk(client: smtplib.LMTP) -> Replies:
        client.ehlo_or_helo_if_needed()
        client.mail("")
        for recipient in recipients:
            client.rcpt(recipient)
        first = client.data(content.encode())
        return [first, *(client.getreply() for _ in recipients[1:])]

    return talk


async def test_a_bounce_with_the_null_sender_is_stored_before_it_is_accepted() -> None:
    mailbox = Mailbox()
    async with LmtpListener("127.0.0.1:0", mailbox) as listener:
        replies = await _speak(listener, _replies([TO]))
    assert [code for code, _ in replies] == [250]
    assert mailbox.stored == [(BOUNCE.encode(), [TO])]


async def test_a_message_that_could_not_be_stored_is_deferred(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Mailbox(ConnectionError(f"database away, {TO}"))
    async with LmtpListener("127.0.0.1:0", broken) as listener:
        replies = await _speak(listener, _replies([TO]))
    assert [code for code, _ in replies] == [451]
    assert TO not in caplog.text
    assert TO.encode() not in replies[0][1]


@pytest.mark.parametrize("answer", [None, False, "no_action"])
async def test_a_message_without_effect_is_accepted(answer: object) -> None:
    async with LmtpListener("127.0.0.1:0", Mailbox(answer=answer)) as listener:
        assert [code for code, _ in await _speak(listener, _replies([TO]))] == [250]


async def test_every_recipient_is_answered() -> None:
    mailbox = Mailbox()
    async with LmtpListener("127.0.0.1:0", mailbox) as listener:
        replies = await _speak(listener, _replies([TO, "b-def@bounces.example", "b-ghi@bounces.example"]))
    assert [code for code, _ in replies] == [250, 250, 250]
    assert len(mailbox.stored[0][1]) == 3


async def test_too_large_a_message_is_refused_for_every_recipient_and_the_session_goes_on() -> None:
    mailbox = Mailbox()
    async with LmtpListener("127.0.0.1:0", mailbox, size_limit=1_000) as listener:

        def talk(client: smtplib.LMTP) -> tuple[Replies, Replies]:
            return _replies([TO, TO], BOUNCE + "x" * 900 + "\r\n" + "y" * 900)(client), _replies([TO])(client)

        large, small = await _speak(listener, talk)
    assert [code for code, _ in large] == [552, 552]
    assert [code for code, _ in small] == [250]
    assert len(mailbox.stored) == 1


async def test_long_lines_of_returned_mail_are_accepted() -> None:
    mailbox = Mailbox()
    async with LmtpListener("127.0.0.1:0", mailbox) as listener:
        replies = await _speak(listener, _replies([TO], BOUNCE + "x" * 20_000 + "\r\n"))
    assert replies[0][0] == 250
    assert b"x" * 20_000 in mailbox.stored[0][0]


async def test_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with LmtpListener("127.0.0.1:0", Mailbox()) as listener:
            await _speak(listener, _replies([TO]))
    assert TO not in caplog.text


@pytest.mark.parametrize("listen", ["2424", "localhost", ":24", "localhost:lmtp", "localhost:99999"])
def test_a_wrong_address_is_answered_with_the_right_form(listen: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        LmtpListener(listen, Mailbox())


async def test_an_address_that_can_not_be_listened_on_is_said_in_a_sentence() -> None:
    async with LmtpListener("127.0.0.1:0", Mailbox()) as first:
        for host, port, words in (
            ("127.0.0.1", first.port, f"Port {first.port} of 127.0.0.1 is in use: choose another one with"),
            ("203.0.113.9", 24, "Port 24 of 203.0.113.9 can't be listened on: Cannot assign requested"),
            ("nowhere.invalid", 24, "The host nowhere.invalid is not known here."),
        ):
            with pytest.raises(ListenError, match=f"^{words}"):
                async with LmtpListener(f"{host}:{port}", Mailbox()):
                    pass
