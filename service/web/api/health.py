"""Liveness and readiness."""

from typing import Any

from litestar import Request, Response, get

from service.web.api.readiness import OK, readiness_of
from service.web.http.deps import OpenSystem

#: Dependencies without which no request can be served.
_NEEDED = ("database", "schema")


@get("/health/live", summary="Whether the process lives")
async def live() -> dict[str, str]:
    """Answers while the process runs."""
    return {"status": "ok"}


@get("/health/ready", summary="Whether requests can be served, and what each dependency answers")
async def ready(request: Request[Any, Any, Any], system: OpenSystem) -> Response[dict[str, object]]:
    """Each dependency. 503 if the database is unavailable or read-only: then no request can be served.

    Without Redis, mail server or workers the service is `degraded`: requests are stored and processed later.
    """
    checks = await readiness_of(request.app.state, system).answers()
    served = all(checks[name] == OK for name in _NEEDED)
    well = all(answer == OK for answer in checks.values())
    status = "ok" if well else "degraded" if served else "unavailable"
    return Response(
        {"status": status, "checks": checks},
        status_code=200 if served else 503,
        headers={} if served else {"Retry-After": "5"},
    )
