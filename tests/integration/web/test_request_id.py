"""One id leads from a visitor's request through the log to the worker that processed it."""

import json

import httpx
import pytest

from service.system import System
from tests.integration.web.signing_up import post, publish_terms
from workers.visitor_requests import process_requests

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def lines(captured: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.splitlines() if line.startswith("{")]


async def test_a_request_id_is_logged_from_the_form_to_the_worker(
    client: httpx.AsyncClient, system: System, json_logs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    await publish_terms(system.database)
    answer = await post(client)
    number = answer.headers["x-request-id"]
    await process_requests(system)
    events = [line["event"] for line in lines(capsys.readouterr().err) if line.get("request_id") == number]
    assert events == ["request", "request_processed"]


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("traceparent", f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        ("x-request-id", "7f0c1f0a-6d2e-4ff0-9a4d-2a1c5c0a7b11", "7f0c1f0a-6d2e-4ff0-9a4d-2a1c5c0a7b11"),
        ("x-request-id", "NCT04787263", None),
        ("x-request-id", "anna@example.org", None),
        ("traceparent", "leukemia", None),
    ],
)
async def test_a_request_id_of_a_proxy_is_kept_if_it_is_well_formed(
    client: httpx.AsyncClient, name: str, value: str, kept: str | None
) -> None:
    answer = await client.get("/health/live", headers={name: value})
    made = answer.headers["x-request-id"]
    assert made == kept if kept else len(made) == 32
