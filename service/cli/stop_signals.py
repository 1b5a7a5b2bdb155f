"""SIGTERM and SIGHUP end a command as Ctrl-C does: in order, without half a file of addresses left behind."""

import signal
import sys
from types import FrameType
from typing import NoReturn

_received = [signal.SIGINT]

#: Seconds after which a stop that Python ignored is repeated.
_SOON = 0.01


def stop_as_ctrl_c_does() -> None:
    """Makes both do what SIGINT does in each command; a SIGHUP that is ignored (`nohup`) stays so.

    Python ignores a KeyboardInterrupt that is raised within a callback, such as those of its imports: it is
    raised again then.
    """
    sys.unraisablehook = _repeat_ignored
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _pass_on)


def _pass_on(number: int, _: FrameType | None) -> None:
    _received.append(signal.Signals(number))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a script's background jobs have it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def _repeat_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    if ignored.exc_type is KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, _SOON)
    else:
        sys.__unraisablehook__(ignored)


def end_as_stopped() -> NoReturn:
    """Ends the process with the status of the signal that stopped it; after Ctrl-C with exit status 130."""
    if _received[-1] is not signal.SIGINT:
        sys.stdout.flush()
        signal.signal(_received[-1], signal.SIG_DFL)
        signal.raise_signal(_received[-1])
    sys.exit(130)
