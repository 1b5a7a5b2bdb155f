"""The worker: startup, shutdown, jobs and the cron table. The only wiring of the worker side."""

from typing import Any

import structlog

from service.jobs import Job

_log = structlog.get_logger("worker")

#: Jobs that a worker runs, and how often it looks by itself, whatever Redis has forgotten.
JOBS: dict[Job, Any] = {}
CRON: list[Any] = []

#: Seconds that a worker may take to finish what is in flight when it is asked to stop.
DRAIN_SECONDS = 8
