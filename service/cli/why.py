"""`trial-alerts why`: why somebody did or did not get a mail."""

import msgspec

from service.actions.why import items, person
from service.actions.why.account import Account
from service.actions.why.items import NothingFound
from service.actions.why.person import UnknownTopic
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.domain.delivery.explanations import moment
from service.email_address import InvalidAddress
from service.system import System


async def find(
    system: System, *, email: str | None, topic: str | None, delivery: int | None, event: int | None
) -> Account:
    """The account of the one that is given. Raises CommandFailed."""
    now = system.now()
    try:
        if delivery is not None:
            return await items.for_delivery(system, delivery, now)
        if event is not None:
            return await items.for_event(system, event)
        return await person.for_address(system, this_operator(), email or "", topic, now)
    except (NothingFound, UnknownTopic, InvalidAddress) as problem:
        raise CommandFailed(str(problem)) from None


def as_text(found: Account) -> str:
    """An account for reading: its answer and what to do, then each stage with its time."""
    lines = [found.answer, *([f"What to do: {found.do}"] if found.do else []), ""]
    for stage in found.stages:
        when = moment(stage.at) if stage.at is not None else ""
        lines.append(f"{when:<21}  {stage.stage:<12}  {stage.sentence}")
    return "\n".join(lines)


def as_json(found: Account) -> str:
    """An account for programs, as the API gives it."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
