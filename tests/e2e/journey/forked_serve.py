"""`trial-alerts serve` for `tests.forked`: its processes are forked from it and not started anew.

They add up no metrics, which is decided when prometheus-client is imported: tests of those use `serve`.
"""

import multiprocessing
import os

from uvicorn import _subprocess

from service.cli.main import main

#: This program, for `tests.forked`.
FORKED_SERVE = "tests.e2e.journey.forked_serve:run"


def run() -> None:
    """Runs the service, in a session of its own."""
    os.setsid()
    _subprocess.spawn = multiprocessing.get_context("fork")  # type: ignore[assignment]
    main()
