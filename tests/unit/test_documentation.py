"""The documents for developers can't rot: their paths exist, and their drawings agree with the code."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from service.domain.delivery.states import DeliveryState
from service.domain.digests.run import RunState
from service.domain.subscription import SubscriptionState
from service.domain.trials.lifecycle import EventState, TrialState

ROOT = Path(__file__).parents[2]
PARTS = ("service", "workers", "tests", "docs")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("drawn", "states"),
    [
        ("delivery", DeliveryState),
        ("subscription", SubscriptionState),
        ("run", RunState),
        ("event", EventState),
        ("trial", TrialState),
    ],
)
def test_each_drawing_of_states_has_every_state(drawn: str, states: type[StrEnum]) -> None:
    _, _, begun = ARCHITECTURE.partition(f'stateDiagram-v2\n  state "{drawn} (')
    text = begun.partition("```")[0]
    ends = {name for arrow in re.findall(r"^ +(\S+) --> ([^\s:]+)", text, re.MULTILINE) for name in arrow}
    assert ends - {"[*]"} == {state.value for state in states}


def test_the_modules_of_the_flow_exist() -> None:
    flow = ARCHITECTURE.partition("```mermaid\nflowchart")[2].partition("```")[0]
    modules = re.findall(r"\[((?:\w+/)+\w+)\]", flow)
    assert len(modules) > 5
    assert [module for module in modules if not _exists(module) and not _exists(f"service/{module}")] == []


@pytest.mark.parametrize("text", [ARCHITECTURE, CONTRIBUTING], ids=["architecture", "contributing"])
def test_the_paths_exist(text: str) -> None:
    paths = set(re.findall(r"`((?:service|workers|tests|docs|email_templates|\.ci)/[\w./-]+?)/?`", text))
    assert len(paths) > 10
    example = "service/locales/pt/"  # a language that might be added
    assert sorted(path for path in paths if not path.startswith(example) and not _exists(path)) == []


def test_the_modules_that_documents_name_exist() -> None:
    """Each by its whole path, its path below `service`, or its file name alone."""
    modules = {path.relative_to(ROOT).as_posix() for part in PARTS for path in (ROOT / part).rglob("*.py")}
    ends = {
        "/".join(module.split("/")[start:]) for module in modules for start in range(module.count("/") + 1)
    }
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(r"`([\w./-]+\.py)`", document.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert sorted((document, path) for document, path in named if path not in ends) == []


def _exists(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / path).with_suffix(".py").exists()


def test_the_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):.*##", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([\w-]+)", CONTRIBUTING, re.MULTILINE))
    assert len(named) > 5
    assert named - targets == set()
