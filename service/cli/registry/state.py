"""The state of `registry watch` in an SQLite file: each trial's last revision, events to send, progress.

The changes of a page are committed together: revisions, waiting events, progress. After a crash the file is
in the state before or after a page.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from service.cli.context import CommandFailed
from service.domain.trials.registry.revisions import (
    LastObservation,
    Observation,
    Revised,
    is_of_earlier_day,
    is_older,
    revise,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trial (
    nct_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, digest TEXT NOT NULL,
    sweep INTEGER NOT NULL DEFAULT 0, missing_since TEXT, record_digest TEXT
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS trial_sweep ON trial (sweep);
CREATE TABLE IF NOT EXISTS waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS refused (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL, body BLOB NOT NULL, reason TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS set_back (
    nct_id TEXT PRIMARY KEY, digest TEXT NOT NULL, dated INTEGER NOT NULL, since TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_LOCK_SECONDS = 10

#: The time for which a record of an earlier day must stay the same to count as the registry's present one.
_SET_BACK_FOR = timedelta(days=1)

#: The beginning of each SQLite file (https://www.sqlite.org/fileformat2.html#magic_header_string).
_MAGIC = b"SQLite format 3\0"

#: The digest of a trial that was removed from the registry, or merged into another.
GONE = "gone"

#: The digest of a record whose event the receiver refused.
REFUSED = "refused"


class OutboxEvent(NamedTuple):
    """An event to be sent, as JSON text; events are sent in the order of their numbers."""

    number: int
    event_id: str
    body: bytes


def _may_be_ours(path: Path) -> bool:
    """Whether there is no file, an empty one, or a database: SQLite overwrites a very short file unasked."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) in (b"", _MAGIC)
    except OSError:
        return True  # SQLite says what is wrong


def _unusable(path: Path | None, problem: sqlite3.Error) -> CommandFailed:
    reason = "another process uses it" if "locked" in str(problem) else str(problem)
    return CommandFailed(f"{path} can't be used as a state file: {reason}.")


class RegistryState:
    """The last revision and content digest of each trial, waiting events, progress. See `commit`.

    Without a path it is in memory, for one run. Raises CommandFailed for a file that can't be used, or that
    another process uses (`exclusive`).
    """

    def __init__(self, path: Path | None, *, exclusive: bool = False) -> None:
        #: Trials whose revision rose since the last commit, and whether they were known before.
        self.raised: dict[str, bool] = {}
        self.path = path
        if path is not None and not _may_be_ours(path):
            raise CommandFailed(f"{path} can't be used as a state file: the file is no SQLite database.")
        try:
            self.connection = sqlite3.connect(path or ":memory:", timeout=_LOCK_SECONDS)
            if exclusive:  # in this mode a lock that was taken once is kept (SQLite, pragma locking_mode)
                self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                self.connection.executescript("BEGIN EXCLUSIVE; COMMIT")
            self.connection.executescript(_SCHEMA)
            self._add_column()
        except sqlite3.Error as problem:
            raise _unusable(path, problem) from None

    def _add_column(self) -> None:
        """Files of earlier versions lack the digest of the record itself."""
        columns = {row[1] for row in self.connection.execute("PRAGMA table_info(trial)")}
        if "record_digest" not in columns:
            self.connection.execute("ALTER TABLE trial ADD COLUMN record_digest TEXT")
            self.connection.commit()

    def close(self) -> None:
        """Closes the file; uncommitted changes are lost."""
        self.connection.close()

    @contextmanager
    def named(self) -> Iterator[None]:
        """Within the block, a file that fails (on a full disk, say) raises CommandFailed, which names it."""
        try:
            yield
        except sqlite3.Error as problem:
            raise _unusable(self.path, problem) from None

    def commit(self) -> None:
        self.connection.commit()
        self.raised.clear()

    def rollback(self) -> None:
        self.connection.rollback()
        self.raised.clear()

    def revise(self, seen: Observation) -> Revised:
        """The revision of an observation (see `registry_revisions`); it is stored unless it arrived late.

        From the first one on until `commit` no other process can read a revision to raise it as well. Raises
        CommandFailed if another one does so for too long.
        """
        self._begin()
        known = self.known(seen.nct_id)
        revised = revise(known, seen)
        if known is None or revised.revision > known.revision:
            self.remember(seen.nct_id, revised.revision, seen.digest, seen.record_digest)
            self.raised[seen.nct_id] = known is not None
        elif known.digest == seen.digest and known.record_digest != seen.record_digest:
            self.remember(seen.nct_id, known.revision, seen.digest, seen.record_digest)
        return revised

    def revise_present(self, seen: Observation, now: datetime) -> Revised:
        """The same for a record that the registry has now, though its date may have gone back.

        A stale copy of the registry may have answered. A record that is still the same a day later is the
        present one, and so are those of its day and later days.
        """
        known = self.known(seen.nct_id)
        if known is None or not is_older(known, seen):
            revised = self.revise(seen)
            follows = not is_of_earlier_day(seen.dated, revised.revision)
            self.connection.execute(
                "DELETE FROM set_back WHERE nct_id = ? AND (since IS NOT NULL OR ?)", (seen.nct_id, follows)
            )
            return revised
        self._begin()
        if not self._is_set_back(seen, now):
            return Revised(seen.dated)
        self.remember(seen.nct_id, known.revision + 1, seen.digest, seen.record_digest)
        self.raised[seen.nct_id] = True
        return Revised(known.revision + 1)

    def _begin(self) -> None:
        if not self.connection.in_transaction:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                raise _unusable(self.path, problem) from None

    def _is_set_back(self, seen: Observation, now: datetime) -> bool:
        """Whether the date of a trial's record went back; `since` is None once it is known."""
        found = self.connection.execute(
            "SELECT digest, dated, since FROM set_back WHERE nct_id = ?", (seen.nct_id,)
        )
        digest, dated, since = found.fetchone() or ("", seen.dated, now.isoformat())
        if since is None:
            known = seen.dated >= dated
        else:
            known = digest == seen.digest and now - datetime.fromisoformat(since) >= _SET_BACK_FOR
        if known or digest != seen.digest:
            row = (seen.nct_id, seen.digest, seen.dated, None if known else now.isoformat())
            self.connection.execute("REPLACE INTO set_back VALUES (?, ?, ?, ?)", row)
        return known

    def known(self, nct_id: str) -> LastObservation | None:
        """The last observation of a trial; its digest is GONE if it was removed or merged."""
        found = self.connection.execute(
            "SELECT revision, digest, record_digest FROM trial WHERE nct_id = ?", (nct_id,)
        )
        row = found.fetchone()
        return LastObservation(*row) if row else None

    def remember(self, nct_id: str, revision: int, digest: str, record_digest: str) -> None:
        self.connection.execute(
            "INSERT INTO trial (nct_id, revision, digest, record_digest) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (nct_id) DO UPDATE SET revision = excluded.revision, digest = excluded.digest, "
            "record_digest = excluded.record_digest",
            (nct_id, revision, digest, record_digest),
        )

    def mark_read(self, nct_id: str, sweep: int, missing_since: str | None = None) -> None:
        """Records the sweep in which a trial was last read, and since which day the registry lacks it."""
        self.connection.execute(
            "UPDATE trial SET sweep = ?, missing_since = ? WHERE nct_id = ?", (sweep, missing_since, nct_id)
        )

    def read_before(self, sweep: int, most: int) -> list[tuple[str, str | None]]:
        """Trials not read since a sweep started: their numbers, and since when they are missing."""
        return self.connection.execute(
            "SELECT nct_id, missing_since FROM trial WHERE sweep < ? AND digest <> ? ORDER BY sweep LIMIT ?",
            (sweep, GONE, most),
        ).fetchall()

    def enqueue(self, event: dict[str, Any]) -> None:
        """Adds an event to be sent."""
        body = msgspec.json.encode(event)
        self.connection.execute("INSERT INTO waiting (event_id, body) VALUES (?, ?)", (event["id"], body))

    def waiting(self, most: int) -> list[OutboxEvent]:
        """The first waiting events, in the order of their observation."""
        rows = self.connection.execute(
            "SELECT number, event_id, body FROM waiting ORDER BY number LIMIT ?", (most,)
        )
        return [OutboxEvent(*row) for row in rows]

    def count_waiting(self) -> int:
        count: int = self.connection.execute("SELECT count(*) FROM waiting").fetchone()[0]
        return count

    def delete_waiting(self, numbers: list[int]) -> None:
        """Deletes events that the receiver has stored."""
        self.connection.executemany("DELETE FROM waiting WHERE number = ?", [(each,) for each in numbers])

    def set_aside(self, event_ids: frozenset[str], reason: str) -> None:
        """Moves waiting events that the receiver refuses to `refused`.

        Their trials' next revisions are no mere conversions: the receiver does not have what these say.
        """
        for event_id in event_ids:
            self.connection.execute(
                "UPDATE trial SET record_digest = ? WHERE nct_id IN "
                "(SELECT json_extract(CAST(body AS TEXT), '$.subject') FROM waiting WHERE event_id = ?)",
                (REFUSED, event_id),
            )
            self.connection.execute(
                "INSERT INTO refused SELECT number, event_id, body, ? FROM waiting WHERE event_id = ?",
                (reason, event_id),
            )
            self.connection.execute("DELETE FROM waiting WHERE event_id = ?", (event_id,))

    def get(self, name: str) -> str | None:
        """A value of the progress."""
        row = self.connection.execute("SELECT value FROM progress WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def put(self, name: str, value: str | None) -> None:
        """Sets a value of the progress; None deletes it."""
        if value is None:
            self.connection.execute("DELETE FROM progress WHERE name = ?", (name,))
        else:
            self.connection.execute("REPLACE INTO progress VALUES (?, ?)", (name, value))
