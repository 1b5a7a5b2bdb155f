"""`trial-alerts runs`: lists, releases and cancels digest runs."""

import msgspec

from service.actions import run_contents
from service.actions import runs as actions
from service.actions.run_contents import RunContents
from service.cli.context import CommandFailed, counted
from service.cli.operator import this_operator
from service.domain.delivery.explanations import moment
from service.domain.digests.run import CancelledNews
from service.store.digests import runs
from service.store.digests.runs import NoSuchRun, Run, WrongState
from service.system import System


async def newest(system: System, *, state: str | None = None, limit: int = 20) -> list[Run]:
    """The newest runs (all, or those in one state), with the states of their mails."""
    async with system.reading() as connection:
        return await runs.page(connection, state=state, limit=limit)


async def contents(system: System, run_id: int) -> RunContents:
    """The content of a run. Raises CommandFailed."""
    try:
        return await run_contents.contents(system, run_id)
    except NoSuchRun as problem:
        raise CommandFailed(str(problem)) from None


def contents_as_text(found: RunContents) -> str:
    """The content of a run, for reading."""
    run = found.run
    lines = [f"Run {run.id} ({run.frequency}) is {run.state}: {counted(run.digests, 'digest')}."]
    if run.held_because:
        lines.append(f"It was held: {run.held_because}")
    lines += ["", "Topics with most news:"]
    for topic in found.topics:
        lines.append(f"  {topic.trials:>6} trials  {topic.key}" + (f" ({topic.name})" if topic.name else ""))
    lines += ["", "Whose events:"]
    for source in found.sources:
        reasons = ", ".join(source.reasons) or "not kept any more"
        lines.append(
            f"  {source.events:>6} {source.type} from {source.source}, events {source.first_event} to "
            f"{source.last_event}, {moment(source.first_received)} to {moment(source.last_received)}; "
            f"reason: {reasons}"
        )
    lines += [
        "",
        f"One of its mails, which reports {counted(found.sample_trials, 'trial')}:",
        "",
        found.sample,
    ]
    return "\n".join(lines)


def contents_as_json(found: RunContents) -> str:
    """The content of a run, for programs, as the API gives it."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


async def release(system: System, run_id: int) -> int:
    """Releases the mails of a held run; returns how many. Raises CommandFailed."""
    try:
        return await actions.release(system, this_operator(), run_id, system.now())
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(str(problem)) from None


async def cancel(system: System, run_id: int, news: CancelledNews) -> int:
    """Cancels a run, its changes to be sent later or never; returns the number of cancelled mails.

    Raises CommandFailed.
    """
    try:
        return await actions.cancel(system, this_operator(), run_id, news, system.now())
    except (NoSuchRun, WrongState) as problem:
        raise CommandFailed(str(problem)) from None
