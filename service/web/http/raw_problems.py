"""Problems (RFC 9457) answered without the framework, as bytes of headers and body."""

from typing import Any

import msgspec
from litestar.types import ASGIApp

from service.web.http.problems import PROBLEM_JSON, problem_body
from service.web.http.response_headers import Headers, complete

#: The key of a request's scope under which the server says why it is refused: a status and a sentence.
REFUSAL = "trial_alerts.refusal"


def raw_problem(
    status: int, detail: str, *, close: bool = False, retry_after: int | None = None
) -> tuple[bytes, Headers]:
    """Body and headers of a problem. `close` adds `Connection: close`; `retry_after` is in seconds."""
    body = msgspec.json.encode(problem_body(status, detail))
    headers = [
        (b"content-type", PROBLEM_JSON.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if close:
        headers.append((b"connection", b"close"))
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    return body, complete(headers)


def answering(status: int, detail: str) -> ASGIApp:
    """An application that answers every request with this problem."""
    body, headers = raw_problem(status, detail)

    async def answer(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer
