"""The input of `digest_contents`: a digest to render, independent of its storage."""

from collections.abc import Mapping
from typing import NamedTuple


class DigestRequest(NamedTuple):
    """A digest to render: its row's id, its reader, its run, and the intervals that it covers.

    `covered`: for each topic the seq after which its changes are included, up to `to_seq`. `catches_up`: a
    digest before it was never sent, so some of these changes may have been reported by a later one that was.
    `period_start_seq`: where the period that the digest reports begins.
    """

    digest_id: int
    subscriber_id: int
    run_id: int
    covered: Mapping[int, int]
    to_seq: int
    locale: str
    catches_up: bool = False
    period_start_seq: int = 0

    @property
    def interval(self) -> tuple[int, int]:
        """The seq before its period, and the last one in it."""
        return self.period_start_seq, self.to_seq
