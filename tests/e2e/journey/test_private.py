"""Files of the development system are its owner's alone, and its pages are for its own visitors."""

import os
import stat
from pathlib import Path

import httpx
import pytest

from service.runtime.private_files import private_folder
from tests.e2e.journey.processes import Dev, as_users_start_it, dev
from tests.waiting import PATIENCE


def open_to_others(folder: Path) -> dict[str, str]:
    """The paths that others could read or enter."""
    found = {}
    for path in [folder, *folder.rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_symlink() or mode != (0o700 if path.is_dir() else 0o600):
            found[str(path)] = oct(mode)
    return found


def get(running: Dev, path: str, host: str) -> httpx.Response:
    return httpx.get(running.url + path, headers={"host": host}, timeout=PATIENCE, trust_env=False)


def post(running: Dev, path: str, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(
        running.url + path, data={"trial": "none"}, headers=names, timeout=PATIENCE, trust_env=False
    )


def test_files_are_private_and_pages_answer_their_own_visitors_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with dev(tmp_path / "data", command=as_users_start_it(tmp_path / "data")) as running:
            _hosts(running)
            _posts(running)
            assert (
                httpx.post(f"{running.url}/dev/digests", timeout=PATIENCE, trust_env=False).status_code == 303
            )
            assert (tmp_path / "data" / "trial-alerts.sqlite3-wal").exists()
            assert open_to_others(tmp_path / "data") == {}
    finally:
        os.umask(before)


def _hosts(running: Dev) -> None:
    port = running.url.rpartition(":")[2]
    for path in ("/", "/dev/mailbox", "/dev/mailbox.json", "/dev/mailbox/newest", "/dev/events"):
        for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
            assert get(running, path, f"{host}:{port}").status_code == 200, (path, host)
        for host in (
            "evil.example",
            f"127.0.0.1.evil.example:{port}",
            f"10.0.0.5:{port}",
            "[",
            "localhost@evil",
        ):
            assert get(running, path, host).status_code in (400, 421), (path, host)
    assert get(running, "/health/live", "internal.example").status_code == 200


def _posts(running: Dev) -> None:
    """Without a referrer, a browser that reaches them by another host than its own would send `null`."""
    own = get(running, "/dev/events", "localhost")
    assert own.headers["referrer-policy"] == "same-origin"
    for path in ("/dev/mailbox/clear", "/dev/digests", "/dev/events"):
        for site in ("cross-site", "same-site"):
            assert post(running, path, sec_fetch_site=site).status_code == 403, path
        for origin in ("https://evil.example", "null", "http://localhost:1"):
            assert post(running, path, origin=origin).status_code == 403, path
        assert post(running, path, sec_fetch_site="same-origin", origin=running.url).status_code != 403
        assert post(running, path, origin=running.url).status_code != 403


@pytest.mark.parametrize("ours", [True, False])
def test_folders_left_readable_by_an_older_version_are_made_private(tmp_path: Path, ours: bool) -> None:
    folder = tmp_path / "data"
    (folder / "mailbox").mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    other = folder / "other.txt"
    other.write_text("of somebody else")
    other.chmod(0o644)
    if ours:
        (folder / "mailbox" / "one.mail").write_text("a mail")
    private_folder(folder, *(("mailbox", "mailbox/*") if ours else ("redis",)))
    assert stat.S_IMODE(folder.stat().st_mode) == (0o700 if ours else 0o755)
    assert stat.S_IMODE(other.stat().st_mode) == 0o644
    if ours:
        assert open_to_others(folder / "mailbox") == {}
