"""Machines with clocks of their own: each task of a test lives on one."""

import sys
from contextvars import ContextVar
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pytest

#: How far the clock of the machine of the running task is ahead.
AHEAD: ContextVar[timedelta] = ContextVar("ahead", default=timedelta())


class _AnyDatetime(type(datetime)):  # type: ignore[misc]
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _MachinesClock(datetime, metaclass=_AnyDatetime):
    """`datetime` whose `now` is that of the machine of the running task."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + AHEAD.get()


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task lives on a machine of its own, whose clock it sets by `AHEAD`."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("service.", "workers.")) and getattr(module, "datetime", None) is datetime:
            monkeypatch.setattr(module, "datetime", _MachinesClock)
    return
