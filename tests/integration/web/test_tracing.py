"""Traces leave by OTLP when the environment asks for them, and hold nothing about people."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.e2e.journey.processes import PATIENCE, forked_serve, run_command
from tests.events import signed, upserted
from tests.integration.web.test_request_id import TRACE

pytestmark = pytest.mark.slow

TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


class Collector(ThreadingHTTPServer):
    """A collector of OpenTelemetry that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> list[dict[str, str]]:
        """Each span's name, trace and attributes."""
        return [
            {"name": span.name, "trace": span.trace_id.hex()}
            | {of.key: of.value.string_value or str(of.value.int_value) for of in span.attributes}
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    yield server
    server.shutdown()


def test_a_service_with_traces_sends_its_requests_as_spans_without_anything_of_people(
    environ: dict[str, str], collector: Collector
) -> None:
    asking = environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "alerts"}
    body = json.dumps([upserted("NCT04787263", 1)]).encode()
    with forked_serve(asking) as (_, port):
        url = f"http://127.0.0.1:{port}"
        headers = signed(body) | {"traceparent": TRACEPARENT}
        httpx.post(f"{url}/v1/events", content=body, headers=headers, timeout=PATIENCE).raise_for_status()
        httpx.get(f"{url}/confirm/secret-token-of-anna", timeout=PATIENCE)
        httpx.post(f"{url}/v1/subscriptions", json={"email": "anna@example.org"}, timeout=PATIENCE)
    spans = {span["http.route"]: span for span in collector.spans if span["name"] == "request"}
    assert spans["/v1/events"]["trace"] == TRACE
    assert spans["/v1/events"]["request_id"] == TRACE
    assert spans["/v1/events"]["http.response.status_code"] == "202"
    assert spans["/confirm/{token}"]["http.request.method"] == "GET"
    everything = b"".join(collector.bodies)
    assert b"alerts" in everything
    for word in (b"anna", b"secret-token", b"NCT04787263"):
        assert word not in everything


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("off", [{"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}])
def test_nothing_is_sent_when_the_environment_disables_it(
    environ: dict[str, str], collector: Collector, off: dict[str, str]
) -> None:
    with forked_serve(environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url} | off) as (_, port):
        httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=PATIENCE).raise_for_status()
    assert collector.bodies == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_traces_without_their_library_stop_the_start_in_one_sentence(environ: dict[str, str]) -> None:
    without = (
        "import sys; sys.modules['opentelemetry.sdk.trace'] = None; from service.cli.main import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", without, "serve", "--port", "0"],
        env=os.environ | environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "trial-alerts: OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, which need the extra"
        " trial-alerts[otel].\n"
    )


def test_commands_start_without_it() -> None:
    assert run_command("--version", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1").returncode == 0
