"""A browser for the tests: the one named, the machine's own, or one fetched once and kept in a cache."""

import fcntl
import io
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.browser.npm_package import archive, cache_folder

#: The package that carries a browser, pinned with the hash of its archive.
PACKAGE = "@sparticuz/chromium@153.0.0"
INTEGRITY = "sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

_QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
#: Further packages for the fetched browser: it was built for small machines without a graphics card.
_SMALL = ("--headless=shell", "--use-gl=angle", "--use-angle=swiftshader", "--in-process-gpu", "--no-zygote")


@dataclass(frozen=True)
class Chromium:
    """A program, and what to start it with."""

    program: str
    arguments: tuple[str, ...] = _QUIET
    environment: dict[str, str] = field(default_factory=dict)


def find(installed: str = "/usr/bin/chromium") -> Chromium | None:
    """A browser, in this order: `$CHROMIUM`, the installed one, a fetched one. None if there is none."""
    for program in (os.environ.get("CHROMIUM"), installed):
        if program and os.access(program, os.X_OK):
            return Chromium(program)
    try:
        return fetched()
    except (OSError, subprocess.SubprocessError, ImportError) as problem:
        print(f"no browser could be fetched: {type(problem).__name__}: {problem}", file=sys.stderr)
        return None


def fetched() -> Chromium:
    """The browser of PACKAGE, from the cache or through npm. Raises OSError or SubprocessError without it."""
    cache = cache_folder()
    folder = cache / PACKAGE.rpartition("/")[2]
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _unpack(archive(PACKAGE, INTEGRITY), folder)
    libraries = f"{folder / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    environment = {"LD_LIBRARY_PATH": libraries}
    if not Path("/etc/fonts").exists():
        environment["FONTCONFIG_PATH"] = str(folder)
    return Chromium(str(folder / "chromium"), (*_QUIET, *_SMALL), environment)


def _unpack(packed_archive: bytes, folder: Path) -> None:
    """Puts the program, its libraries and a font into `folder`."""
    import brotli

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed_archive)) as package:

        def packed(name: str) -> bytes:
            member = package.extractfile(f"package/bin/{name}.br")
            assert member is not None
            return brotli.decompress(member.read())

        (folder / "chromium").write_bytes(packed("chromium"))
        (folder / "chromium").chmod(0o755)
        for name in ("al2023.tar", "swiftshader.tar", "fonts.tar"):
            if f"package/bin/{name}.br" in package.getnames():
                with tarfile.open(fileobj=io.BytesIO(packed(name))) as inner:
                    inner.extractall(folder, filter="data")
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>"
    )
    (folder / "complete").touch()
