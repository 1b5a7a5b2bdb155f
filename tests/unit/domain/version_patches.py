"""The registry's version patches as pairs of records: before and after each patch, as far as known.

A patch addresses lists by position and is applied in order, an `add` inserting. Only what a patch
mentions is known; the pair holds that, and what it doesn't mention is the same on both sides:

- an entry of a list that the patch never touches is left out of both;
- a site of which the patch gives only parts has its missing facility, town or country filled, on both
  sides, with words in brackets; so has the measure of an outcome and the record's title;
- an enrolment of which only the type is replaced has no count, and so can't be compared.
"""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "registry" / "version_patches"


class MISSING:
    """Stands for no value at all."""


@dataclass
class Node:
    """A value of which parts may be known: before the patch, and after it."""

    before: Any = MISSING
    after: Any = MISSING
    whole: bool = False
    original: bool = True
    number: int = 0
    children: dict[str, "Node"] = field(default_factory=dict)
    cells: list["Node"] = field(default_factory=list)
    gone: list["Node"] = field(default_factory=list)
    count: int = 0

    def cell(self, index: int) -> "Node":
        while len(self.cells) <= index:
            self.cells.append(Node(number=self.count))
            self.count += 1
        return self.cells[index]

    def learn(self, value: Any) -> None:
        """Learns a present value; one that the patch hasn't touched was the same before."""
        if self.whole:
            return
        if isinstance(value, dict) and self.children:
            for key, part in value.items():
                if key not in self.children:
                    self.children[key] = Node(deepcopy(part), deepcopy(part), whole=True)
        elif not self.children and not self.cells:
            self.before, self.after, self.whole = deepcopy(value), deepcopy(value), True

    def set(self, old: Any, new: Any) -> None:
        self.learn(old)
        before = self.value("before")
        self.before, self.after, self.whole = before, deepcopy(new), True
        self.children, self.cells, self.gone = {}, [], []

    def value(self, side: str) -> Any:
        if self.whole:
            return self.before if side == "before" else self.after
        if self.cells or self.gone:
            cells = (
                self.cells
                if side == "after"
                else sorted(
                    [cell for cell in (*self.cells, *self.gone) if cell.original],
                    key=lambda cell: cell.number,
                )
            )
            return [v for cell in cells if (v := cell.value(side)) is not MISSING]
        if self.children:
            parts = {key: child.value(side) for key, child in self.children.items()}
            return {key: part for key, part in parts.items() if part is not MISSING}
        return MISSING


def read_patches() -> list[tuple[str, dict[str, Any]]]:
    """Every patch by its file's name, in order."""
    return [(path.stem, json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))]


def records(patch: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The record before and after a patch, as far as the patch shows."""
    root = Node()
    status = root.children.setdefault("protocolSection", Node()).children
    status["statusModule"] = Node(patch["fromStatusModule"], deepcopy(patch["fromStatusModule"]), whole=True)
    for op in patch["ops"]:
        apply(root, op["path"].strip("/").split("/"), op)
    locate(listed(root, "contactsLocationsModule", "locations"))
    fill(listed(root, "contactsLocationsModule", "locations"), ("facility", "city", "country"), "of entry")
    fill(listed(root, "outcomesModule", "primaryOutcomes"), ("measure",), "of outcome")
    fill(listed(root, "armsInterventionsModule", "interventions"), ("name",), "of intervention")
    for cell in listed(root, "conditionsModule", "conditions"):
        if not cell.whole:
            cell.before = cell.after = f"[condition {cell.number + 1}]"
            cell.whole = True
    return finished(root.value("before"), patch["nctId"]), finished(root.value("after"), patch["nctId"])


def apply(node: Node, path: list[str], op: dict[str, Any]) -> None:
    token, rest = path[0], path[1:]
    if node.whole:
        apply_to_value(node.after, path, op)
    elif rest:
        child = node.cell(int(token)) if token.isdigit() else node.children.setdefault(token, Node())
        apply(child, rest, op)
    elif not token.isdigit():
        node.children.setdefault(token, Node()).set(known(op["old_value"]), known(op["new_value"]))
    elif op["op"] == "replace":
        node.cell(int(token)).set(known(op["old_value"]), known(op["new_value"]))
    elif op["op"] == "add":
        if known(op["old_value"]) is not MISSING:
            node.cell(int(token)).learn(op["old_value"])
        elif token != "0":
            node.cell(int(token) - 1)
        node.cells.insert(int(token), Node(MISSING, deepcopy(op["new_value"]), whole=True, original=False))
    else:
        cell = node.cell(int(token))
        cell.set(known(op["old_value"]), MISSING)
        node.cells.remove(cell)
        node.gone.append(cell)


def apply_to_value(value: Any, path: list[str], op: dict[str, Any]) -> None:
    for token in path[:-1]:
        value = value[int(token)] if isinstance(value, list) else value.setdefault(token, {})
    token = path[-1]
    if isinstance(value, list):
        if op["op"] == "add":
            value.insert(int(token), deepcopy(op["new_value"]))
        elif op["op"] == "remove":
            value.pop(int(token))
        else:
            value[int(token)] = deepcopy(op["new_value"])
    elif op["op"] == "remove":
        value.pop(token, None)
    else:
        value[token] = deepcopy(op["new_value"])


def known(value: Any) -> Any:
    return MISSING if isinstance(value, dict) and "__missing__" in value else value


def listed(root: Node, module: str, name: str) -> list[Node]:
    """The entries of a list of the record that the patch reaches, those it removes included."""
    found = root.children["protocolSection"].children.get(module, Node()).children.get(name, Node())
    return [*found.cells, *found.gone]


def fill(cells: list[Node], parts: tuple[str, ...], words: str) -> None:
    """Gives the partly known entries of a list their missing parts, in brackets, the same on both sides."""
    for cell in cells:
        if not cell.whole:
            for part in parts:
                place = part in ("city", "country")
                text = f"[{part} not given]" if place else f"[{part} {words} {cell.number + 1}]"
                cell.children.setdefault(part, Node(text, text, whole=True))


def locate(cells: list[Node]) -> None:
    """Finds towns and countries that the patch gives elsewhere.

    When a list shifts by one, a patch replaces the facility but not a town that happens to be the same.
    Another entry with the same coordinates, or the same facility, tells which town that is; and what
    holds before the patch holds after it, so that one found leads to the next.
    """
    found: dict[tuple[str, str], str] = {}
    for _ in range(len(cells)):
        learned = len(found)
        for cell in cells:
            for side in ("before", "after"):
                site = cell.value(side)
                for mark in marks(site):
                    for part in ("city", "country"):
                        if part in site:
                            found.setdefault((part, mark), site[part])
                        elif not cell.whole and (part, mark) in found:
                            place = found[part, mark]
                            cell.children[part] = Node(place, place, whole=True)
                            learned = -1
        if learned == len(found):
            break


def marks(site: Any) -> list[str]:
    if not isinstance(site, dict):
        return []
    point = site.get("geoPoint") or {}
    places = [f"{point['lat']} {point['lon']}"] if {"lat", "lon"} <= set(point) else []
    return [
        *places,
        *([site["facility"]] if "facility" in site and site["facility"] != "Research Site" else []),
    ]


def finished(record: dict[str, Any], nct_id: str) -> dict[str, Any]:
    """The record with what every record has, and with words in brackets where the patch is silent."""
    protocol = record["protocolSection"]
    identification = protocol.setdefault("identificationModule", {})
    identification["nctId"] = nct_id
    identification.setdefault("briefTitle", "[title not in the patch]")
    return record
