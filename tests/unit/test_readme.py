"""The README can't rot: every setting with its default and every command stands there, and no other."""

import re
from pathlib import Path

import click
import pytest

from service.cli.main import cli
from service.configuration.settings import Settings, variable_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(section: str) -> dict[str, list[str]]:
    """The rows of the section's table, by the code in their first cell."""
    text = README.split(f"### {section}\n")[1].split("\n### ")[0]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip().strip("`"): [cell.strip() for cell in row[1:]] for row in cells}


def command_names(group: click.Group, prefix: str = "") -> set[str]:
    names: set[str] = set()
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            names |= command_names(command, f"{prefix}{name} ")
        elif not command.hidden:
            names.add(prefix + name)
    return names


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    table = rows("Settings")
    assert set(table) == {variable_of(name) for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        documented = table[variable_of(name)][1]
        if field.default_factory is not None:
            continue  # made from other settings, in words
        if field.is_required():
            assert documented.startswith("required"), name
        elif field.default in ("", ()):
            assert documented == "none", name
        else:
            default = f"{field.default:g}" if field.annotation is float else str(field.default)
            assert f"`{default}`" in documented, name


def test_every_command_is_in_the_readme() -> None:
    assert set(rows("Commands")) == command_names(cli)


def test_every_command_has_a_help_text() -> None:
    def silent(group: click.Group) -> list[str]:
        found = []
        for name, command in group.commands.items():
            found += [name] if not command.help else []
            found += silent(command) if isinstance(command, click.Group) else []
        return found

    assert silent(cli) == []


def test_every_link_to_a_file_has_a_target() -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_image_runs_without_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)


MANUALS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])


def anchors(path: Path) -> set[str]:
    """The addresses of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("manual", MANUALS, ids=[str(path.relative_to(ROOT)) for path in MANUALS])
def test_links_within_the_manuals_have_a_target(manual: Path) -> None:
    text = re.sub(r"```.*?```", "", manual.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(((?!https?:|mailto:)[^)\s]+)\)", text):
        name, _, anchor = link.partition("#")
        target = (manual.parent / name).resolve() if name else manual
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_commands_and_settings_that_the_manuals_name_are_there() -> None:
    words = {name.split()[0] for name in command_names(cli)}
    known = {variable_of(name) for name in Settings.model_fields}
    for manual in (ROOT / "README.md", ROOT / "docs" / "operating.md"):
        text = manual.read_text(encoding="utf-8")
        called = set(re.findall(r"`trial-alerts ([a-z]+)", text))
        assert called <= words, f"{manual.name}: {called - words}"
        named = {name.removesuffix("_FILE") for name in re.findall(r"\bALERTS_[A-Z_]+[A-Z]\b", text)}
        assert named <= known, f"{manual.name}: {named - known}"
