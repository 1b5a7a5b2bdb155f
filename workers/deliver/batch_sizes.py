"""How many deliveries a worker claims at once."""

#: Deliveries per claim: few at first, then as many as are sent within BATCH_SECONDS, so that no mail is sent
#: long after its eligibility was checked.
FIRST_BATCH = 100
BATCH = 1_000
BATCH_SECONDS = 5


def batch_size(rate: float) -> int:
    """Largest claim at `rate` mails a second; 0 is no limit."""
    return BATCH if rate <= 0 else min(BATCH, max(1, round(rate * BATCH_SECONDS)))


def next_batch(size: int, sent: int, seconds: float, connections: int) -> int:
    """Size of the next claim, from the throughput of the last one: servers differ in speed.

    A bucket that held fewer than `size`, and was sent in time, says nothing of the next one.
    """
    if sent < size and seconds < BATCH_SECONDS:
        return size
    per_batch = round(sent * BATCH_SECONDS / max(seconds, 0.001))
    return max(connections, min(per_batch, 4 * sent, BATCH))
