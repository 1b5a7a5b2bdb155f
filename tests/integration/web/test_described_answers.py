"""The OpenAPI document: answers and bodies are described as they are."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.web.operating import BEARER
from tests.integration.web.signing_up import ALICE, TERMS, TRIAL, publish_terms


@pytest.fixture
async def described(client: httpx.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get("/openapi.json")).json()
    return document


def is_described(described: dict[str, Any], answer: httpx.Response, path: str) -> bool:
    """Whether the status and media type of an answer are those of the document, exactly."""
    operation = described["paths"][path][answer.request.method.lower()]
    response = operation["responses"].get(str(answer.status_code), operation["responses"]["default"])
    media = answer.headers.get("content-type", "").partition(";")[0]
    return media in response.get("content", {"": None})


@pytest.mark.parametrize("path", ["/metrics", "/v1/topics?q=leukemia", "/v1/terms", "/health/ready"])
async def test_each_answer_has_the_media_type_that_is_described(
    client: httpx.AsyncClient, described: dict[str, Any], path: str
) -> None:
    assert is_described(described, await client.get(path), path.partition("?")[0])


@pytest.mark.parametrize("sent", ["json", "data"])
@pytest.mark.parametrize(
    ("version", "email", "status"), [("", ALICE, 503), (TERMS, ALICE, 0), (TERMS, "nobody", 422)]
)
async def test_each_answer_to_a_sign_up_is_described(
    client: httpx.AsyncClient,
    described: dict[str, Any],
    database: AsyncEngine,
    sent: str,
    version: str,
    email: str,
    status: int,
) -> None:
    if version:
        await publish_terms(database, version)
    body: Any = {sent: {"email": email, "topic": TRIAL, "accept_terms": "on", "terms_version": TERMS}}
    answer = await client.post("/v1/subscriptions", **body)
    assert answer.status_code == (status or {"json": 202, "data": 303}[sent])
    assert is_described(described, answer, "/v1/subscriptions")


async def test_a_body_of_an_operator_takes_no_other_field_than_those_described(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    for path, item in described["paths"].items():
        if not path.startswith("/v1/admin/") or "requestBody" not in item.get("post", {}):
            continue
        reference = item["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert (
            described["components"]["schemas"][reference.rpartition("/")[2]]["additionalProperties"] is False
        )
        answer = await client.post(path.replace("{number}", "1"), json={"colour": "red"}, headers=BEARER)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "colour"


async def test_a_release_needs_no_body_and_a_cancellation_the_fate_of_its_news(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    assert described["paths"]["/v1/admin/mail/release"]["post"]["requestBody"]["required"] is False
    assert (await client.post("/v1/admin/mail/release", headers=BEARER)).status_code == 200
    assert described["paths"]["/v1/admin/runs/{number}/cancel"]["post"]["requestBody"]["required"] is True
    assert described["components"]["schemas"]["Cancellation"]["required"] == ["news"]
    for body in (None, {"news": None}):
        answer = await client.post("/v1/admin/runs/1/cancel", json=body, headers=BEARER)
        assert answer.status_code == 422
