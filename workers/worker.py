"""The worker: startup, shutdown, and the table of what it looks after. The only wiring of the worker side."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from arq.worker import Worker, func

from service import logs
from service.digests.planner import plan
from service.job_queue import QUEUE, Job, connect_listener, deserialize, serialize
from service.settings import Settings
from service.system import System, open_system, tune_gc
from workers.deliver.deliver import deliver
from workers.deliver.mailer import Mailer, open_mailer
from workers.ingest.events import ingest_events
from workers.release_stale_claims import release_stale_claims
from workers.requests import process_requests
from workers.retention import sweep_retention
from workers.rotate_keys import rotate_keys

_log = structlog.get_logger("worker")

Task = Callable[[System], Awaitable[Any]]
Notification = Callable[[Any], Awaitable[None]]


def jobs(post: Mailer) -> dict[Job, tuple[Task, int]]:
    """What a worker does when the notifier rings for it, and every how many seconds it looks by itself.

    Redis may have forgotten everything: nobody notices more than that delay.
    """
    return {
        Job.PROCESS_REQUESTS: (process_requests, 10),
        Job.INGEST: (ingest_events, 10),
        Job.PLAN: (plan, 10),
        Job.DELIVER: (lambda _: deliver(post), 5),
        Job.SWEEP: (release_stale_claims, 10),
        Job.RETENTION: (sweep_retention, 3600),
        Job.ROTATE_KEYS: (rotate_keys, 60),
    }


#: Seconds that a worker takes at most to finish what is in flight when it is asked to stop.
DRAIN_SECONDS = 7

#: Seconds before a look that failed is tried again.
_PAUSE = 1.0

#: Seconds before listening that did not end is told so again.
_AGAIN = 0.1


class PeriodicTask:
    """Looks after one job: when the notifier rings, and by itself every so many seconds.

    One look runs at a time; what rings meanwhile makes it look once more. A look that fails is logged and
    tried again: nothing is lost, for whatever it should have done is still a row.
    """

    def __init__(self, job: Job, look: Task, every: int) -> None:
        self._job, self._look, self._every = job, look, every
        self._rung = asyncio.Event()

    async def hear(self, _: Any) -> None:
        """The notifier: as a job of arq's, it ends at once."""
        self._rung.set()

    async def keep_looking(self, system: System) -> None:
        """Looks until the system is stopping."""
        while not system.stopping.is_set():
            self._rung.clear()
            try:
                await self._look(system)
            except Exception as error:
                _log.error("look_failed", job=self._job.value, error=type(error).__name__, exc_info=error)
                await asyncio.sleep(_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), self._every)


async def listen_for_notifications(system: System, bells: Mapping[Job, Notification]) -> None:
    """Hears the notifier through Redis until the system is stopping; begins anew whatever ended it."""
    heard: dict[Job, Any] = dict(bells)
    functions = [func(notifier, name=job.value, keep_result=0) for job, notifier in heard.items()]
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
            await worker.async_run()
        except Exception as error:  # without this task a worker would be deaf for the rest of its life
            # Redis' client may turn the cancellation at the end into an error of its own.
            if not system.stopping.is_set():
                _log.warning("listening_ended", error=type(error).__name__)
                await asyncio.sleep(1)
    await redis.aclose()


async def stop_listening(listening: "asyncio.Task[None]") -> None:
    """Cancels it until it is over: of a hundred cancellations Redis' client swallows one or two.

    It waits for its writes with `asyncio.wait_for`, which until Python 3.12 forgets a cancellation that comes
    as the write ends (https://github.com/python/cpython/issues/86296).
    """
    while not listening.done():
        listening.cancel()
        await asyncio.wait([listening], timeout=_AGAIN)


async def _work(system: System, post: Mailer) -> None:
    """Listens and looks until the system is stopping; then what is in flight finishes."""
    lookers = {job: PeriodicTask(job, look, every) for job, (look, every) in jobs(post).items()}
    listening = asyncio.create_task(
        listen_for_notifications(system, {job: looker.hear for job, looker in lookers.items()})
    )
    looking = [asyncio.create_task(looker.keep_looking(system)) for looker in lookers.values()]
    await system.stopping.wait()
    for looker in lookers.values():
        await looker.hear({})
    _, late = await asyncio.wait(looking, timeout=DRAIN_SECONDS)
    for look in late:
        look.cancel()
    await stop_listening(listening)
    await asyncio.gather(listening, *looking, return_exceptions=True)


async def run(settings: Settings) -> None:
    """One worker process, until it is told to stop (SIGTERM, SIGINT); then it finishes what is in flight."""
    logs.set_up(settings.log_format)
    async with open_system(settings) as system, open_mailer(system) as post:
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, system.stopping.set)
        tune_gc()
        _log.info("worker_ready")
        await _work(system, post)
    _log.info("worker_stopped")
