"""Markup that browsers forgive: points in time as HTML writes them, names where ARIA allows one."""

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx

from service.store.people import terms
from service.store.sql.database import writing
from service.system import System
from tests.integration.web.operating import sign_in

SERVICE = Path(__file__).parents[3] / "service"

#: A date, or a point in time with its offset; a fraction of a second has three digits at most.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?")


async def test_points_in_time_are_written_as_html_defines(client: httpx.AsyncClient, system: System) -> None:
    published = datetime(2026, 12, 1, 8, 0, 0, 123456, UTC)
    async with writing(system.database) as connection:
        await terms.publish(connection, "2026-11", "Be kind.", now=published)
    await sign_in(client)
    for path in ("/admin", "/admin/terms", "/admin/audit"):
        moments = re.findall(r'<time datetime="([^"]*)"', (await client.get(path)).text)
        assert moments, path
        assert [moment for moment in moments if not MOMENT.fullmatch(moment)] == []


def test_a_preformatted_text_with_the_keyboards_focus_has_a_role_and_a_name() -> None:
    """Without a role ARIA gives it none, and screen readers may leave its name out."""
    found = [
        tag
        for path in SERVICE.rglob("*.html")
        for tag in re.findall(r"<pre [^>]*tabindex[^>]*>", path.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 6
    assert [tag for tag in found if 'role="' not in tag or "aria-label" not in tag] == []
