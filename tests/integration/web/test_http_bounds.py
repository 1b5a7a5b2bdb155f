"""The limits on what a client can make the server read, keep and wait for: over real sockets."""

import time
from contextlib import suppress

import pytest

from service.languages import language
from service.web.http import connections, protocol
from tests.integration.web.sockets import (
    GET,
    HOST,
    Served,
    are_closed,
    everything,
    genuine,
    headers_of,
    is_closed,
    is_problem,
    status,
)
from tests.waiting import Stopwatch

pytestmark = pytest.mark.slow

EVENTS = b"POST /v1/events HTTP/1.1\r\n" + HOST + b"Content-Type: application/cloudevents-batch+json\r\n"

#: The heading of the page about an address that is too long, by language.
HEADINGS = {code: language(code).gettext("This is too long") for code in ("en", "de", "fr", "it", "es", "ar")}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the layers before the application do not depend on the database."""
    return sqlite_url


def test_a_head_without_an_end_is_refused_early(server: Served) -> None:
    opened = server.connect(GET + b"X-Long: ")
    with Stopwatch() as watch:
        with suppress(OSError):
            for _ in range(128):
                opened.sendall(b"a" * 65_536)
        answer = everything(opened)
    assert (status(answer), is_problem(answer)) == (431, True)
    assert watch.seconds < 10


@pytest.mark.parametrize("pieces", [1, 200])
def test_a_head_that_is_too_large_is_refused(server: Served, pieces: int) -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 100) for number in range(200))
    whole = GET + fields + b"\r\n"
    step = len(whole) // pieces
    answer = server.exchange(*[whole[at : at + step] for at in range(0, len(whole), step)])
    assert (status(answer), is_problem(answer)) == (431, True)
    assert b"16384 bytes" in answer


def test_a_long_address_is_refused(server: Served) -> None:
    answer = server.exchange(b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (status(answer), is_problem(answer)) == (414, True)


@pytest.mark.parametrize(
    ("target", "fields", "expected"),
    [("/subscribe?" + "a" * 9_000, "", 414), ("/subscribe", f"Cookie: {'a' * 17_000}\r\n", 431)],
    ids=["address", "cookies"],
)
@pytest.mark.parametrize(("tag", "heading"), HEADINGS.items())
def test_people_refused_by_the_server_get_a_page_in_their_language(
    server: Served, target: str, fields: str, expected: int, tag: str, heading: str
) -> None:
    head = f"Accept: text/html,*/*;q=0.8\r\nAccept-Language: {tag}\r\n{fields}\r\n".encode()
    answer = server.exchange(f"GET {target} HTTP/1.1\r\n".encode() + HOST + head)
    assert status(answer) == expected
    top, _, page = answer.partition(b"\r\n\r\n")
    assert b"content-type: text/html; charset=utf-8" in top
    assert b"connection: close" in top
    assert b"nosniff" in top
    assert f'<html lang="{tag}"'.encode() in page
    assert f">{heading}</h1>" in page.decode()
    assert len(page) < 6_000


def test_programs_refused_by_the_server_get_a_problem(server: Served) -> None:
    for target in (b"/v1/topics?q=" + b"a" * 9_000, b"/v1/events?" + b"a" * 9_000):
        answer = server.exchange(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"Accept: text/html\r\n\r\n")
        assert (status(answer), is_problem(answer)) == (414, True)


def test_a_client_of_http_1_0_gets_no_100_continue(server: Served) -> None:
    head = b"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    assert status(server.exchange(b"POST /v1/subscriptions HTTP/1.0\r\n" + head + b"{}")) == 503
    answer = server.exchange(b"POST /v1/subscriptions HTTP/1.1\r\n" + HOST + head + b"{}")
    assert status(answer) == 100


def test_a_head_below_the_bounds_is_answered(server: Served) -> None:
    answer = server.get("/health/live?" + "a" * 4_000, **{"X-Long": "b" * 10_000})
    assert answer.status_code == 200


def test_bytes_that_are_no_http_are_answered_with_a_problem(server: Served) -> None:
    answer = server.exchange(b"\x16\x03\x01 no http at all\r\n\r\n")
    assert (status(answer), is_problem(answer)) == (400, True)


@pytest.mark.parametrize(
    "target", [b"CONNECT a.example:443", b"GET http://a.example", b"CONNECT [", b"GET ?q"]
)
def test_a_target_that_is_no_path_is_a_problem(
    server: Served, caplog: pytest.LogCaptureFixture, target: bytes
) -> None:
    answer = server.exchange(target + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) in (400, 404)
    assert is_problem(answer)
    assert not [record for record in caplog.records if record.name == "asyncio"], "no error of ours"


@pytest.mark.parametrize(
    "hosts", [b"", HOST + HOST, HOST + b"Host: other.example\r\n", b"Host: \r\n"], ids=repr
)
def test_http_1_1_has_exactly_one_host(server: Served, hosts: bytes) -> None:
    answer = server.exchange(b"GET /health/live HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
    assert (status(answer), is_problem(answer)) == (400, True)


def test_http_1_0_needs_no_host(server: Served) -> None:
    assert status(server.exchange(b"GET /health/live HTTP/1.0\r\n\r\n")) == 200


@pytest.mark.parametrize("sent", [b"", b"\r\n\r\n", b"GET /hea", GET + b"X-Half: "], ids=repr)
def test_an_incomplete_head_times_out(impatient: None, server: Served, sent: bytes) -> None:
    opened = server.connect(sent)
    with Stopwatch() as watch:
        answer = everything(opened)
    assert watch.seconds < 5
    assert not answer if not sent.strip() else (status(answer) == 408 and is_problem(answer))


def test_a_head_in_drops_has_the_same_time(impatient: None, server: Served) -> None:
    opened = server.connect(GET)
    with Stopwatch() as watch, suppress(OSError):
        while watch.seconds < 8:
            opened.sendall(b"X: y\r\n")
            time.sleep(0.2)
    assert watch.seconds < 7


def test_an_incomplete_body_times_out(impatient: None, server: Served) -> None:
    body = b"[" + b" " * 1_000 + b"]"
    answer = everything(server.connect(genuine(body) + body[:-1]))
    assert (status(answer), is_problem(answer)) == (408, True)


def test_a_body_that_arrives_steadily_has_all_its_time(
    impatient: None, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "LEAST_RATE", 100)
    body = b"[" + b" " * 1_000 + b"]"
    opened = server.connect(genuine(body))
    for at in range(0, len(body), 50):
        opened.sendall(body[at : at + 50])
        time.sleep(0.1)
    assert status(opened.recv(65_536)) == 202


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"webhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,AAAA\r\n",
        b"webhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1," + b"A" * 43 + b"=\r\n",
    ],
    ids=["missing", "malformed", "out of time"],
)
def test_an_unsigned_event_is_refused_before_its_body(server: Served, headers: bytes) -> None:
    opened = server.connect(EVENTS + headers + b"Content-Length: 1000000\r\n\r\n[")
    assert status(opened.recv(65_536)) == 401


@pytest.mark.parametrize("kept", [b"", b"Connection: close\r\n"], ids=["kept alive", "to be closed"])
def test_a_client_that_keeps_sending_after_a_refusal_can_still_read_it(server: Served, kept: bytes) -> None:
    """Closing at once would reset the connection, and the answer might be lost."""
    body = b"[" + b" " * 15_000_000 + b"]"
    opened = server.connect(EVENTS + kept + b"Content-Length: %d\r\n\r\n" % len(body) + body[:-1])
    time.sleep(0.1)
    opened.sendall(body[-1:])
    assert status(opened.recv(65_536)) == 401
    if kept:
        assert is_closed(opened)
    else:
        opened.sendall(GET + b"Connection: close\r\n\r\n")
        assert b" 200 OK" in everything(opened)


def test_trailers_neither_grow_without_end_nor_pass_for_headers(server: Served) -> None:
    chunked = EVENTS + headers_of(b"[]") + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n"
    answered = server.connect(chunked + b"Host: other.example\r\n\r\n").recv(65_536)
    assert status(answered) == 202
    opened = server.connect(chunked)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - ends in the middle
        for _ in range(2_000):
            opened.sendall(b"X-Long: " + b"a" * 65_536)
            time.sleep(0.002)


def test_bodies_in_flight_are_bounded_together(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_BODY_BYTES", 4 * 1024 * 1024)
    body = b"[" + b" " * 1_000_000 + b"]"
    held = [server.connect(genuine(body) + body[:-1]) for _ in range(12)]
    closed = are_closed(held, 8)
    assert closed == set(held[: len(closed)]), "not the oldest ones were given up"
    assert len(closed) >= 8
    answer = server.connect(genuine(body) + body).recv(65_536)
    assert status(answer) == 202


def test_a_request_beyond_the_memory_limit_is_answered_503_with_retry_after(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_BODY_BYTES", 100_000)
    body = b"[" + b" " * 1_000_000 + b"]"
    answer = everything(server.connect(genuine(body) + body))
    assert (status(answer), is_problem(answer)) == (503, True)
    assert b"retry-after: 5" in answer


def test_bytes_of_bodies_are_given_back(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_BODY_BYTES", 1_500_000)
    body = b"[" + b" " * 1_000_000 + b"]"
    opened = server.connect()
    for _ in range(4):
        opened.sendall(genuine(body) + body)
        answer = b""
        while not answer.endswith(b"}"):  # head and body may come apart
            answer += opened.recv(65_536)
        assert status(answer) == 202
    for _ in range(4):
        server.connect(genuine(body) + body[:-1]).close()
    time.sleep(0.3)
    assert status(server.connect(genuine(body) + body).recv(65_536)) == 202


def test_the_longest_waiting_make_way(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "connection_limits", lambda: (50, 50))
    held = [server.connect(GET) for _ in range(80)]
    assert server.get("/health/live").status_code == 200
    assert is_closed(held[0])
    assert not is_closed(held[-1], 0.5)


def test_idle_connections_end(impatient: None, server: Served) -> None:
    opened = server.connect(GET + b"\r\n")
    assert status(opened.recv(65_536)) == 200
    assert is_closed(opened)
