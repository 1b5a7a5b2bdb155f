"""Health checks tell the truth about each dependency."""

import httpx


async def test_it_is_alive_and_ready_when_everything_answers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "ok"}
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "schema": "ok", "redis": "ok"}


async def test_an_unknown_path_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
