"""Optional traces by OpenTelemetry, switched on by its own environment variables (OTEL_…).

Needs the extra `trial-alerts[otel]`. Spans carry names, numbers and ids of requests, never an address, a
topic or a token. While it is off, a span costs a fraction of a microsecond.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

#: Any of these asks for traces (OpenTelemetry's specification, "Environment variables").
_ASKING = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Attribute = str | int | float | bool


class TracingUnavailable(Exception):
    """Traces are configured and can't be exported. The message is one sentence for an operator."""


class _NoSpan:
    """A span while tracing is off."""

    def set_attribute(self, name: str, value: Attribute) -> None:
        """Does nothing."""


_NO_SPAN = nullcontext(_NoSpan())
_tracer: Any = None
_provider: Any = None


def is_asked_for(environ: Mapping[str, str]) -> bool:
    """Whether the environment asks for traces."""
    off = (
        environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
        or environ.get("OTEL_TRACES_EXPORTER") == "none"
    )
    return not off and any(environ.get(name) for name in _ASKING)


def set_up(environ: Mapping[str, str]) -> None:
    """Starts sending spans by OTLP over HTTP, if the environment asks for it. Raises TracingUnavailable."""
    global _tracer, _provider
    if not is_asked_for(environ) or _tracer is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracingUnavailable(
            "OTEL_EXPORTER_OTLP_ENDPOINT asks for traces, which need the extra trial-alerts[otel]."
        ) from None
    named = Resource({"service.name": "trial-alerts"}).merge(OTELResourceDetector().detect())
    _provider = TracerProvider(resource=named, shutdown_on_exit=True)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("trial-alerts")


def flush() -> None:
    """Sends the spans that wait; does nothing while tracing is off."""
    if _provider is not None:
        _provider.force_flush(timeout_millis=2_000)


def span(name: str, traceparent: str = "", **attributes: Attribute) -> AbstractContextManager[Any]:
    """A span around a unit of work; an error is recorded by its type alone.

    `traceparent`: the header of the caller (W3C Trace Context), if there was one.
    """
    return _NO_SPAN if _tracer is None else _recorded(name, traceparent, attributes)


@contextmanager
def _recorded(name: str, traceparent: str, attributes: Mapping[str, Attribute]) -> Iterator[Any]:
    from opentelemetry.trace import Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(
        name, context=parent, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise
