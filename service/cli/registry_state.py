"""What was last observed of each trial of a registry, in an SQLite file: revisions that rise with content."""

import sqlite3
from pathlib import Path

from service.cli.context import CommandFailed
from service.domain.trials.registry_record import next_revision

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trial (nct_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, digest TEXT NOT NULL)
WITHOUT ROWID
"""


class RegistryState:
    """The last revision and content digest of each trial. Changes count from the next `commit`.

    Without a path it lives in memory, for one run. Raises CommandFailed for a file that can't be used.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        try:
            self.connection = sqlite3.connect(path or ":memory:", timeout=60)
            self.connection.executescript(_SCHEMA)
        except sqlite3.Error as problem:
            raise CommandFailed(f"{path} can't be used as a state file: {problem}.") from None

    def close(self) -> None:
        self.connection.close()

    def commit(self) -> None:
        self.connection.commit()

    def revise(self, nct_id: str, digest: str, dated: int) -> int:
        """The revision of an observation (see `next_revision`), which is remembered unless it came late."""
        row = self.connection.execute("SELECT revision, digest FROM trial WHERE nct_id = ?", (nct_id,))
        known = row.fetchone()
        revision = next_revision(known, digest, dated)
        if known is None or revision > known[0]:
            self.connection.execute("REPLACE INTO trial VALUES (?, ?, ?)", (nct_id, revision, digest))
        return revision
