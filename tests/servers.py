"""Servers that tests start: all real, all on this machine, all gone with the test process."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.dev.embedded_redis import embedded_redis


@contextmanager
def start_redis() -> Iterator[str]:
    """A Redis server of its own; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="ta-redis-") as folder, embedded_redis(Path(folder)) as url:
        yield url
