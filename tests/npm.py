"""Libraries of JavaScript that tests use, installed once from their lock file."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENCE


def installed(folder: Path) -> str:
    """The program `node`, after the packages of `folder` are installed. Raises SubprocessError."""
    program = Path(sys.executable).with_name("node")
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "node_modules").exists():
            npm = [
                str(program.with_name("npm")),
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--silent",
            ]
            try:
                subprocess.run(npm, cwd=folder, check=True, timeout=PATIENCE)
            except subprocess.SubprocessError:
                shutil.rmtree(folder / "node_modules", ignore_errors=True)
                raise
    return str(program)
