"""docs/outages.md describes the symptoms when each part is away alone."""

import re

import pytest

from service.configuration.settings import Settings
from tests.integration.web.outages import DOCUMENT, OUTAGES, Outage, document, look

pytestmark = [pytest.mark.slow, pytest.mark.on_both_databases]

#: Alarms that are documented for an outage and begin when it has lasted.
SLOW = {"MailWaits", "RequestsWait", "EventsRefused"}


@pytest.fixture
def documented() -> list[str]:
    return DOCUMENT.read_text(encoding="utf-8").splitlines()


async def compared(settings: Settings, outage: Outage, documented: list[str]) -> None:
    """Compares the row of an outage with its symptoms."""
    seen = await look(settings, outage)
    rows = document(dict.fromkeys((other.part for other in OUTAGES), seen)).splitlines()
    assert next(row for row in rows if row.startswith(f"| {outage.part} |")) in documented
    assert seen.firing == set(re.findall(r"`(\w+)`", outage.alarm)) - SLOW


@pytest.mark.parametrize(
    "outage", [outage for outage in OUTAGES if not outage.only], ids=lambda outage: outage.part
)
async def test_the_symptoms_of_an_outage_are_documented(
    settings: Settings, outage: Outage, documented: list[str]
) -> None:
    await compared(settings, outage, documented)


@pytest.mark.parametrize(
    ("database_url", "outage"),
    [(outage.only, outage) for outage in OUTAGES if outage.only],
    indirect=["database_url"],
    ids=lambda given: getattr(given, "part", given),
)
async def test_the_symptoms_of_an_outage_of_one_database_are_documented(
    settings: Settings, outage: Outage, documented: list[str]
) -> None:
    await compared(settings, outage, documented)


def test_every_outage_has_a_row(documented: list[str]) -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in documented if line.startswith("| ")][1:]
    assert rows == [outage.part for outage in OUTAGES]
