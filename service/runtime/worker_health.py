"""A worker's health file: written by its heartbeat, read by `trial-alerts worker --check` in milliseconds.

Standard library only, since a container runs the check every few seconds.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

#: A worker whose file is older hangs, or was killed.
FRESH = timedelta(seconds=45)


class Health(NamedTuple):
    """A worker process of this machine: its number, when it last reported (UTC), and its obstacles."""

    pid: int
    at: datetime
    waits_for: list[str]


def _folders(data: Path) -> tuple[Path, Path]:
    """The folder of the file: the data folder, or the system's temporary one if that can't be written."""
    installation = sha256(str(data.absolute()).encode()).hexdigest()[:12]
    return data / "workers", Path(tempfile.gettempdir()) / f"trial-alerts-workers-{installation}"


def write(data: Path, now: datetime, waits_for: list[str]) -> None:
    """Writes the file of this process, unless no folder is writable."""
    started = _start_of(os.getpid())
    text = json.dumps({"at": now.isoformat(), "waits_for": waits_for, "started": started})
    for folder in _folders(data):
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / f"{os.getpid()}.json"
            fresh = path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            os.replace(fresh, path)
            return


def remove(data: Path) -> None:
    """Removes the file of this process."""
    for folder in _folders(data):
        with contextlib.suppress(OSError):
            (folder / f"{os.getpid()}.json").unlink()


def read(data: Path) -> list[Health]:
    """The workers of this machine that run on this data folder, one whose process is gone left out."""
    return sorted(_read(data))


def _read(data: Path) -> Iterator[Health]:
    for folder in _folders(data):
        for path in folder.glob("*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                pid = int(path.stem)
                if not _runs(pid):
                    path.unlink(missing_ok=True)
                    continue
                content = json.loads(path.read_text(encoding="utf-8"))
                health = Health(pid, datetime.fromisoformat(content["at"]), list(content["waits_for"]))
                if content.get("started", "") not in ("", _start_of(pid)):
                    path.unlink(missing_ok=True)
                    continue
                yield health


def _runs(pid: int) -> bool:
    """Whether the process exists."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _start_of(pid: int) -> str:
    """The start of a process, counted from its system's: another process with its number began at another
    time.

    "" where the system does not say.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f"{boot} {fields.rpartition(')')[2].split()[19]}"  # proc_pid_stat(5): the 22nd, starttime


def hanging(workers: list[Health], now: datetime | None = None) -> list[Health]:
    """The workers that have not reported lately."""
    return [worker for worker in workers if (now or datetime.now(UTC)) - worker.at > FRESH]
