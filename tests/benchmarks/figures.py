"""One figure of a benchmark beside its yardstick of the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured figure; `asked` and `aim` are ratios to the yardstick, or limits where there is none."""

    name: str
    value: float
    unit: str
    yardstick: str = ""
    limit: float | None = None
    asked: float | None = None
    aim: float | None = None

    def __str__(self) -> str:
        shown = f"{self.name:<52}{self.value:>10,.{0 if self.value >= 100 else 1}f} {self.unit:<8}"
        if self.limit is not None:
            shown += f" {self.yardstick}: {self.limit:,.0f} {self.unit}, ratio {self.value / self.limit:.2f}"
        if self.asked is not None:
            shown += f" (asked {self.asked:g}, aim {self.aim:g})"
        return shown
