"""`trial-alerts mail`: holds all outgoing mail and releases it."""

from collections.abc import Sequence

from service.actions import mail_hold
from service.actions.mail_hold import HoldStatus, UnknownPart
from service.cli.context import CommandFailed
from service.cli.operator import this_operator
from service.system import System


async def status(system: System) -> HoldStatus:
    """Whether mail is held, and how many mails wait."""
    return await mail_hold.status(system)


async def hold(system: System) -> bool:
    """Holds all mail; False if it is held already."""
    return await mail_hold.hold(system, this_operator(), system.now())


async def release(system: System, kinds: Sequence[str], runs: Sequence[int]) -> bool:
    """Ends the hold, or lets some mail leave during it. Raises CommandFailed."""
    try:
        return await mail_hold.release(system, this_operator(), system.now(), kinds=kinds, runs=runs)
    except UnknownPart as problem:
        raise CommandFailed(str(problem)) from None


def described(found: HoldStatus) -> str:
    """The status in a few lines."""
    lines = [found.explanation]
    if found.held and found.since is not None:
        lines.insert(0, f"All mail is held since {found.since:%Y-%m-%d %H:%M} UTC.")
    if found.released:
        lines.append(f"Released by hand: {', '.join(found.released)}.")
    queued = ", ".join(f"{number} {kind}" for kind, number in sorted(found.queued.items()))
    return "\n".join([*lines, f"Queued: {queued or 'nothing'}."])
