"""The templates travel with the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
RENDER = """
from service.mail.compose import SenderProfile, render
from service.mail.render.templates import templates_folder
from service.mail.message.kinds import PreferencesLink
frame = SenderProfile("A <a@example.org>", "example.org", "Street", *["https://example.org"] * 3, "sender")
link = PreferencesLink("https://example.org/p", "https://example.org/u")
print(templates_folder().parent.name, render(link, frame=frame, language="en").subject, sep=": ")
"""


def test_a_wheel_renders_mail_without_the_checkout(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    program = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r})\n{RENDER}"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert found.stdout == "service: The link to your preferences\n"
