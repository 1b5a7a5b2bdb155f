"""Private file modes, for files that may contain addresses, keys or followed topics."""

import os
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def write_for_owner_alone() -> None:
    """Sets the umask: files that this process and its children create are 0600, folders 0700."""
    os.umask(0o077)


def private_folder(folder: Path, *patterns: str) -> None:
    """Creates `folder` if needed, and makes the files in it that match `patterns` private.

    An existing folder with other content keeps its own mode.
    """
    is_ours = not folder.exists() or any(any(folder.glob(pattern)) for pattern in patterns)
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    if is_ours:
        folder.chmod(_FOLDER)
    for pattern in patterns:
        for path in folder.glob(pattern):
            if not path.is_symlink():
                path.chmod(_FOLDER if path.is_dir() else _FILE)
