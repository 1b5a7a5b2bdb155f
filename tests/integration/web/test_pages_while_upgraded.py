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


def test_pages_are_those_of_the_version_that_started(tmp_path: Path) -> None:
    copied = shutil.copytree(PACKAGE, tmp_path / "service", ignore=shutil.ignore_patterns("__pycache__"))
    found = subprocess.run(
        [sys.executable, "-c", REPLACED],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    assert Path(found.stdout.strip()) == copied / "web" / "pages"
