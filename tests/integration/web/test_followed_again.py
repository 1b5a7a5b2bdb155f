"""Following again from the preferences page: what ended, and what was never confirmed."""

from datetime import UTC, datetime

import httpx
import pytest

from service.domain.delivery.suppression import Reason
from service.domain.subscription import EndReason
from service.store.people import consents, subscriptions, suppressions
from service.store.sql import tables as t
from service.store.sql.database import reading, writing
from service.store.topics import topics
from service.system import System
from tests.integration.privacy import cast
from tests.integration.web.preferring import active_topics, followed, form_in, link, number_of, status_of
from tests.integration.web.signing_up import add_condition


@pytest.mark.slow
async def test_unfollowing_is_recorded_and_following_again_needs_no_confirmation(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    form = {"subscription": await number_of(system, alice, cast.TRIAL), "do": "unfollow"}
    page = await followed(client, path, await client.post(path + "/topic", data=form))
    assert "You no longer follow this" in status_of(page)
    assert cast.TRIAL not in await active_topics(system, alice)
    form = {"subscription": await number_of(system, alice, cast.TRIAL, "ended"), "terms_version": "2026-01"}
    page = await followed(client, path, await client.post(path + "/again", data=form))
    assert "You now follow this" in status_of(page)
    assert (await active_topics(system, alice))[cast.TRIAL] == ("weekly", {"countries": ["IT"]}, False)
    async with reading(system.database) as connection:
        witnesses = await consents.of(connection, alice)
    assert [row.kind for row in witnesses[-3:]] == ["withdrawn", "requested", "confirmed"]
    assert "can reveal something about my health" in witnesses[-1].wording
    assert witnesses[-1].wording in page or "You follow" in page


@pytest.mark.parametrize(
    ("reason", "left"),
    [(Reason.COMPLAINT, None), (Reason.DECLINED, None), (Reason.OPERATOR, Reason.OPERATOR)],
)
async def test_following_again_ends_what_the_reader_themselves_asked_for_and_no_operators_stop(
    client: httpx.AsyncClient, system: System, alice: int, reason: Reason, left: Reason | None
) -> None:
    path, now, index = link(system, alice), datetime.now(UTC), system.addresses.of(cast.ALICE)
    async with writing(system.database) as connection:
        await suppressions.add(connection, index, reason, source="test", now=now)
        await subscriptions.end(connection, alice, reason=EndReason.DECLINED, now=now)
    form = {"subscription": await number_of(system, alice, cast.TRIAL, "ended"), "terms_version": "2026-01"}
    await client.post(path + "/again", data=form)
    async with reading(system.database) as connection:
        assert await suppressions.reason_of(connection, index) == left


async def test_following_again_under_changed_terms_asks_to_read_them(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path = link(system, alice)
    form = {"subscription": await number_of(system, alice, cast.TRIAL), "do": "unfollow"}
    await client.post(path + "/topic", data=form)
    form = {"subscription": await number_of(system, alice, cast.TRIAL, "ended"), "terms_version": "2020"}
    answer = await client.post(path + "/again", data=form)
    assert answer.status_code == 422
    assert "The terms have changed in the meantime" in answer.text
    assert cast.TRIAL not in await active_topics(system, alice)


async def test_a_sign_up_that_is_kept_no_longer_is_not_said_to_be_followed(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    asked = {"frequency": "daily", "filters": None, "small_changes": False, "now": datetime.now(UTC)}
    async with writing(system.database) as connection:
        ids = await topics.ensure_topics(connection, ["trial:NCT00000001", "trial:NCT00000002"])
        kept, gone = [
            await subscriptions.add_pending(connection, alice, topic, **asked) for topic in ids.values()
        ]
        await connection.execute(t.subscription.delete().where(t.subscription.c.id == gone))
    path = link(system, alice)
    for number, said in (
        (kept, "You now follow this"),
        (kept, "You now follow this"),
        (gone, "You no longer"),
    ):
        form = {"subscription": str(number), "terms_version": "2026-01"}
        page = await followed(client, path, await client.post(path + "/again", data=form))
        assert said in status_of(page)


async def test_a_condition_that_became_too_broad_is_not_followed_again(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    path, number = link(system, alice), await number_of(system, alice, cast.CONDITION)
    await client.post(path + "/topic", data={"subscription": number, "do": "unfollow"})
    form = {"subscription": number, "terms_version": "2026-01"}
    assert form_in((await client.get(path)).text, "/again", number)["subscription"] == [number]
    await add_condition(system.database, cast.CONDITION, "leukemia", followable=False)
    page = (await client.get(path)).text
    assert "This condition is too broad to follow. Choose a more specific one." in page
    assert "/again" not in page
    answer = await client.post(path + "/again", data=form)
    assert (answer.status_code, 'id="again-error"' in answer.text) == (422, True)
    assert cast.CONDITION not in await active_topics(system, alice)


async def test_a_strangers_pending_sign_up_becomes_active_only_by_its_own_button(
    client: httpx.AsyncClient, system: System, alice: int
) -> None:
    async with writing(system.database) as connection:
        ids = await topics.ensure_topics(connection, ["trial:NCT00000001"])
        await subscriptions.add_pending(
            connection,
            alice,
            ids["trial:NCT00000001"],
            frequency="daily",
            filters=None,
            small_changes=False,
            now=datetime.now(UTC),
        )
    path = link(system, alice)
    form = {"subscription": await number_of(system, alice, cast.TRIAL), "do": "unfollow"}
    await client.post(path + "/topic", data=form)
    form = {"subscription": await number_of(system, alice, cast.TRIAL, "ended"), "terms_version": "2026-01"}
    await client.post(path + "/again", data=form)
    assert "trial:NCT00000001" not in await active_topics(system, alice)
    waiting = await number_of(system, alice, "trial:NCT00000001", "pending")
    await client.post(path + "/again", data={"subscription": waiting, "terms_version": "2026-01"})
    assert (await active_topics(system, alice))["trial:NCT00000001"][0] == "daily"
