"""Alert rules and dashboard of docs/monitoring name metrics that exist; each alarm says what to do."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from service.web.admin.overview import NO_EVENT
from tests.alarms import ALERTS, RULES

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "monitoring.md").read_text(encoding="utf-8")

PANELS = json.loads((DOCS / "monitoring" / "grafana.json").read_text(encoding="utf-8"))["panels"]

KEYS = {"alert", "expr", "for", "labels", "annotations"}

#: Suffixes of the series of a documented histogram.
_SERIES = re.compile(r"_(bucket|count|sum)$")


def named(expression: str) -> set[str]:
    return {_SERIES.sub("", name) for name in re.findall(r"\btrial_alerts_\w+", expression)}


def documented() -> set[str]:
    return set(re.findall(r"^\| `(trial_alerts_\w+)`", TEXT, re.MULTILINE))


def test_rules_and_pictures_name_documented_metrics() -> None:
    expressions = [rule["expr"] for rule in RULES]
    expressions += [target["expr"] for panel in PANELS for target in panel["targets"]]
    assert len(expressions) > 30
    for expression in expressions:
        assert named(expression) <= documented(), expression


def test_each_alarm_is_documented_with_its_effect_and_remedy_and_no_other() -> None:
    alarms = [rule["alert"] for rule in RULES]
    sections = re.findall(r"^\| `([A-Z]\w+)` \| [^|]{4,} \| [^|]{10,} \|$", TEXT, re.MULTILINE)
    assert sections == alarms
    for rule in RULES:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"].endswith(".")


def test_every_rule_is_complete_and_accepted_by_an_installed_prometheus() -> None:
    for rule in RULES:
        assert {"alert", "expr", "labels", "annotations"} <= rule.keys() <= KEYS
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
    if promtool := shutil.which("promtool"):
        checked = subprocess.run([promtool, "check", "rules", str(ALERTS)], check=False, capture_output=True)
        assert checked.returncode == 0, checked.stderr


def test_an_absence_is_no_alarm_before_it_was_watched_for_its_whole_period() -> None:
    """`increase` over days is 0 for a Prometheus that began a minute ago as well."""
    absences = [
        (rule["alert"], time, rule["expr"])
        for rule in RULES
        for time in re.findall(r"increase\([^\[]+\[(\w+)\]\)+ == 0", rule["expr"])
    ]
    assert [name for name, _, _ in absences] == ["NoEvents"]
    for name, time, expression in absences:
        assert f'sum(up{{job="trial-alerts"}} offset {time})' in expression, name


def test_a_weekend_without_updates_of_the_registry_is_no_alarm() -> None:
    """From a Friday's update to a Tuesday's, after a holiday, are four days; the dashboard waits as long."""
    (rule,) = (rule for rule in RULES if rule["alert"] == "NoEvents")
    (days,) = set(re.findall(r"(?:\[|offset )(\d+)d", rule["expr"]))
    assert int(days) * 86_400 == NO_EVENT == 4 * 86_400


def test_a_figure_that_each_instance_reports_is_not_added_up_over_instances() -> None:
    """Figures of the database and of Redis are the same whichever process answers: two hosts double them."""
    own = re.compile(r"_(total|bucket|count|sum)$")
    added = [
        expression
        for expression in [rule["expr"] for rule in RULES]
        + [target["expr"] for panel in PANELS for target in panel["targets"]]
        for by, name in re.findall(
            r"sum (by \([^)]*\) )?\((trial_alerts_\w+)", expression.replace("sum(", "sum (")
        )
        if not own.search(name) and "instance" not in by
    ]
    assert added == []
    for rule in RULES:
        assert re.match(r"(max|min|sum)\b|up\{|trial_alerts_dependency_up\{", rule["expr"]), rule["alert"]


def test_the_figure_of_a_rare_state_is_0_and_not_missing() -> None:
    """A state that no row has is left out of the metrics: a panel of one figure would say "No data"."""
    (held,) = (panel for panel in PANELS if panel["title"] == "Held runs")
    assert [target["expr"].endswith(" or vector(0)") for target in held["targets"]] == [True]


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
