"""The worker: startup, shutdown, and the table of its periodic tasks. The only wiring of the worker side."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from arq.worker import Worker, func

from service.actions import canary
from service.configuration.settings import Settings, load_environ
from service.digests.planner import plan
from service.redis.job_queue import QUEUE, Job, connect_listener, deserialize, serialize
from service.runtime import logs, tracing
from service.store.sql import clock
from service.store.sql.outages import is_deadlock
from service.system import System, open_system, tune_gc
from workers import database_trouble
from workers.bucket_leases import BucketLeases
from workers.daily_figures import count_figures
from workers.deliver.deliver import deliver
from workers.deliver.mailer import Mailer, open_mailer
from workers.heartbeat import Heartbeat
from workers.ingest.events import ingest_events
from workers.release_stale_claims import release_stale_claims
from workers.retention import sweep_retention
from workers.rotate_keys import rotate_keys
from workers.visitor_requests import process_requests
from workers.wake import WakeRelay

_log = structlog.get_logger("worker")

Task = Callable[[System], Coroutine[Any, Any, Any]]
NotificationHandler = Callable[[Any], Awaitable[None]]


def jobs(mailer: Mailer, leases: BucketLeases) -> dict[Job, tuple[Task, int]]:
    """The task of each job, and its polling interval in seconds.

    A notification runs it at once; if Redis loses one, the delay is at most the interval.
    """
    return {
        Job.PROCESS_REQUESTS: (lambda system: process_requests(system, leases.buckets), 10),
        Job.INGEST: (ingest_events, 10),
        Job.PLAN: (lambda system: plan_on_time(system, leases.buckets), 10),
        Job.DELIVER: (lambda _: deliver(mailer, leases.buckets), 5),
        Job.SWEEP: (lambda system: release_stale_claims(system, leases.buckets), 10),
        Job.RETENTION: (lambda system: sweep_retention(system, leases.buckets), 3600),
        Job.ROTATE_KEYS: (rotate_keys, 60),
        Job.COUNT_DAYS: (count_figures, 900),
        Job.CANARY: (lambda system: canary.beat(system, clock.now(system.database)), 60),
    }


async def plan_on_time(system: System, buckets: Sequence[int]) -> None:
    """Plans by the database's clock, read now: this machine's may have been set since the last round."""
    await clock.compare(system.database)
    await plan(system, buckets)


#: Seconds that a worker has to finish work in flight after a stop signal.
DRAIN_SECONDS = 7

#: Seconds before a failed task is retried.
_RETRY_PAUSE = 1.0

#: Seconds between two log lines on a Redis that can't be listened to.
_LOG_SECONDS = 60.0

#: Interval between attempts to cancel the listener.
_CANCEL_INTERVAL = 0.1


class StrayCancellation(Exception):
    """A run was cancelled by itself or by a library that it uses, not by its worker."""


async def run_apart(work: Coroutine[Any, Any, Any]) -> None:
    """Does `work` in a task of its own, and cancels it each time that the caller is cancelled.

    A cancellation that a library raises, or leaves behind, ends this work and not the loop that started it:
    a worker whose loop ended would hold its buckets and no longer serve them. Raises StrayCancellation then.
    """
    apart = asyncio.create_task(work)
    try:
        await asyncio.wait({apart})
    except asyncio.CancelledError:
        while not apart.done():
            apart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({apart})
        raise
    if apart.cancelled():
        raise StrayCancellation
    apart.result()


async def keep_running(system: System, name: str, loop: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Runs a loop until the system is stopping; restarts it if it fails or a library cancels it."""
    while not system.stopping.is_set():
        try:
            await run_apart(loop())
        except Exception as error:
            database_trouble.log(system.database, error, "loop_failed", job=name)
            await asyncio.sleep(_RETRY_PAUSE)


class PeriodicTask:
    """Runs a task when it is notified, and every `interval` seconds.

    One run at a time; notifications during a run cause one more. A failed run is logged and retried; nothing
    is lost, since all work is rows in the database.
    """

    def __init__(self, job: Job, task: Task, interval: int) -> None:
        self._job, self._task, self._interval = job, task, interval
        self._notified = asyncio.Event()

    async def wake(self, _: Any) -> None:
        """Handler of the notification: an arq job that returns at once."""
        self._notified.set()

    async def run(self, system: System) -> None:
        """Runs the task until the system is stopping."""
        while not system.stopping.is_set():
            self._notified.clear()
            try:
                await run_apart(self._task(system))
            except Exception as error:
                database_trouble.log(system.database, error, "task_failed", job=self._job.value)
                if is_deadlock(error):
                    continue
                await asyncio.sleep(_RETRY_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._notified.wait(), self._interval)


async def listen_for_notifications(system: System, handlers: Mapping[Job, NotificationHandler]) -> None:
    """Receives notifications through Redis until the system is stopping; restarts after any failure.

    Tries each second while Redis is away, and logs that once a minute.
    """
    logged_at = -_LOG_SECONDS
    by_job: dict[Job, Any] = dict(handlers)
    functions = [func(handler, name=job.value, keep_result=0) for job, handler in by_job.items()]
    redis = connect_listener(system.settings.redis_url)
    while not system.stopping.is_set():
        worker = Worker(
            functions,
            queue_name=QUEUE,
            redis_pool=redis,
            handle_signals=False,
            max_jobs=20,
            poll_delay=0.05,
            keep_result=0,
            job_timeout=10,
            health_check_interval=10,
            job_serializer=serialize,
            job_deserializer=deserialize,
            log_results=False,
        )
        try:
            await run_apart(worker.async_run())
        except Exception as error:  # the worker must not lose its listener
            # Redis' client may turn the cancellation at shutdown into an error of its own.
            if not system.stopping.is_set():
                if time.monotonic() - logged_at >= _LOG_SECONDS:
                    logged_at = time.monotonic()
                    _log.warning("listener_failed", error=type(error).__name__)
                await asyncio.sleep(1)
    await redis.aclose()


async def stop_listening(listening: "asyncio.Task[None]") -> None:
    """Cancels the listener repeatedly: Redis' client swallows one or two of a hundred cancellations.

    It waits for its writes with `asyncio.wait_for`, which before Python 3.12 loses a cancellation that
    arrives as the write ends (https://github.com/python/cpython/issues/86296).
    """
    while not listening.done():
        listening.cancel()
        await asyncio.wait([listening], timeout=_CANCEL_INTERVAL)


async def _work(system: System, mailer: Mailer) -> None:
    """Runs the listener and all tasks until the system is stopping; then work in flight finishes."""
    heartbeat = Heartbeat(mailer)
    await heartbeat.begin()
    leases, relay = BucketLeases(system, heartbeat.id), WakeRelay(system, heartbeat.id)
    await leases.renew()
    tasks = {job: PeriodicTask(job, task, interval) for job, (task, interval) in jobs(mailer, leases).items()}

    async def wake(job: Job) -> None:
        await tasks[job].wake({})

    async def wake_all(job: Job, _: Any) -> None:
        await wake(job)
        await relay.pass_on(job)

    listening = asyncio.create_task(
        listen_for_notifications(system, {job: partial(wake_all, job) for job in tasks})
    )
    running = [asyncio.create_task(task.run(system)) for task in tasks.values()]
    loops: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "report": heartbeat.run,
        "leases": lambda: leases.run(wake),
        "wake": lambda: relay.listen(wake),
    }
    running += [asyncio.create_task(keep_running(system, name, loop)) for name, loop in loops.items()]
    await system.stopping.wait()
    for task in tasks.values():
        await task.wake({})
    _, late = await asyncio.wait(running, timeout=DRAIN_SECONDS)
    for unfinished in late:
        unfinished.cancel()
    await stop_listening(listening)
    await asyncio.gather(listening, *running, return_exceptions=True)
    await leases.end()
    await heartbeat.end()


async def run(settings: Settings) -> None:
    """Runs one worker process until SIGTERM, SIGINT or SIGHUP (its terminal is closed, and `nohup` was not
    used); then work in flight finishes."""
    logs.set_up(settings.log_format)
    tracing.set_up(load_environ())
    async with open_system(settings) as system, open_mailer(system) as mailer:
        hang_up = [] if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [signal.SIGHUP]
        for name in (signal.SIGTERM, signal.SIGINT, *hang_up):
            asyncio.get_running_loop().add_signal_handler(name, system.stopping.set)
        tune_gc()
        _log.info("worker_ready")
        await _work(system, mailer)
    await asyncio.to_thread(tracing.flush)
    _log.info("worker_stopped")
