"""Requests that fail by our own fault do not count against a visitor's network."""

import pytest

from service.configuration.settings import Settings
from tests.conftest import app_of, serving
from tests.integration.web.signing_up import post, publish_terms, sign_up
from tests.integration.web.test_store_away import Broken, away
from tests.unwritable import read_only
from tests.waiting import until

LIMIT = 3


@pytest.fixture
def limited(settings: Settings) -> Settings:
    """A network may ask for three mails without a proof of work, and for twelve with one."""
    return settings.model_copy(update={"signup_limit": LIMIT})


@pytest.mark.parametrize("broken", [read_only, away])
async def test_an_outage_leaves_nobody_over_the_limit(limited: Settings, broken: Broken) -> None:
    with app_of(limited) as app:
        async with serving(app) as client:
            await publish_terms(app.state.system.database)
            assert (await post(client)).status_code == 202
            async with broken(app.state.system.database):
                for _ in range(5 * LIMIT):
                    assert (await post(client)).status_code == 503
                    answer = await client.post("/v1/subscriptions", data=sign_up(accept_terms="yes"))
                    assert answer.status_code == 503
                    answer = await client.post("/preferences", data={"email": "alice@example.org"})
                    assert answer.status_code == 503
            for _ in range(6):  # sessions of before are found out one by one
                answer = await post(client)
                if answer.status_code != 503:
                    break
            assert answer.status_code == 202
            again = [(await post(client)).status_code for _ in range(LIMIT)]
    assert again == [202, 429, 429], "the third, fourth and fifth since the beginning"


async def test_a_sign_up_that_is_not_open_yet_costs_no_try(limited: Settings) -> None:
    with app_of(limited) as app:
        async with serving(app) as client:
            for _ in range(5 * LIMIT):
                assert (await post(client)).status_code == 503
                answer = await client.post("/v1/subscriptions", data=sign_up(accept_terms="yes"))
                assert answer.status_code == 503
            await publish_terms(app.state.system.database)

            async def is_open() -> bool:  # that there are none is remembered for a moment
                return (await post(client)).status_code == 202

            await until(is_open)
            again = [(await post(client)).status_code for _ in range(LIMIT)]
    assert again == [202, 202, 429], "after the first one that was taken"
