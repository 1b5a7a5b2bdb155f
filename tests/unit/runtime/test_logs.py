"""Logging never fails the work that it reports, and never repeats what somebody sent."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

_LOG = """
import structlog
from service.runtime import logs
logs.set_up("json")
for _ in range(3):
    structlog.get_logger("worker").warning("outcomes_wait", mails=1)
print("went on")
"""


def test_a_disk_that_is_full_costs_the_line_alone() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", _LOG]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert done.stdout == "went on\n"


SECRET = "a-word-of-the-visitor"


def _logged(run: str) -> list[dict[str, str]]:
    """The log of a process of its own that executes `run`."""
    program = (
        "import asyncio, gc, logging, structlog\n"
        "from service.runtime import logs\n"
        "logs.set_up('json')\n"
        f"def fail(): raise ValueError('{SECRET} and alice@example.org')\n" + run
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert SECRET not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.parametrize(
    "log",
    [
        "structlog.get_logger('x').error('failed', exc_info=error)",
        "structlog.get_logger('x').exception('failed')",
        "logging.getLogger('x').exception('failed')",
        "logging.getLogger('x').exception('failed: %s', error)",
        "logging.getLogger('x').exception('failed: %s', str(error))",
        "logging.getLogger('x').error('failed: %r', error)",
    ],
)
def test_a_logged_exception_carries_types_and_places_and_never_values(log: str) -> None:
    (line,) = _logged(
        "try:\n"
        "    try:\n        fail()\n"
        f"    except ValueError as inner:\n        raise KeyError('{SECRET}') from inner\n"
        f"except KeyError as error:\n    {log}\n"
    )
    assert "failed" in line["event"]
    if "%r" not in log:
        assert re.fullmatch(
            r"KeyError at <string>:\d+ <module>; from ValueError at <string>:4 fail, .*", line["exception"]
        )
    else:
        assert "KeyError" in line["event"]


def test_a_fatal_error_is_logged_like_any_other() -> None:
    (line,) = _logged("fail()\n")
    assert line["event"] == "uncaught_error"
    assert line["exception"].startswith("ValueError at <string>:4 fail")


def test_an_exception_of_an_unawaited_task_is_logged_like_any_other() -> None:
    lines = _logged(
        "async def task(): fail()\n"
        "async def main():\n    asyncio.create_task(task())\n    await asyncio.sleep(0.01)\n"
        "    gc.collect()\n"
        "asyncio.run(main())\n"
    )
    assert lines[0]["event"] == "Task exception was never retrieved"
    assert lines[0]["exception"].startswith("ValueError at <string>:4 fail")


def test_a_librarys_line_holds_its_message_alone() -> None:
    """What a library attaches to a record is for other programs: uvicorn its message in colours."""
    (line,) = _logged(
        "logging.getLogger('uvicorn.error').info('Started', extra={'color_message': 'Started'})\n"
    )
    assert set(line) == {"event", "level", "logger", "timestamp"}
    assert line["event"] == "Started"


def test_the_line_of_a_request_is_as_that_of_any_other_event() -> None:
    made, expected = _logged(
        "structlog.contextvars.bind_contextvars(request_id='7f0c')\n"
        "logs.log_request('7f0c', 'a@b', '/confirm/{token}', 200, 1.5)\n"
        "structlog.get_logger('access').info(\n"
        "    'request', method='a@b', route='/confirm/{token}', status=200, ms=1.5)\n"
    )
    assert list(made) == list(expected)
    assert made.pop("timestamp")[:16] <= expected.pop("timestamp")[:16]
    assert made == expected
    assert (made["method"], made["route"]) == ("…@…", "/confirm/…")
