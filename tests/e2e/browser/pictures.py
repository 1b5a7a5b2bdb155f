"""Pictures of pages and mails, for eyes: kept as artefacts of a test run in folders that git ignores."""

from pathlib import Path

from playwright.sync_api import Page


def keep(page: Page, path: Path) -> None:
    """Writes a picture of the whole page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, timeout=60_000)
