"""Errors as application/problem+json (RFC 9457): what was wrong and how to fix it, never a traceback."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from service.domain.wording.messages import lazy_gettext as _
from service.domain.wording.messages import translated
from service.runtime.failure_reasons import reason
from service.store.sql.database import is_away
from service.web.http.reader import reader_language

_log = structlog.get_logger("web")

PROBLEM_JSON = "application/problem+json"

#: The framework's message for a connection that ended before its request's body.
_CUT_OFF = "client disconnected prematurely"


class Problem(HTTPException):
    """An error answer. `errors` are fields with messages; `detail` is one sentence."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        kind: str = "about:blank",
        **members: Any,
    ) -> None:
        super().__init__(detail=detail, status_code=status, headers=dict(headers or {}))
        self.errors = list(errors)
        self.kind = kind
        self.members = members


def problem_body(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    kind: str = "about:blank",
    members: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A problem's members (RFC 9457 §3)."""
    body: dict[str, Any] = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return body | dict(members or {})


def problem_response(
    status: int,
    detail: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    kind: str = "about:blank",
    members: Mapping[str, Any] | None = None,
) -> Response[bytes]:
    """A problem as an answer; its Messages are in the reader's language."""
    words = reader_language()
    in_words = [
        {name: translated(value, words) if isinstance(value, str) else value for name, value in error.items()}
        for error in errors
    ]
    body = problem_body(status, translated(detail, words), errors=in_words, kind=kind, members=members)
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={
            "Content-Language": words.code,
            "Vary": "Accept-Language",
            **(headers or {}),
        },
    )


def on_problem(request: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    """The answer for a Problem raised by a handler."""
    return problem_response(
        error.status_code,
        error.detail,
        errors=error.errors,
        headers=error.headers,
        kind=error.kind,
        members=error.members,
    )


def is_cut_off(error: HTTPException) -> bool:
    """Whether a connection ended before the request's body."""
    return error.detail == _CUT_OFF


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """The answer for the framework's errors: unknown paths and methods, malformed values."""
    status = error.status_code
    if is_cut_off(error):  # nobody reads this answer; its status must not count as a server error
        return problem_response(408, _("The request did not arrive in full."))
    if status >= HTTP_500_INTERNAL_SERVER_ERROR:
        return problem_response(status, _("Something went wrong on our side. Please try again later."))
    errors: list[dict[str, Any]] = []
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        errors = [
            {"field": _field(problem), "message": _message(problem)}
            for problem in error.extra
            if isinstance(problem, dict)
        ]
    details = {
        400: _("The request could not be understood."),
        401: _("This needs a valid token."),
        404: _("There is nothing at this address."),
        405: _("This address does not accept that method."),
        413: _(
            "The body of the request is too large: {most} bytes are the most here.",
            most=str(_most_bytes(request)),
        ),
        415: _("This media type is not accepted here."),
    }
    detail = details.get(status, HTTPStatus(status).phrase + ".")
    headers = dict(error.headers or {})
    if "allow" in headers:  # the framework's order is that of a set, another in each process
        headers["allow"] = ", ".join(sorted(part.strip() for part in headers["allow"].split(",")))
    return problem_response(status, detail, errors=errors, headers=headers)


#: Query parameters by the argument that the framework names: it keeps `state` for itself.
_PARAMETERS = {
    "delivery_state": "state",
    "event_state": "state",
    "run_state": "state",
}
_NAMED_FIELD = re.compile(r"Object (?:missing required|contains unknown) field `([^`]+)`")


def _field(problem: Mapping[str, Any]) -> str:
    """The field or parameter of a malformed value, as the client calls it."""
    key = str(problem.get("key", ""))
    if _lacks_body(problem):
        return "body"
    if key == "data" and (named := _NAMED_FIELD.match(str(problem.get("message", "")))):
        return named[1]
    return _PARAMETERS.get(key, key)


def _message(problem: Mapping[str, Any]) -> str:
    """The fault of a value; for a missing body the framework gives only the handler's name of it."""
    return "A JSON body is required." if _lacks_body(problem) else str(problem.get("message", ""))


def _lacks_body(problem: Mapping[str, Any]) -> bool:
    return (problem.get("key"), problem.get("message")) == ("data", "'data'")


def _most_bytes(request: Request[Any, Any, Any]) -> int:
    """The maximum size of a body for the request's route."""
    if "route_handler" not in request.scope:
        return 0
    return request.route_handler.resolve_request_max_body_size() or 0


def on_store_away(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer while the database is unavailable: nothing was stored, and a retry is safe."""
    if not is_away(error):
        return on_unexpected(request, error)
    _log.error("store_away", error=type(error).__name__, reason=reason(error))
    detail = _("The database can’t be reached right now. Nothing was saved; please send it again.")
    return problem_response(503, detail, headers={"Retry-After": "5"})


def on_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer for an unexpected exception, which is logged and not revealed."""
    _log.error("unexpected_error", error=type(error).__name__, exc_info=error)
    return problem_response(500, _("Something went wrong on our side. Please try again later."))
