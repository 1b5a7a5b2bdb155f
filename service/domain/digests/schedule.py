"""Frequencies, and the times at which their slots are due."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from service.domain.digests.time_zones import zone_of
from service.domain.wording.messages import lazy_gettext as _


class Frequency(StrEnum):
    """How often a subscription may cause a mail."""

    IMMEDIATE = "immediate"  # once the change has settled (ALERTS_SETTLE_SECONDS)
    DAILY = "daily"  # at the person's hour
    WEEKLY = "weekly"  # on the person's weekday
    MONTHLY = "monthly"  # on the first of the month


#: The local hour of mails, unless the person chose another.
USUAL_HOUR = 8

#: The frequencies as a form offers them.
FREQUENCY_CHOICES: Mapping[str, str] = {
    Frequency.IMMEDIATE: _("As soon as something changes"),
    Frequency.DAILY: _("Once a day"),
    Frequency.WEEKLY: _("Once a week"),
    Frequency.MONTHLY: _("Once a month"),
}

#: The frequencies within a sentence; people agree to these words.
FREQUENCY_LABELS: Mapping[str, str] = {
    Frequency.IMMEDIATE: _("as soon as something changes"),
    Frequency.DAILY: _("once a day at most"),
    Frequency.WEEKLY: _("once a week at most"),
    Frequency.MONTHLY: _("once a month at most"),
}


def slot_of(frequency: str, zone: str, hour: int, weekday: int) -> tuple[str, int, int]:
    """The zone, hour and weekday of the slot of these settings; those without effect are 0.

    A stored hour that is none counts as the usual one.
    """
    hour = hour if 0 <= hour < 24 else USUAL_HOUR
    if frequency == Frequency.IMMEDIATE:
        return "UTC", 0, 0
    return zone, hour, weekday if frequency == Frequency.WEEKLY else 0


def latest_due(frequency: str, zone: str, hour: int, weekday: int, now: datetime) -> datetime:
    """The slot's latest due time at or before `now` (aware): every day, every `weekday` (Monday is 0), or
    every first of a month, at `hour` in `zone`.

    An unknown zone is treated as UTC. An hour that is skipped by a change to summer time is the time after
    the change; of an hour that occurs twice the first is used.
    """
    place = zone_of(zone)
    local = now.astimezone(place)
    day = _latest_day(frequency, weekday, local.date())
    while True:
        moment = datetime.combine(day, time(hour), place).astimezone(UTC)
        if moment <= now:
            return moment
        day = _latest_day(frequency, weekday, day - timedelta(days=1))


def next_due(frequency: str, zone: str, hour: int, weekday: int, now: datetime) -> datetime:
    """The slot's first due time after `now` (aware), by the rules of `latest_due`."""
    until = now  # in half days: a day that a change to summer time shortens may lie between two due times
    while (moment := latest_due(frequency, zone, hour, weekday, until)) <= now:
        until += timedelta(hours=12)
    return moment


def _latest_day(frequency: str, weekday: int, day: date) -> date:
    if frequency == Frequency.MONTHLY:
        return day.replace(day=1)
    if frequency == Frequency.WEEKLY:
        return day - timedelta(days=(day.weekday() - weekday) % 7)
    return day


def known_or_weekly(frequency: str) -> Frequency:
    """The frequency; weekly in place of a stored value that is none."""
    return Frequency(frequency) if frequency in set(Frequency) else Frequency.WEEKLY
