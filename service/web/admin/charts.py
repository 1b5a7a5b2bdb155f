"""Bar charts of the last days as SVG: readable without colour and by screen readers, small counts hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.store.admin.daily import DailyName
from service.store.admin.stats import HIDDEN_UP_TO

DAYS = 30
#: The drawing's own units: a bar, the gap after it, and the height of the longest bar.
BAR, GAP, HEIGHT = 9, 3, 72


@dataclass(frozen=True, slots=True)
class Bar:
    """A day; `shown` is its number in words. `height` is 0 for nothing; `small`: not shown exactly."""

    day: date
    x: int
    height: int
    small: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures by day; `summary` says the same as the drawing."""

    title: str
    bars: Sequence[Bar]
    top: str
    summary: str
    width: int = DAYS * (BAR + GAP)


def chart(title: str, name: DailyName, figures: Mapping[tuple[date, str], int], today: date) -> Chart:
    """The last DAYS days of one figure. Counts up to HIDDEN_UP_TO look alike: they may identify people."""
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    numbers = [figures.get((day, name), 0) for day in days]
    highest = max(numbers)
    bars = [
        Bar(
            day=day,
            x=place * (BAR + GAP),
            height=_height(number, highest),
            small=0 < number <= HIDDEN_UP_TO,
            shown=shown(number),
        )
        for place, (day, number) in enumerate(zip(days, numbers, strict=True))
    ]
    busiest = days[numbers.index(highest)]
    summary = (
        f"At most {shown(highest)}, on {busiest.strftime('%d %b')}; {shown(numbers[-1])} today."
        if highest
        else f"None in {DAYS} days."
    )
    return Chart(title, bars, shown(highest), summary)


def shown(number: int) -> str:
    """A count in words; small ones are not shown exactly."""
    return f"{number:,}" if number == 0 or number > HIDDEN_UP_TO else f"{HIDDEN_UP_TO} or fewer"


def _height(number: int, highest: int) -> int:
    if number == 0:
        return 0
    if number <= HIDDEN_UP_TO:
        return max(3, round(HEIGHT * HIDDEN_UP_TO / max(highest, HIDDEN_UP_TO)) // 2)
    return max(4, round(HEIGHT * number / highest))
