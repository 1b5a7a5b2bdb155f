"""`POST /v1/feedback`: bounces, complaints and unsubscribes, forwarded by a mail server."""

from typing import Any

from litestar import Request, post

from service.actions.feedback import process_feedback
from service.web.http.deps import OpenSystem
from service.web.http.operator_auth import operators_only
from service.web.http.problems import Problem

LARGEST_MESSAGE = 10 * 1024 * 1024


@post(
    "/v1/feedback",
    status_code=202,
    request_max_body_size=LARGEST_MESSAGE,
    guards=[operators_only],
    summary="Receive one raw message: a bounce, a complaint, a mailto unsubscribe",
)
async def receive_feedback(request: Request[Any, Any, Any], system: OpenSystem) -> dict[str, str]:
    """The answer is the same whether or not the message had an effect; its token authenticates it."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "message/rfc822":
        raise Problem(415, "A message is taken as message/rfc822.")
    await process_feedback(system, await request.body(), [], system.now())
    return {"status": "taken"}
