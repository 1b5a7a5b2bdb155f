"""`python -m workers`: one worker process.

With `--beside-parent` it loads its modules, waits for a line on standard input before it starts, and stops
when that input closes: so a development system's worker ends with its parent on every platform.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from sqlalchemy.exc import SQLAlchemyError

from service.configuration.settings import SettingsError, load_environ, read
from service.crypto.keyring import DecryptionError
from service.mail.render.templates import UnusableTemplate
from service.runtime.failure_reasons import sentence
from service.runtime.private_files import write_for_owner_alone
from service.runtime.tracing import TracingUnavailable
from service.store.sql.schema_revision import UnusableDatabase
from workers.worker import run

#: Errors that end the worker with one sentence.
UNUSABLE = (
    SettingsError,
    TracingUnavailable,
    UnusableTemplate,
    UnusableDatabase,
    DecryptionError,
    SQLAlchemyError,
)


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop if it is installed."""
    if find_spec("uvloop") is None:
        return None
    loop: Callable[[], asyncio.AbstractEventLoop] = import_module("uvloop").new_event_loop
    return loop


def _wait_for_parent() -> None:
    if not os.read(0, 4096):
        sys.exit(0)
    threading.Thread(target=_stop_with_parent, daemon=True).start()


def _stop_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    write_for_owner_alone()
    try:
        if sys.argv[1:] == ["--beside-parent"]:
            _wait_for_parent()
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            runner.run(run(read(load_environ())))
    except UNUSABLE as error:
        sys.exit(f"trial-alerts: {sentence(error)}")
