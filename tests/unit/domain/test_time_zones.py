"""Time zones: the names of a fixed list on any host; everything else is UTC."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.digests.schedule import Frequency, latest_due, next_due
from service.domain.digests.time_zones import known_or_utc, names, zone_of

NO_ZONES = ["localtime", "posixrules", "Factory", "Etc/Unknown", "+05:30", "../x", "/etc/localtime", ""]
NO_NAMES = ["Mars/Olympus", "Europe", "Europe/Rome\0", "posix/Europe/Rome", "é" * 300]
OF_BROWSERS = ["Asia/Calcutta", "US/Pacific", "Etc/GMT+5", "America/Argentina/Buenos_Aires"]


@pytest.mark.parametrize("given", NO_ZONES + NO_NAMES)
def test_an_unknown_zone_is_utc(given: str) -> None:
    assert known_or_utc(given) == "UTC"
    assert zone_of(given).key == "UTC"


@pytest.mark.parametrize("given", ["Europe/Rome", "europe/rome", " EUROPE/ROME "])
def test_a_name_is_known_in_any_case(given: str) -> None:
    assert known_or_utc(given) == "Europe/Rome"


@pytest.mark.parametrize("given", OF_BROWSERS)
def test_names_that_browsers_give_are_known(given: str) -> None:
    assert known_or_utc(given) == given


def test_every_name_gives_a_zone_even_if_the_host_has_none() -> None:
    zoneinfo.reset_tzpath(to=())
    try:
        moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
        assert all(moment.astimezone(zone_of(name)).tzinfo is not None for name in names())
        assert moment.astimezone(zone_of("Europe/Rome")).hour == 14
    finally:
        zoneinfo.reset_tzpath()


def test_a_slot_of_an_unknown_zone_is_due_as_in_utc() -> None:
    now = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    assert latest_due("daily", "localtime", 8, 0, now) == latest_due("daily", "UTC", 8, 0, now)


@pytest.mark.parametrize(
    ("frequency", "latest", "following"),
    [
        (Frequency.DAILY, (2026, 11, 27), (2026, 11, 28)),
        (Frequency.WEEKLY, (2026, 11, 27), (2026, 12, 4)),
        (Frequency.MONTHLY, (2026, 11, 1), (2026, 12, 1)),
    ],
)
def test_a_slot_is_due_each_day_each_friday_or_each_first_of_a_month(
    frequency: str, latest: tuple[int, int, int], following: tuple[int, int, int]
) -> None:
    now = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)
    assert latest_due(frequency, "Europe/Rome", 8, 4, now) == datetime(*latest, 7, tzinfo=UTC)
    assert next_due(frequency, "Europe/Rome", 8, 4, now) == datetime(*following, 7, tzinfo=UTC)


CHANGES = [
    ("Europe/Rome", 3, 28),
    ("Europe/Rome", 10, 24),
    ("Australia/Lord_Howe", 10, 3),
    ("America/New_York", 3, 7),
]


@pytest.mark.parametrize(("zone", "month", "day"), CHANGES)
@pytest.mark.parametrize("frequency", [Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY])
def test_no_due_time_is_left_out_where_the_clocks_change(
    frequency: str, zone: str, month: int, day: int
) -> None:
    begin = datetime(2026, month, day, tzinfo=UTC) - timedelta(days=1)
    for now in (begin + timedelta(minutes=30 * number) for number in range(200)):
        for hour in (0, 2, 8, 23):
            following = next_due(frequency, zone, hour, 5, now)
            assert latest_due(frequency, zone, hour, 5, following) == following > now
            assert latest_due(frequency, zone, hour, 5, following - timedelta(seconds=1)) <= now
