"""Rules of the code that ruff and mypy do not know: names, enums, sizes, paths of pages, rows in tests."""

import ast
import re

from service.domain.delivery.kinds import MailKind
from service.domain.delivery.server_failures import Failure
from service.domain.delivery.states import DeliveryState
from service.domain.delivery.suppression import Reason as SuppressionReason
from service.domain.digests.run import RunState
from service.domain.digests.schedule import Frequency
from service.domain.subscription import EndReason, SubscriptionState
from service.domain.trials.conditions.condition import TopicKind
from service.domain.trials.lifecycle import EventState, TrialState
from tests.unit.test_architecture import ROOT, modules, nodes, within


def test_states_and_kinds_are_compared_by_their_names() -> None:
    """Compared with the members of enums, not with their values as texts."""
    enums = (DeliveryState, EndReason, EventState, Frequency, MailKind, RunState)
    enums += (SubscriptionState, TopicKind, TrialState)
    values = {member.value for enum in enums for member in enum}
    found = [
        f"{name}, line {node.lineno}: {constant.value}"
        for name, tree in modules()
        if not within(name, "service.mail.inbound")  # providers' words, which are theirs
        for node in nodes(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        for constant in (node.left, *node.comparators)
        if isinstance(constant, ast.Constant) and constant.value in values
    ]
    assert found == []


def test_reasons_are_written_down_once() -> None:
    """Why mail can't leave or an address is suppressed: elsewhere by the members of the enum."""
    parts = ("server_failures", "suppression", "smtp_reply")
    defined = {f"service.domain.delivery.{part}" for part in parts}
    values = {member.value for enum in (Failure, SuppressionReason) for member in enum if "_" in member.value}
    found = [
        f"{name}, line {node.lineno}: {node.value}"
        for name, tree in modules()
        if name not in defined and not within(name, "service.mail.inbound")
        for node in nodes(tree)
        if isinstance(node, ast.Constant) and node.value in values
    ]
    assert found == []


def test_members_of_enums_are_explained() -> None:
    """By a comment on the member's line, or on the one above it."""
    silent = []
    for name, tree in modules():
        path = ROOT / name.replace(".", "/")
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        lines = ["", *file.read_text(encoding="utf-8").splitlines()]
        for node in nodes(tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                silent += [
                    f"{name}.{node.name}, line {member.lineno}"
                    for member in node.body
                    if isinstance(member, ast.Assign)
                    and "  # " not in lines[member.lineno]
                    and not lines[member.lineno - 1].lstrip().startswith("#")
                ]
    assert silent == []


#: Layers that may have a class each of a table's name: the table, its row, and what the operators' API shows.
VIEWS = ("service.store.sql.tables", "service.store", "service.web.admin")

#: Where else there is a class of the name of another one, since it is the same thing.
SAME_THING = {
    "Act": "service.web.admin.audit",  # the API's view of a row of the table Audit
    "AddressChange": "service.mail.message.kinds",  # the mail that asks to confirm it
    "Digest": "service.mail.message.kinds",  # its mail
    "Trial": "service.domain.trials.lifecycle",  # the state that a row of the table stores
    "WholeEvent": "service.web.admin.events",  # the API's view of a row of the table Event with its body
}


def public_classes(tree: ast.Module) -> set[str]:
    """The names of a module's public classes."""
    classes = {node.name for node in nodes(tree) if isinstance(node, ast.ClassDef)}
    return {name for name in classes if not name.startswith("_")}


def aliases(tree: ast.Module) -> set[str]:
    """The names that a module gives to types."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and "TypeVar" not in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name) and not target.id.isupper()
    }


def is_table_with_views(homes: list[str]) -> bool:
    layers = [next((layer for layer in VIEWS if within(home, layer)), None) for home in homes]
    return VIEWS[0] in layers and None not in layers and len(set(layers)) == len(layers)


def test_a_class_shares_its_name_with_nothing_else() -> None:
    classes = {module: public_classes(tree) for module, tree in modules()}
    homes: dict[str, list[str]] = {name: [] for names in classes.values() for name in names}
    for module, tree in modules():
        for name in homes.keys() & (classes[module] | aliases(tree)):
            homes[name].append(module)
    unused = [name for name, home in SAME_THING.items() if home not in homes[name] or len(homes[name]) == 1]
    assert unused == []
    others = {name: [home for home in found if home != SAME_THING.get(name)] for name, found in homes.items()}
    shared = {name: found for name, found in others.items() if len(found) > 1}
    assert {name: found for name, found in shared.items() if not is_table_with_views(found)} == {}


def test_loop_variables_have_names() -> None:
    """An event, a row, a delivery: `one` says nothing."""
    found = [
        f"{name}, line {node.target.lineno}"
        for name, tree in modules()
        for node in nodes(tree)
        if isinstance(node, ast.For | ast.comprehension)
        and any(isinstance(part, ast.Name) and part.id == "one" for part in ast.walk(node.target))
    ]
    assert found == []


def test_no_task_group_is_used() -> None:
    """In early releases of Python 3.11 (3.11.2, as in Debian 12) one that fails leaves its task marked as
    being cancelled, and each later time limit of the task ends it.
    """
    users = [
        name
        for name, tree in modules()
        for node in nodes(tree)
        if "TaskGroup" in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", ""))
    ]
    assert users == []


def test_files_are_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ("service", "workers", "tests")
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
        and "versions" not in path.parts
    }
    assert long == {}


def test_functions_fit_a_screen() -> None:
    long = {
        f"{name}.{node.name}": lines
        for name, tree in modules()
        if "versions" not in name
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 50
    }
    assert long == {}


def test_every_module_has_a_docstring() -> None:
    silent = [
        name
        for name, tree in modules()
        if tree.body and not ast.get_docstring(tree) and "versions" not in name
    ]
    assert silent == []


def test_names_of_tests_have_a_noun_as_their_subject() -> None:
    """Not a clause: `test_a_fatal_error_is_logged`, not `test_what_ends_a_process_is_logged`."""
    begins = (
        r"test_((of|in|with|after|until)_)?(what|who|whom|whose|which|where|when|whether|why|how)(ever)?_"
    )
    inner = r"_(of|by|to|for|with|from|than|and|or|in|on|at|as)_(what|whatever|whom?|whoever)_"
    clause = re.compile(f"{begins}|{inner}")
    names = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(
            r"^ *(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(names) > 2_000
    assert [name for name in names if clause.search(name.partition(": ")[2])] == []


def test_pages_link_below_the_path_of_the_public_url() -> None:
    """A template writes `{{ base }}/subscribe`, code `own_path("/subscribe")`: both put it before."""
    bare = re.compile(r"""(?:href|action|src|data-challenge)="/|(?:Location"?[:=]|Redirect\()\s*f?"/""")
    folders = [ROOT / "service" / "web", ROOT / "service" / "dev"]
    files = [path for folder in folders for end in ("html", "py") for path in folder.rglob(f"*.{end}")]
    found = [str(path.relative_to(ROOT)) for path in files if bare.search(path.read_text(encoding="utf-8"))]
    assert files
    assert found == []


def test_tests_store_rows_as_given_through_one_helper() -> None:
    """Other rows are made by the real code."""
    raw = re.compile(r"connection\.execute\(\s*insert\(")
    folder = ROOT / "tests" / "integration"
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if raw.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
