"""Fields of a trial that are objects of their own: arms, expanded access, who can join."""

from collections.abc import Mapping
from typing import Any

from service.domain.trials.reader import Reader, enumeration


def arms(parent: Reader, field: str) -> list[dict[str, Any]] | None:
    """A study's arms: label, type, description and the names of their interventions."""
    value = parent.data.get(field)
    found = parent.objects(field, ("label", "type", "description"), text_is="label")
    if found is None or not isinstance(value, list):
        return found
    arms: list[dict[str, Any]] = []
    for position, item in enumerate(value):
        reader = Reader(item if isinstance(item, Mapping) else {"label": item})
        arm: dict[str, Any] = {
            name: text for name in ("label", "type", "description") if (text := reader.text(name))
        }
        if names := reader.texts("interventions"):
            arm["interventions"] = names
        parent.problems.extend((f"{field}[{position}].{name}", words) for name, words in reader.problems)
        if arm:
            arms.append(arm)
    return arms


def expanded_access(parent: Reader, field: str) -> dict[str, Any] | None:
    """Whether the treatment can be had outside the study, and the record of that."""
    parts = parent.object(parent.data.get(field), field)
    if parts is None:
        return None
    reader = Reader(parts)
    read = {"available": reader.flag("available"), "trial_id": reader.text("trial_id")}
    parent.problems.extend((f"{field}.{name}", words) for name, words in reader.problems)
    return {name: value for name, value in read.items() if value is not None} or None


def eligibility(parent: Reader, field: str) -> dict[str, Any] | None:
    parts = parent.object(parent.data.get(field), field)
    if parts is None:
        return None
    reader = Reader(parts)
    read = {
        "minimum_age": reader.text("minimum_age"),
        "maximum_age": reader.text("maximum_age"),
        "sex": reader.text("sex"),
        "healthy_volunteers": reader.flag("healthy_volunteers"),
        "criteria": reader.text("criteria"),
    }
    for name, message in reader.problems:
        parent.problem(f"{field}.{name}", message)
    if sex := read["sex"]:
        read["sex"] = enumeration(str(sex))
    return {name: value for name, value in read.items() if value is not None} or None
