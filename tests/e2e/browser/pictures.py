"""Pictures of pages, for eyes: no test looks at them, so they are made by `make pictures` alone."""

import os
from pathlib import Path

from playwright.sync_api import Page


def keep(page: Page, path: Path) -> None:
    """Writes a picture of the whole page, if pictures are asked for (`PICTURES=yes`)."""
    if os.environ.get("PICTURES"):
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True, timeout=60_000)
