"""Packages that the browser's tests need, each pinned with the hash of its archive, fetched once by npm."""

import base64
import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path


def cache_folder() -> Path:
    """The folder in which fetched files stay between runs."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trial-alerts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def archive(package: str, integrity: str) -> bytes:
    """The package's archive, fetched by npm, with the hash that was pinned.

    Raises OSError for another one, and SubprocessError without npm or a network.
    """
    cache = cache_folder()
    npm = Path(sys.executable).with_name("npm")
    subprocess.run(
        [npm, "pack", package, "--silent"],
        cwd=cache,
        env=os.environ | {"PATH": f"{npm.parent}:{os.environ.get('PATH', '')}"},
        check=True,
        timeout=300,
        stdout=subprocess.DEVNULL,
    )
    name, _, version = package.lstrip("@").replace("/", "-").rpartition("@")
    path = cache / f"{name}-{version}.tgz"
    content = path.read_bytes()
    path.unlink()
    if "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode() != integrity:
        raise OSError(f"{package} is not the archive that was pinned")
    return content


def file_of(package: str, integrity: str, member: str) -> str:
    """The text of one file of a package, kept in the cache. Raises like `archive`."""
    kept = cache_folder() / f"{package.replace('/', '-')}-{Path(member).name}"
    if not kept.exists():
        with tarfile.open(fileobj=io.BytesIO(archive(package, integrity))) as packed:
            found = packed.extractfile(f"package/{member}")
            assert found is not None
            kept.write_bytes(found.read())
    return kept.read_text(encoding="utf-8")
