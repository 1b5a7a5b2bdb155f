"""Nothing of a request stays in the process: neither in our caches nor in the framework's."""

import functools
import gc

import httpx
import pytest

from tests.integration.web.signing_up import sign_up

pytestmark = pytest.mark.slow


def sizes() -> dict[str, int]:
    """Entries of every cache that looks like one of functions of the web side, by the function's name."""
    gc.unfreeze()  # a running application takes what was there before out of the collector's sight
    caches = [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]
    return {
        f"{cache.__module__}.{cache.__qualname__} {id(cache)}": cache.cache_info().currsize
        for cache in caches
        if str(cache.__module__).startswith(("litestar.", "service.web"))
    }


async def ask(client: httpx.AsyncClient, turn: int) -> None:
    for path in ("/", "/static/", "/confirm/", "/preferences/", "/nothing/here/", "/subscribe?topic=trial:"):
        await client.get(f"{path}{turn}", headers={"cookie": f"operators={turn}"})
    await client.get(f"/v1/topics?q=word{turn}")
    await client.get("/admin", headers={"cookie": f"operators={turn}"})
    await client.post(f"/preferences/{turn}/topic", data={"topic": str(turn)})
    await client.post(
        "/v1/subscriptions", data=sign_up(email=f"a{turn}@example.org", topic=f"condition:c{turn}")
    )


async def test_no_cache_grows_with_the_input_of_visitors(client: httpx.AsyncClient) -> None:
    await ask(client, 0)
    before = sizes()
    for turn in range(1, 6):
        await ask(client, turn)
    grown = {name: size for name, size in sizes().items() if size > before.get(name, 0)}
    assert before
    assert grown == {}
