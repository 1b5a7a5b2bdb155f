"""Which silent workers are missing: those that no other one has replaced. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar


class Reporting(Protocol):
    """A worker: when it began, and when it last reported."""

    @property
    def started_at(self) -> datetime: ...

    @property
    def seen_at(self) -> datetime: ...


W = TypeVar("W", bound=Reporting)


def unreplaced(known: Sequence[W], silent_at: datetime) -> Sequence[W]:
    """The workers last seen at `silent_at` or before, less one for each worker that began after that.

    `known` is in the order of `seen_at`.
    """
    began = sorted(worker.started_at for worker in known)
    left = []
    for worker in known:
        if worker.seen_at > silent_at:
            break
        replacement = next((at for at in began if at > worker.seen_at), None)
        if replacement is None:
            left.append(worker)
        else:
            began.remove(replacement)
    return left
