"""The number of deliveries that a worker claims at once."""

import time
from collections.abc import Callable

#: Deliveries per claim: few at first, then as many as are sent within BATCH_SECONDS, so that no mail is sent
#: long after its eligibility was checked.
FIRST_BATCH = 100
BATCH = 1_250
BATCH_SECONDS = 5

#: Seconds for which a measured throughput counts: servers get slower and faster.
REMEMBERED_SECONDS = 60.0


class BatchSize:
    """The size of a worker's next claim, from the throughput that its lanes measured lately.

    `rate`: the limit in mails a second, 0 for none.
    """

    def __init__(self, rate: float, connections: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = BATCH if rate <= 0 else min(BATCH, max(1, round(rate * BATCH_SECONDS)))
        self._connections, self._clock = connections, clock
        self._size, self._measured_at = FIRST_BATCH, float("-inf")

    @property
    def next(self) -> int:
        """How many deliveries to claim now."""
        if self._clock() - self._measured_at > REMEMBERED_SECONDS:
            self._size = FIRST_BATCH
        return min(self._size, self._most)

    def measured(self, size: int, sent: int, seconds: float) -> None:
        """Records that a claim of at most `size` found `sent` deliveries, which took `seconds`.

        A bucket that held fewer than `size`, and was sent in time, allows no conclusion about the next one.
        """
        if sent == 0 or (sent < size and seconds < BATCH_SECONDS):
            return
        in_time = round(sent * BATCH_SECONDS / max(seconds, 0.001))
        # At most four times as many, not at once all. Another lane may have measured more meanwhile.
        self._size = max(self._connections, min(in_time, BATCH, max(self._size, 4 * sent)))
        self._measured_at = self._clock()
