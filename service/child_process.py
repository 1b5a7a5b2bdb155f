"""Children of a process that must not outlive it."""

import ctypes
import signal
import sys


def die_with_parent() -> None:
    """Run in a child before its program starts: the kernel ends it when its parent dies (Linux, prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
