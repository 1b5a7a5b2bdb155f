"""The documented alarms that one scrape of the metrics sets off, for those that one scrape can set off."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

ALERTS = Path(__file__).parents[1] / "docs" / "monitoring" / "alerts.yaml"

RULES = [
    rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]
]

#: A figure, or the largest, the least or the sum of several, compared with a number.
_CONDITION = re.compile(
    r"(?:(?P<of>max|min|sum)(?: by \(\w+\))? ?\()?"
    r"(?P<name>trial_alerts_\w+)(?:\{(?P<label>\w+)=\"(?P<value>[^\"]+)\"\})?\)?"
    r" (?P<than>==|>) (?P<number>[\d.]+)"
)

#: The least of a figure's values lately: of one scrape, that one.
_LATELY = re.compile(r"min_over_time\((?P<figure>[^()]+)\[\w+\]\)")

_OF: Mapping[str | None, Callable[[list[float]], float]] = {None: min, "max": max, "min": min, "sum": sum}
_THAN = {"==": operator.eq, ">": operator.gt}


def firing(metrics: str) -> frozenset[str]:
    """The alarms whose condition these metrics meet, however long it has to be met."""
    samples = [sample for family in text_string_to_metric_families(metrics) for sample in family.samples]
    return frozenset(rule["alert"] for rule in RULES if _is_met(rule["expr"], samples))


def _is_met(expression: str, samples: Sequence[Sample]) -> bool:
    expression, _, exception = _LATELY.sub(r"\g<figure>", expression).partition(" unless ")
    if exception and all(_is_met(part, samples) for part in exception.strip("()").split(" and ")):
        return False
    if (condition := _CONDITION.fullmatch(expression)) is None:
        return False  # it asks for how a figure rose
    label, value = condition["label"], condition["value"]
    found = [
        sample.value
        for sample in samples
        if sample.name == condition["name"] and (label is None or sample.labels.get(label) == value)
    ]
    return bool(found) and _THAN[condition["than"]](_OF[condition["of"]](found), float(condition["number"]))
