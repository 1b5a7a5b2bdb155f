"""A process whose files are replaced by those of another version goes on as it began."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[3] / "service"

REPLACED = """
import shutil
from pathlib import Path
from service.web import pages
folder = Path(pages.__file__).parent
names = pages.environment("en").list_templates(extensions=["html"])
shutil.rmtree(folder)
for name in names:
    pages.environment("en").get_template(name)
print(folder)
"""


TRANSLATED = """
import shutil
from service import languages
languages.supported()  # as each process does when it starts
shutil.rmtree(languages.LOCALES)
print(languages.language("de").gettext("Sign up"))
"""


def test_sentences_are_those_of_the_version_that_started(tmp_path: Path) -> None:
    assert after(TRANSLATED, tmp_path) == "Anmelden"


def test_pages_are_those_of_the_version_that_started(tmp_path: Path) -> None:
    assert Path(after(REPLACED, tmp_path)) == tmp_path / "service" / "web" / "pages"


def after(script: str, folder: Path) -> str:
    """What a script prints that runs with a copy of the package, which it may destroy."""
    shutil.copytree(PACKAGE, folder / "service", ignore=shutil.ignore_patterns("__pycache__"))
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()
