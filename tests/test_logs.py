"""Logging never stands in the way of the work that it tells of."""

import subprocess
import sys
from pathlib import Path

_LOG = """
import structlog
from service import logs
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
