"""Events posted with the official libraries of Standard Webhooks, Svix and CloudEvents, as ingestors do."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
import standardwebhooks
import svix.webhooks
from cloudevents.core.bindings import http as core_http
from cloudevents.core.v1.event import CloudEvent as CoreEvent
from cloudevents.v1 import http as v1_http

from tests.events import BATCH, SECRET, upserted
from tests.integration.web.sockets import Served
from tests.npm import installed
from tests.waiting import PATIENCE

pytestmark = pytest.mark.slow

CLIENTS = Path(__file__).parents[2] / "clients"
TRIAL = "NCT00000001"

Message = tuple[dict[str, str], bytes]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the answers do not depend on the kind of database."""
    return sqlite_url


def core_event(event: dict[str, Any], **attributes: Any) -> CoreEvent:
    given = {name: value for name, value in event.items() if name != "data"} | attributes
    return CoreEvent(given | {"time": datetime.fromisoformat(event["time"])}, event["data"])


def core(mode: Literal["binary", "structured"], **attributes: str) -> Message:
    made = core_event(upserted(TRIAL, 1, title="Étude à Rome"), **attributes)
    message = getattr(core_http, f"to_{mode}_event")(made)
    return message.headers, message.body


def v1(mode: Literal["binary", "structured"]) -> Message:
    event = upserted(TRIAL, 1)
    attributes = {name: value for name, value in event.items() if name != "data"}
    made = v1_http.CloudEvent(attributes | {"datacontenttype": "application/json"}, event["data"])
    return getattr(v1_http, f"to_{mode}")(made)


def v1_bytes() -> Message:
    """Bytes as data, which the library writes as `data_base64`."""
    event = upserted(TRIAL, 1)
    attributes = {name: value for name, value in event.items() if name != "data"}
    return v1_http.to_structured(v1_http.CloudEvent(attributes, json.dumps(event["data"]).encode()))


MESSAGES = {
    "structured": lambda: core("structured"),
    "binary": lambda: core("binary", datacontenttype="application/json"),
    "binary without a content type": lambda: core("binary"),
    "an attribute beyond ASCII": lambda: core("binary", source="https://ingést.example.org/€"),
    "older, structured": lambda: v1("structured"),
    "older, binary": lambda: v1("binary"),
    "older, bytes": v1_bytes,
    "batch": lambda: ({"content-type": BATCH}, json.dumps([upserted(TRIAL, 1)]).encode()),
}


def signed_by(library: Any, prefix: str, body: bytes) -> dict[str, str]:
    webhook_id, at = "msg_" + secrets.token_hex(8), datetime.now(UTC)
    return {
        f"{prefix}-id": webhook_id,
        f"{prefix}-timestamp": str(int(at.timestamp())),
        f"{prefix}-signature": library.Webhook(SECRET).sign(webhook_id, at, body.decode()),
    }


@pytest.mark.parametrize(("library", "prefix"), [(standardwebhooks, "webhook"), (svix.webhooks, "svix")])
@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_the_libraries_of_python(server: Served, message: Any, library: Any, prefix: str) -> None:
    headers, body = message()
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        answer = client.post(
            server.url + "/v1/events", content=body, headers=headers | signed_by(library, prefix, body)
        )
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "duplicates": 0, "ignored": 0})


@pytest.fixture(scope="module")
def node() -> str:
    """The program `node`, with the libraries of tests/clients installed."""
    return installed(CLIENTS)


@pytest.mark.parametrize("signer", ["standard", "svix"])
@pytest.mark.parametrize("mode", ["structured", "binary", "batch", "bytes", "compressed"])
async def test_the_libraries_of_javascript(server: Served, node: str, mode: str, signer: str) -> None:
    arguments = [str(CLIENTS / "post.js"), server.url + "/v1/events", SECRET, mode, signer]
    event = json.dumps(upserted(TRIAL, 1, title="Étude à Rome")).encode()
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(node, *arguments, stdin=pipe, stdout=pipe)
    output, _ = await asyncio.wait_for(process.communicate(event), PATIENCE)
    assert json.loads(output) == [202, {"accepted": 1, "duplicates": 0, "ignored": 0}]
