"""Requests that were made with an address at a form and wait for a worker: no mail can follow before."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from service.actions import personal_data
from service.actions.why.account import Stage, StageName
from service.actions.why.sending import Sending
from service.domain.buckets import bucket_of_index
from service.domain.delivery.explanations import moment
from service.request_queue import RequestKind
from service.store.mail import requests
from service.system import System

#: Requests of one bucket that are decrypted at most: the oldest.
_MOST = 5_000

_WORDS: Mapping[str, str] = {
    RequestKind.SUBSCRIBE: "A sign-up",
    RequestKind.PREFERENCES_LINK: "A request for a link to the preferences",
}


async def request_stages(
    connection: AsyncConnection, system: System, address: str, sending: Sending
) -> list[Stage]:
    """The requests that were made with this address and wait."""
    index, bucket = system.addresses.of(address), bucket_of_index(system.addresses.mailbox(address))
    do = "Wait a minute; if it stays so, see task_failed in the worker’s log."
    if not sending.workers and (obstacle := sending.obstacle(None)):
        do = obstacle.do
    return [
        Stage(
            StageName.PERSON,
            f"{_WORDS[row.kind]} of {moment(row.received_at)} waits for a worker.",
            row.received_at,
            stops=True,
            do=do,
        )
        for row in await requests.waiting(connection, bucket, 0, _MOST)
        if row.kind in _WORDS
        and personal_data.is_made_with(system, personal_data.request_values(system, row), index)
    ]
