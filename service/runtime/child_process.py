"""Child processes that must not outlive their parent."""

import ctypes
import signal
import sys


def die_with_parent() -> None:
    """For preexec: the kernel terminates the child when its parent dies (Linux, prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
