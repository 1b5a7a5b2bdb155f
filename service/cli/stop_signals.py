"""SIGTERM and SIGHUP end a command as Ctrl-C does: in order, without half a file of addresses left behind."""

import signal
import sys
from types import FrameType
from typing import NoReturn

_received = [signal.SIGINT]


def stop_as_ctrl_c_does() -> None:
    """Makes both do what SIGINT does in each command; a SIGHUP that is ignored (`nohup`) stays so."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _pass_on)


def _pass_on(number: int, _: FrameType | None) -> None:
    _received.append(signal.Signals(number))
    signal.raise_signal(signal.SIGINT)


def end_as_stopped() -> NoReturn:
    """Ends the process with the status of the signal that stopped it; after Ctrl-C with exit status 130."""
    if _received[-1] is not signal.SIGINT:
        sys.stdout.flush()
        signal.signal(_received[-1], signal.SIG_DFL)
        signal.raise_signal(_received[-1])
    sys.exit(130)
