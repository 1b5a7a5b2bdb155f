"""The worker: startup, shutdown, jobs and the cron table. The only wiring of the worker side."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from arq import cron
from arq.cron import CronJob
from arq.worker import Function, Worker, func
from redis.exceptions import RedisError

from service import logs
from service.digests.plan import plan
from service.jobs import QUEUE, Job, deserialize, serialize
from service.settings import Settings
from service.system import System, open_system
from workers.deliver import deliver
from workers.post import Post, open_post
from workers.reseal import reseal
from workers.retention import sweep_retention
from workers.sweep import sweep
from workers.take_in import take_in
from workers.take_requests import take_requests

_log = structlog.get_logger("worker")

Look = Callable[[System], Awaitable[Any]]


def jobs(post: Post) -> dict[Job, tuple[Look, int]]:
    """What a worker does when the bell rings for it, and every how many seconds it looks by itself.

    Redis may have forgotten everything: nobody notices more than that delay.
    """
    return {
        Job.TAKE_REQUESTS: (take_requests, 10),
        Job.TAKE_IN: (take_in, 10),
        Job.PLAN: (plan, 10),
        Job.DELIVER: (lambda _: deliver(post), 5),
        Job.SWEEP: (sweep, 10),
        Job.RETENTION: (sweep_retention, 3600),
        Job.RESEAL: (reseal, 60),
    }


#: Seconds after which a job is taken for lost. Each look returns long before, and rings again
#: if there is more: the place of a killed worker's job in the queue is free again after this time.
JOB_SECONDS = 120

#: Seconds that a worker takes at most to finish what is in flight when it is asked to stop.
DRAIN_SECONDS = 8


def _once_at_a_time(look: Look) -> Any:
    """One look runs in a process at a time; what rings meanwhile makes it look once more."""
    running, again = asyncio.Lock(), asyncio.Event()

    async def run(ctx: dict[str, Any]) -> None:
        again.set()
        if running.locked():
            return
        async with running:
            while again.is_set():
                again.clear()
                await look(ctx["system"])

    return run


def _seconds(every: int) -> dict[str, Any]:
    """The cron fields for every so many seconds, or minutes where they are whole."""
    if every < 60:
        return {"second": set(range(0, 60, every))}
    return {"minute": set(range(0, 60, every // 60)), "second": 0}


def _functions(post: Post) -> tuple[list[Function], list[CronJob]]:
    functions, crons = [], []
    for job, (look, every) in jobs(post).items():
        run = _once_at_a_time(look)
        functions.append(func(run, name=job.value, keep_result=0, timeout=JOB_SECONDS))
        crons.append(
            cron(
                run,
                name=f"cron:{job.value}",
                unique=False,
                keep_result=0,
                timeout=JOB_SECONDS,
                **_seconds(every),
            )
        )
    return functions, crons


def _worker(system: System, functions: list[Function], crons: list[CronJob]) -> Worker:
    return Worker(
        functions,
        cron_jobs=crons,
        queue_name=QUEUE,
        redis_pool=system.redis,
        ctx={"system": system},
        handle_signals=False,
        max_jobs=20,
        poll_delay=0.05,
        keep_result=0,
        health_check_interval=10,
        job_serializer=serialize,
        job_deserializer=deserialize,
        log_results=False,
    )


async def _listen(system: System, post: Post) -> None:
    """Runs jobs until the system is stopping; begins anew when Redis was away."""
    functions, crons = _functions(post)
    stopping = asyncio.create_task(system.stopping.wait())
    while not system.stopping.is_set():
        worker = _worker(system, functions, crons)
        listening = asyncio.create_task(worker.async_run())
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            await _drain(worker)
        listening.cancel()
        try:
            await listening
        except asyncio.CancelledError:
            return
        except (RedisError, OSError, TimeoutError):
            _log.warning("redis_away")
            await asyncio.sleep(1)


async def _drain(worker: Worker) -> None:
    """Lets running jobs finish what is in flight, then ends them; the sweep finds what they left."""
    worker.allow_pick_jobs = False
    tasks = set(worker.tasks.values())
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def run(settings: Settings) -> None:
    """One worker process, until it is told to stop (SIGTERM, SIGINT); then it finishes what is in flight."""
    logs.set_up(settings.log_format)
    async with open_system(settings) as system, open_post(system) as post:
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, system.stopping.set)
        _log.info("worker_ready")
        await _listen(system, post)
    _log.info("worker_stopped")
