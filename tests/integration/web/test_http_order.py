"""Requests on one connection and what stands between and behind them: answers in order, over sockets."""

import socket

import pytest

from tests.integration.web.sockets import (
    GET,
    HOST,
    Served,
    everything,
    genuine,
    is_problem,
    status,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The order of answers does not depend on the kind of database."""
    return sqlite_url


def test_pipelined_requests_are_answered_in_order(server: Served) -> None:
    answer = server.exchange(
        GET + b"\r\n" + b"GET /nothing HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    )
    assert answer.index(b"200 OK") < answer.index(b"404 Not Found")


GARBAGE = [
    b"\x16\x03\x01 no http at all\r\n\r\n",
    GET + b"no field\r\n\r\n",
    GET + b"X-Long: " + b"a" * 20_000 + b"\r\n\r\n",
    b"POST /v1/subscriptions HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nno size\r\n",
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=["no http", "no field", "too long", "no chunk"])
@pytest.mark.parametrize("before", [1, 3])
def test_requests_before_garbage_are_answered_first(server: Served, before: int, garbage: bytes) -> None:
    body = b"[]"
    answer = server.exchange((genuine(body) + body) * before + garbage)
    assert answer.count(b"HTTP/1.1 202 Accepted") == before
    head, refusal = answer[: answer.rindex(b"HTTP/1.1 ")], answer[answer.rindex(b"HTTP/1.1 ") :]
    assert head.count(b'"ignored"') == before, "each answer is whole"
    assert status(refusal) in (400, 431)
    assert is_problem(refusal)


def test_half_a_head_after_a_request_has_its_own_time(impatient: None, server: Served) -> None:
    answer = everything(server.connect(GET + b"\r\n" + GET))
    assert b"200 OK" in answer
    assert status(answer[answer.rindex(b"HTTP/1.1 ") :]) == 408


def test_garbage_after_a_last_request_is_not_answered(server: Served) -> None:
    answer = server.exchange(GET + b"Connection: close\r\n\r\n" + GARBAGE[0])
    assert answer.count(b"HTTP/1.1 ") == 1
    assert status(answer) == 200


@pytest.mark.parametrize("more", [b"", GARBAGE[0]], ids=["one request", "and garbage"])
def test_a_client_that_closes_its_half_is_answered(server: Served, more: bytes) -> None:
    body = b"[]"
    opened = server.connect(genuine(body) + body + more)
    opened.shutdown(socket.SHUT_WR)
    assert status(everything(opened)) == 202
