"""Files for their owner alone: what is written here holds addresses, keys, or what somebody follows."""

import os
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def write_for_owner_alone() -> None:
    """From here on, everything that this process and its children create is 0600, folders 0700."""
    os.umask(0o077)


def private_folder(folder: Path, *patterns: str) -> None:
    """Makes `folder` where there is none, and takes from others what in it matches `patterns`.

    A folder that others filled before is left open, but for that.
    """
    is_ours = not folder.exists() or any(any(folder.glob(pattern)) for pattern in patterns)
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    if is_ours:
        folder.chmod(_FOLDER)
    for pattern in patterns:
        for path in folder.glob(pattern):
            if not path.is_symlink():
                path.chmod(_FOLDER if path.is_dir() else _FILE)
