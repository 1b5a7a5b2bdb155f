"""SQLite's file is read-only for a while: all processes that opened it meanwhile can write afterwards."""

import sys
from asyncio import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

pytestmark = pytest.mark.slow


@asynccontextmanager
async def writer(url: str) -> AsyncIterator[subprocess.Process]:
    """A process that tries to write on request."""
    command = [sys.executable, "-m", "tests.integration.store.file_writer", url]
    process = await subprocess.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def ask(process: subprocess.Process) -> str:
    """The result of one more attempt to write."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    return (await process.stdout.readline()).decode().strip()


async def test_every_process_can_write_again_without_a_restart(sqlite_url: str) -> None:
    file = Path(str(make_url(sqlite_url).database))
    file.chmod(0o444)
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(writer(sqlite_url)) for _ in range(2)]
        assert [await ask(process) for process in processes] == ["read-only", "read-only"]
        file.chmod(0o600)
        for process in processes:
            await ask(process)  # by a connection of before, which is given up then
        assert [await ask(process) for process in processes] == ["written", "written"]
