"""The buckets are shared equally by the workers that run, whichever come and go."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.bucket_shares import Lease, share_of

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NOW + timedelta(seconds=15)
FREE = Lease(None, None)


def rounds(leases: dict[int, Lease], workers: list[str], number: int = 4) -> dict[int, Lease]:
    """The leases after each of these workers has renewed its share so many times."""
    for _ in range(number):
        for worker in workers:
            keep, give_up, take = share_of(worker, leases, workers, NOW)
            leases |= dict.fromkeys(give_up, FREE) | dict.fromkeys(keep + take, Lease(worker, LATER))
    return leases


def numbers(leases: dict[int, Lease]) -> list[int]:
    """How many buckets each worker holds, ascending."""
    workers = [lease.worker for lease in leases.values()]
    return sorted(workers.count(worker) for worker in set(workers))


def free() -> dict[int, Lease]:
    return dict.fromkeys(range(32), FREE)


def test_a_single_worker_takes_all_buckets_at_once() -> None:
    assert share_of("a", free(), ["a"], NOW).take == list(range(32))


@given(st.integers(1, 40))
def test_every_bucket_is_served_and_no_worker_has_more_than_its_part(workers: int) -> None:
    shared = rounds(free(), [f"w{number}" for number in range(workers)])
    assert None not in {lease.worker for lease in shared.values()}
    assert max(numbers(shared)) <= -(-32 // workers)


def test_a_newcomer_gets_its_part_and_then_nothing_moves() -> None:
    alone = rounds(free(), ["a"])
    shared = rounds(alone, ["a", "b"])
    assert numbers(shared) == [16, 16]
    assert rounds(dict(shared), ["a", "b"]) == shared


def test_the_buckets_of_a_dead_worker_are_taken_once_their_leases_are_over() -> None:
    shared = rounds(free(), ["a", "b"])
    assert share_of("a", shared, ["a"], NOW).take == []
    over = {b: lease._replace(until=NOW) if lease.worker == "b" else lease for b, lease in shared.items()}
    assert len(share_of("a", over, ["a"], NOW).take) == 16


def test_nothing_is_given_up_for_a_worker_that_is_seen_and_served() -> None:
    shared = rounds(free(), ["a", "b", "c"])
    assert all(share_of(worker, shared, ["a", "b", "c"], NOW).give_up == [] for worker in "abc")
