"""`trial-alerts events`: `send`, a reference ingestor, and `replay`."""

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.actions import events as actions
from service.actions.events import BodyGone, UnknownEvent
from service.cli.context import CommandFailed
from service.cli.json_files import valid_texts
from service.cli.operator import this_operator
from service.crypto.webhook_signatures import sign
from service.system import System

MOST_EVENTS = 1000
MOST_BYTES = 16 * 1024 * 1024
_BATCH = "application/cloudevents-batch+json"
_ATTEMPTS = 30
_LONGEST_WAIT = 120.0

#: Seconds to wait for a service that does not say how long.
_UNKNOWN_WAIT = 5.0

#: How often in a row the service may not answer at all.
_UNANSWERED = 5

#: Too many requests, or a service that is away: while it restarts, a proxy answers 502 and 504 itself.
_TRY_AGAIN = frozenset({429, 502, 503, 504})


class Refused(CommandFailed):
    """The service refused a batch. `event_ids` are the ids of the events reported as invalid."""

    def __init__(self, sentence: str, event_ids: frozenset[str]) -> None:
        super().__init__(sentence)
        self.event_ids = event_ids


@dataclass(frozen=True, slots=True)
class Sent:
    """The totals of the receiver's answers."""

    accepted: int = 0
    duplicates: int = 0
    ignored: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.accepted + other.accepted, self.duplicates + other.duplicates, self.ignored + other.ignored
        )


async def send(
    files: Sequence[Path], url: str, secret: str, *, batch: int = MOST_EVENTS, quiet: bool = False
) -> Sent:
    """Posts the events of files (JSON, JSON array, JSON lines), signed with `secret`, in batches.

    `url` is the service's URL or that of its endpoint. A batch answered with 429, 502, 503 or
    504, or not at all, is retried with the same `webhook-id` after the requested time. Raises CommandFailed.
    """
    endpoint = endpoint_of(url)
    # A pipe can be read only once, and has no total.
    total = sum(1 for _ in valid_texts(files)) if all(map(Path.is_file, files)) else None
    sent = Sent()
    columns = (TextColumn("events"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("events", total=total)
        async with httpx.AsyncClient(timeout=60) as client:
            for group in batches(valid_texts(files), batch):
                sent += await post_batch(client, endpoint, secret, b"[" + b",".join(group) + b"]")
                progress.advance(task, len(group))
    return sent


def endpoint_of(url: str) -> str:
    """The endpoint for events, from the service's URL or the endpoint's own."""
    bare = url.rstrip("/")
    return bare if bare.endswith("/v1/events") else bare + "/v1/events"


def batches(texts: Iterable[bytes], most: int = MOST_EVENTS) -> Iterator[list[bytes]]:
    """Groups events within the receiver's limits: 1,000 events, 16 MiB."""
    group: list[bytes] = []
    size = 2
    for text in texts:
        if group and (len(group) >= min(most, MOST_EVENTS) or size + len(text) + 1 > MOST_BYTES):
            yield group
            group, size = [], 2
        group.append(text)
        size += len(text) + 1
    if group:
        yield group


async def post_batch(client: httpx.AsyncClient, url: str, secret: str, body: bytes) -> Sent:
    """Posts one signed batch, a JSON array of events, to the endpoint `url` until it is stored.

    Raises Refused for a permanent refusal, CommandFailed if the service is unavailable.
    """
    webhook_id = "msg_" + secrets.token_hex(16)
    unanswered = 0
    for _ in range(_ATTEMPTS):
        headers = {"content-type": _BATCH, **sign(secret, webhook_id, datetime.now(UTC), body)}
        try:
            answer = await client.post(url, content=body, headers=headers)
        except httpx.RequestError:
            unanswered += 1
            if unanswered == _UNANSWERED:
                raise CommandFailed("The service can't be reached at the URL given.") from None
            await asyncio.sleep(2.0**unanswered / 4)
            continue
        unanswered = 0
        if answer.status_code == 202:
            return _sent(answer)
        if answer.status_code not in _TRY_AGAIN:
            raise Refused(_refusal(answer), _refused_ids(answer))
        await asyncio.sleep(seconds_to_wait(answer.headers.get("retry-after", "")))
    raise CommandFailed("The service is too busy; run the same command again later.")


def _sent(answer: httpx.Response) -> Sent:
    """The counts of an acceptance. Raises CommandFailed for one that is not the service's: of a proxy."""
    try:
        sent = msgspec.json.decode(answer.content, type=Sent)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        sent = Sent()
    if sent == Sent():
        raise CommandFailed("The answer to a batch is not the service's: is --url its address?")
    return sent


def seconds_to_wait(retry_after: str) -> float:
    """Seconds of a Retry-After header (RFC 9110 §10.2.3), a number or a date, at most two minutes."""
    if retry_after.isdecimal():
        return min(float(retry_after), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return _UNKNOWN_WAIT
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)


def _refusal(answer: httpx.Response) -> str:
    """A refusal in one sentence, with the first reported event."""
    try:
        problem = msgspec.json.decode(answer.content)
        first = problem.get("errors", [{}])[0]
        named = [str(first[part]) for part in ("id", "field", "message") if first.get(part)]
        detail = problem.get("detail", "")
    except (ValueError, AttributeError, LookupError, TypeError):
        named, detail = [], ""
    return " ".join([f"The service refused a batch with {answer.status_code}.", detail, *named]).strip()


def _refused_ids(answer: httpx.Response) -> frozenset[str]:
    """The ids of the events reported in a refusal."""
    if answer.status_code != 422:
        return frozenset()
    try:
        errors = msgspec.json.decode(answer.content)["errors"]
        return frozenset(str(error["id"]) for error in errors if error.get("id"))
    except (ValueError, AttributeError, LookupError, TypeError):
        return frozenset()


async def replay(system: System, *, dead: bool = False, event_id: int | None = None) -> int:
    """Requeues stored events: the dead ones, one by id (with `dead` only if it is), or all. Returns how many.

    Raises CommandFailed if the event is unknown or its body has been deleted.
    """
    operator, now = this_operator(), system.now()
    if event_id is None:
        return await actions.replay_many(system, operator, only_dead=dead, now=now)
    try:
        return await actions.replay_one(system, operator, event_id, only_dead=dead, now=now)
    except (UnknownEvent, BodyGone) as problem:
        raise CommandFailed(str(problem)) from None
