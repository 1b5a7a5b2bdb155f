"""docs/outages.md says what is seen when each part is away alone."""

import pytest

from service.settings import Settings
from tests.integration.web.outages import DOCUMENT, OUTAGES, document, look

pytestmark = pytest.mark.slow


@pytest.fixture
def documented() -> list[str]:
    return DOCUMENT.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.part)
async def test_what_is_seen_of_an_outage_is_documented(
    settings: Settings, outage: object, documented: list[str]
) -> None:
    seen = {other.part: await look(settings, other) for other in OUTAGES if other is outage}
    row = document({other.part: next(iter(seen.values())) for other in OUTAGES}).splitlines()
    expected = next(line for line in row if line.startswith(f"| {next(iter(seen))} |"))
    assert expected in documented


def test_every_outage_has_a_row(documented: list[str]) -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in documented if line.startswith("| ")][1:]
    assert rows == [outage.part for outage in OUTAGES]
