"""GET /v1/form: the content of a form of embed.js or of a site's own."""

import httpx

from service.domain.wording.sign_up import SAFETY
from service.system import System
from tests.integration.web.signing_up import LEUKEMIA, TERMS, TRIAL, add_condition, publish_terms


async def test_a_form_has_its_topics_by_name_the_terms_and_the_words(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "leukemia")
    asked = [
        ("topic", TRIAL),
        ("topic", "condition:Leukaemia"),
        ("topic", "condition:nothing"),
        ("topic", "x"),
    ]
    answer = await client.get("/v1/form", params=[*asked, ("lang", "en-GB")])
    form = answer.json()
    assert answer.status_code == 200
    assert form["topics"] == [
        {"key": TRIAL, "name": "Study NCT04787263", "kind": "trial"},
        {"key": LEUKEMIA, "name": "leukemia", "kind": "condition"},
    ]
    assert form["terms"]["version"] == TERMS
    assert (form["lang"], form["dir"], form["frequency"]) == ("en", "ltr", "weekly")
    assert form["safety"]["advice"] == list(SAFETY)
    assert form["words"]["agreement"].count("<a href=") == 2
    assert f"(version {TERMS})" in form["words"]["agreement"]


async def test_a_name_that_several_conditions_share_is_a_question(
    client: httpx.AsyncClient, system: System
) -> None:
    await publish_terms(system.database)
    await add_condition(system.database, LEUKEMIA, "acute lymphoblastic leukemia", "ALL")
    await add_condition(system.database, "condition:MONDO:1", "allergic lung", "ALL")
    form = (await client.get("/v1/form", params={"topic": "condition:all"})).json()
    assert form["topics"] == []
    assert "all" in form["questions"][0]["text"]
    assert [choice["key"] for choice in form["questions"][0]["choices"]] == [LEUKEMIA, "condition:MONDO:1"]


async def test_without_terms_there_is_no_form(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/form")).json()["terms"] is None


async def test_any_site_may_load_the_script_and_only_the_website_the_form(client: httpx.AsyncClient) -> None:
    stranger = {"origin": "https://stranger.example"}
    script = await client.get("/embed.js", headers=stranger)
    assert script.headers["access-control-allow-origin"] == "*"
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in (await client.get("/v1/form", headers=stranger)).headers


async def test_the_script_is_small(client: httpx.AsyncClient) -> None:
    packed = await client.get("/embed.js", headers={"accept-encoding": "gzip"})
    assert int(packed.headers["content-length"]) < 10_000
