"""A stolen copy of the database and of Redis names nobody (docs/standards.md, Privacy)."""

import hashlib
import hmac
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from service.crypto.email_addresses import AddressIndex
from service.crypto.keyring import derive
from service.store.sql.database import reading
from service.system import System
from tests.integration.privacy import cast, rows
from tests.integration.web.preferring import link
from workers.retention import sweep_retention
from workers.visitor_requests import process_requests

pytestmark = pytest.mark.slow

#: Alice's number, and the lines logged on her way.
Journey = tuple[int, list[MutableMapping[str, Any]]]


async def _traces(system: System) -> bytes:
    """Every byte that the database and Redis hold, texts as they stand."""
    parts: list[bytes] = []
    async with reading(system.database) as connection:
        for lines in (await rows.dump(connection)).values():
            for value in (value for line in lines for value in line.values()):
                parts.append(value if isinstance(value, bytes) else str(value).encode())
    async for key in system.redis.scan_iter():
        parts.append(key)
        kind = await system.redis.type(key)
        if kind == b"string":
            parts.append(await system.redis.get(key) or b"")
        elif kind == b"zset":
            parts.extend(await system.redis.zrange(key, 0, -1))
    return b"\n".join(parts)


def _guesses(address: str) -> list[bytes]:
    """The bare hashes of the address, in every usual spelling and digest."""
    spellings = {address, address.lower(), address.casefold().strip(), "address:" + address.casefold()}
    digests = ("md5", "sha1", "sha256", "sha512", "blake2b")
    raw = [hashlib.new(name, text.encode()).digest() for name in digests for text in spellings]
    return [*raw, *(digest.hex().encode() for digest in raw)]


@pytest.fixture
async def journey(client: httpx.AsyncClient, system: System) -> Journey:
    """Alice signs up, confirms, asks for her link, for another address, changes things and reads her page."""
    with capture_logs() as lines:
        structlog.get_logger("test").info("begin")
        alice = await cast.follower(system)
        path = link(system, alice)
        await client.post("/preferences", data={"email": cast.ALICE})
        await client.post(path + "/address", data={"email": "alice.new@example.net"})
        await client.post(path + "/follow", data={"q": "leukemia", "do": "search"})
        await client.post(path + "/settings", data={"hour": "99", "timezone": cast.ALICE})
        await client.get(path)
        await client.get(path + "/data")
        await process_requests(system)
        await sweep_retention(system)
    return alice, lines


async def test_a_dump_holds_no_address_and_no_bare_hash_of_one(system: System, journey: Journey) -> None:
    traces = await _traces(system)
    assert b"trial:NCT04787263" in traces, "the dump is whole"
    for address in (cast.ALICE, "alice.new@example.net"):
        assert address.lower().encode() not in traces.lower()
        for guess in _guesses(address):
            assert guess not in traces


async def test_a_dictionary_of_addresses_finds_nobody_without_the_key(
    system: System, journey: Journey
) -> None:
    traces = await _traces(system)
    wrong_keys = [b"", b"\0" * 32, hashlib.sha256(b"guess").digest(), derive("guess", "address-index")]
    words = [cast.ALICE, cast.ALICE.lower(), "alice.new@example.net", cast.BOB]
    for key in wrong_keys:
        for word in words:
            assert AddressIndex(key).of(word) not in traces
            assert hmac.digest(key or b"k", word.casefold().encode(), "sha256") not in traces
    assert system.addresses.of(cast.ALICE) in traces, "with the key, Alice is found"


async def test_no_log_line_holds_an_address_a_topic_or_a_token(system: System, journey: Journey) -> None:
    alice, lines = journey
    token = link(system, alice).removeprefix("/preferences/")[:6]
    text = "\n".join(map(str, lines)).lower()
    assert "/preferences/{token}" in text, "the log is on"
    for secret in (cast.ALICE.lower(), "alice.new", "leukemia", "nct0", "mondo"):
        assert secret not in text
    assert "/preferences/" + token.lower() not in text
