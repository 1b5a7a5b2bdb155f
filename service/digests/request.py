"""A digest that is to be worded; knows nothing of where it is kept."""

from collections.abc import Mapping
from typing import NamedTuple


class DigestRequest(NamedTuple):
    """One digest to word: its row's id, its reader, its run, and what it covers.

    `covered`: its topics, each with the seq of the log after which it is told; all of them up to `to_seq`.
    `catches_up`: an earlier digest may have told some of that already, having been sent after another that
    never was.
    """

    digest_id: int
    subscriber_id: int
    run_id: int
    covered: Mapping[int, int]
    to_seq: int
    locale: str
    catches_up: bool = False
