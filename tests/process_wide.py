"""What is set once in a test process."""

from functools import cache

import structlog
from httpx._transports import default as httpx_transports

from service import redis_pool


def set_up() -> None:
    """Makes Redis patient, HTTP clients cheap and logs plain."""
    # A busy machine is no Redis that hangs: `test_redis_hangs` alone tests the short wait.
    redis_pool.WAIT = 5.0
    # Each client reads the root certificates, even for plain HTTP: 20 ms, here once for a process.
    httpx_transports.create_ssl_context = cache(httpx_transports.create_ssl_context)
    # structlog's default, but for exceptions, which it draws with the source around them: 250 ms for each.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ]
    )
