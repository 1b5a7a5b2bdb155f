"""Every mail is valid MJML, in both directions of writing."""

import subprocess
from pathlib import Path

import pytest

from service.mail.message.kinds import KIND_OF
from tests.npm import installed

FOLDER = Path(__file__).parents[2] / "mjml"


@pytest.mark.slow
def test_every_mail_passes_mjmls_strict_validation() -> None:
    program = installed(FOLDER)
    done = subprocess.run([program, "lint.js"], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout == f"{len(KIND_OF)} mails are valid MJML\n"
