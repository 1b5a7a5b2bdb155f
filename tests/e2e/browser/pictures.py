"""Pictures of pages and mails, for eyes: `make pictures` and CI write them, into folders that git ignores."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.conftest import on_ci
from tests.waiting import PATIENCE

#: Whether they are written: no test looks at them, and drawing them takes longer than all that is tested.
WANTED = os.environ.get("PICTURES") == "yes" or on_ci()

#: Where those of pages are written.
FOLDER = Path(__file__).parents[3] / "screenshots"


def keep(page: Page, path: Path) -> None:
    """Writes a picture of the whole page, if pictures are wanted."""
    if not WANTED:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, timeout=PATIENCE * 1000)
