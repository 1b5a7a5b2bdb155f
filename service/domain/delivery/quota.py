"""The number of mails that all workers together may hand to servers."""

from typing import NamedTuple


class Quota(NamedTuple):
    """Mails an hour and a day; 0: no limit. Its text is that of the setting, `H/D`."""

    hour: int
    day: int

    def __str__(self) -> str:
        return f"{self.hour}/{self.day}"
