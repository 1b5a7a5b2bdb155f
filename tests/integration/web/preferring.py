"""Shared by tests of the preferences: a confirmed person, a link to their page, the page's notices."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from service.crypto.link_tokens import Purpose, make_token
from service.store.people import subscriptions
from service.store.sql.database import reading
from service.system import System
from tests.html_forms import forms_of
from tests.integration.privacy import cast


def link(system: System, subscriber_id: int, *, days: int = 30, address: str = cast.ALICE) -> str:
    """The path of a person's preferences, as a mail to this address carries it."""
    until = datetime.now(UTC) + timedelta(days=days)
    index = system.addresses.of(address)
    return "/preferences/" + make_token(
        system.keyring, Purpose.PREFERENCES, subscriber_id, until, email_index=index
    )


async def followed(http: httpx.AsyncClient, path: str, answer: httpx.Response) -> str:
    """The page that a form's answer leads to."""
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"].partition("#")[0]
    assert location.startswith(path)
    return (await http.get(location)).text


def status_of(html: str) -> str:
    """The page's status message about the last action (WCAG 4.1.3)."""
    found = re.search(r'role="status"[^>]*>([^<]+)<', html)
    return found.group(1) if found else ""


def error_at(html: str, field: str) -> str:
    """The message at a field that is marked as wrong and points at it (WCAG 3.3.1)."""
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="{field}-error', html), (
        field
    )
    found = re.search(rf'id="{field}-error"[^>]*>([^<]+)<', html)
    return found.group(1) if found else ""


def form_in(html: str, end: str, holding: str = "") -> dict[str, list[str]]:
    """What the form for an address with this `end` sends as it is; of several, the one `holding` a value."""
    for form in forms_of(html):
        sent: dict[str, list[str]] = {}
        for control in form.controls:
            if control.is_on:
                sent.setdefault(control.name, []).append(control.value)
        if form.action.endswith(end) and (not holding or [holding] in sent.values()):
            return sent
    raise AssertionError(f"the page has no form for {end}")


async def active_topics(
    system: System, subscriber_id: int
) -> dict[str, tuple[str, dict[str, object] | None, bool]]:
    """Frequency, filters and whether small changes count of what a person follows, by topic."""
    async with reading(system.database) as connection:
        found = await subscriptions.active(connection, subscriber_id)
    return {row.key: (row.frequency, row.filters, row.small_changes) for row in found}


async def number_of(system: System, subscriber_id: int, key: str, state: str = "active") -> str:
    """The number of a person's subscription to a topic."""
    async with reading(system.database) as connection:
        found = await subscriptions.with_states(connection, subscriber_id, state)
    return str(next(row.id for row in found if row.key == key))
