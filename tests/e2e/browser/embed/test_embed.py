"""The embedded form on a website of another origin: under a strict policy, in the head, as a module, in a
single-page site, right to left, and while the service is away."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from service.languages import language, supported
from tests.e2e.browser.axe import violations
from tests.e2e.browser.conftest import NARROW
from tests.e2e.browser.embed.conftest import CONDITION, TRIAL, Open, script, sign_up
from tests.e2e.browser.embed.foreign_site import ForeignSite
from tests.e2e.journey.processes import Dev, eventually

CHALLENGE = "always"


@pytest.fixture
def strict(running: Dev) -> str:
    """The strictest policy of a page under which the form can work: two directives name the service."""
    return (
        f"default-src 'none'; script-src {running.url}; connect-src {running.url}; base-uri 'none'; "
        "form-action 'none'; img-src data:; require-trusted-types-for 'script'"
    )


def confirmed_topics(running: Dev, address: str) -> str:
    return str(running.mail(address)["text"])


@pytest.mark.parametrize("attributes", ["async", "defer", "", 'type="module"'])
@pytest.mark.parametrize("where", ["head", "body"])
def test_a_script_draws_the_form_anywhere_in_the_document(
    open_page: Open, running: Dev, site: ForeignSite, strict: str, where: str, attributes: str
) -> None:
    tag = script(running, f'data-topics="{TRIAL} {CONDITION}" {attributes}')
    place = {"head": tag} if where == "head" else {}
    page = open_page(site.put("/study", "" if place else tag, policy=strict, **place))
    expect(page.get_by_role("checkbox", name="Engineered immune cells")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Acute lymphoblastic leukemia")).to_be_checked()
    assert page.locator("main trial-alerts-signup").count() == 1
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    assert "undefined" not in page.locator("trial-alerts-signup form").inner_text()


def test_a_visitor_signs_up_without_leaving_the_page(
    open_page: Open, running: Dev, site: ForeignSite, strict: str, address: str
) -> None:
    tag = script(running, f'data-topics="{TRIAL} {CONDITION}" async')
    page = open_page(site.put("/study", tag, policy=strict))
    page.get_by_role("checkbox", name="Acute lymphoblastic leukemia").uncheck()
    page.get_by_text("Our safety recommendation").click()
    expect(page.get_by_text("Use an address that only you read")).to_be_visible()
    sign_up(page, address)
    assert page.url == f"{site.url}/study"
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.textContent").startswith(
        "Almost done"
    )
    assert "Acute lymphoblastic" not in confirmed_topics(running, address)
    assert "Engineered immune cells" in confirmed_topics(running, address)


def test_the_page_gets_events_without_personal_data(
    open_page: Open, running: Dev, site: ForeignSite, address: str
) -> None:
    listening = (
        "<script>window.heard = []; for (const what of ['submitted', 'failed']) document.addEventListener("
        "`trial-alerts:${what}`, (event) => heard.push([event.type, event.detail]));</script>"
    )
    element = f'<trial-alerts-signup topics="{TRIAL}"></trial-alerts-signup>'
    page = open_page(site.put("/study", element, head=listening + script(running, "async")), expected="422")
    page.get_by_label("Your email address").fill("nobody")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("#email-error")).not_to_be_empty()
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#accept_terms-error")).not_to_be_empty()
    refused = page.evaluate("heard")
    assert refused == [
        [
            "trial-alerts:failed",
            {"status": 422, "reason": "refused", "fields": ["email", "accept_terms"], "topics": [TRIAL]},
        ]
    ]
    sign_up(page, address)
    assert page.evaluate("heard")[1] == ["trial-alerts:submitted", {"topics": [TRIAL], "frequency": "weekly"}]
    assert address not in str(page.evaluate("JSON.stringify(heard)"))


def test_a_single_page_site_changes_the_study(
    open_page: Open, running: Dev, site: ForeignSite, address: str
) -> None:
    element = '<trial-alerts-signup topics="trial:NCT00000001"></trial-alerts-signup>'
    page = open_page(site.put("/study", element, head=script(running, "async")))
    expect(page.get_by_role("checkbox", name="NCT00000001")).to_be_checked()
    page.get_by_label("Your email address").fill(address)
    page.locator("trial-alerts-signup").evaluate(f"(form) => form.setAttribute('topics', '{TRIAL}')")
    expect(page.get_by_role("checkbox", name="Engineered immune cells")).to_be_checked()
    expect(page.get_by_role("checkbox", name="NCT00000001")).to_have_count(0)
    expect(page.get_by_label("Your email address")).to_have_value(address)
    sign_up(page, address)
    page.locator("trial-alerts-signup").evaluate(f"(form) => form.setAttribute('topics', '{CONDITION}')")
    expect(page.get_by_role("checkbox", name="Acute lymphoblastic leukemia")).to_be_checked()
    expect(page.get_by_label("Your email address")).to_have_value("")


def test_a_script_that_changes_its_study_is_followed_too(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    page = open_page(site.put("/study", script(running, f'data-topic="{CONDITION}" async')))
    expect(page.get_by_role("checkbox", name="Acute lymphoblastic leukemia")).to_be_checked()
    page.locator("main script").evaluate(f"(tag) => {{ tag.dataset.topics = '{TRIAL}' }}")
    expect(page.get_by_role("checkbox", name="Engineered immune cells")).to_be_checked()


def test_a_topic_found_by_a_similar_spelling_is_followed_too(
    open_page: Open, running: Dev, site: ForeignSite, strict: str, address: str
) -> None:
    page = open_page(site.put("/study", script(running, f'data-topics="{TRIAL}" async'), policy=strict))
    page.get_by_text("Follow something else").click()
    page.get_by_label("Search for a condition or a study").press_sequentially("lymphoblastik leukemia")
    expect(page.get_by_text("Found. Tick what you want to follow.")).to_be_visible()
    page.get_by_role("checkbox", name="Acute lymphoblastic leukemia").first.check()
    page.get_by_label("Search for a condition or a study").press("Enter")
    sign_up(page, address)
    assert "Engineered immune cells" in confirmed_topics(running, address)
    assert "cute lymphoblastic leukemia" in confirmed_topics(running, address)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_accessible_on_a_telephone(
    open_page: Open, running: Dev, site: ForeignSite, scheme: str, direction: str
) -> None:
    head = script(running, "async") + '<meta name="color-scheme" content="light dark">'
    element = f'<trial-alerts-signup topics="{TRIAL} {CONDITION}"></trial-alerts-signup>'
    where = site.put("/study", element, head=head, html=f'lang="en" dir="{direction}"')
    page = open_page(where, width=NARROW, color_scheme=scheme)
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    page.get_by_text("Our safety recommendation").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_the_tab_key_follows_the_order_of_the_form(open_page: Open, running: Dev, site: ForeignSite) -> None:
    page = open_page(site.put("/study", script(running, f'data-topics="{TRIAL}" async')))
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    order = []
    for _ in range(9):
        page.keyboard.press("Tab")
        order.append(
            page.evaluate(
                "(() => { const at = document.activeElement.shadowRoot.activeElement;"
                " return at.id || at.name || at.type || at.textContent; })()"
            )
        )
    assert [name.partition(" (")[0] for name in order] == [
        "topic", "Follow something else too", "email", "Our safety recommendation", "frequency",
        "accept_terms", "terms", "privacy notice", "submit",
    ]  # fmt: skip


def test_a_site_can_style_the_form(open_page: Open, running: Dev, site: ForeignSite) -> None:
    styles = (
        "<style>trial-alerts-signup { --trial-alerts-accent: rgb(90, 30, 120); --trial-alerts-font: serif; "
        "--trial-alerts-on-accent: white } trial-alerts-signup::part(button) { border-radius: 20px }</style>"
    )
    element = f'<trial-alerts-signup topics="{TRIAL}"></trial-alerts-signup>'
    page = open_page(site.put("/study", element, head=styles + script(running, "async")))
    button = page.get_by_role("button", name="Sign up")
    expect(button).to_have_css("background-color", "rgb(90, 30, 120)")
    expect(button).to_have_css("border-radius", "20px")
    expect(button).to_have_css("font-family", "serif")


AWAY = "The form can’t be shown here at the moment."


def test_the_sites_own_content_is_shown_while_the_service_is_away(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    with_children = (
        f'<trial-alerts-signup topics="{TRIAL}"><a href="/write-to-us">Write to us</a></trial-alerts-signup>'
    )
    without = f'<trial-alerts-signup topics="{TRIAL}">\n</trial-alerts-signup>'
    head = script(running, "async")
    with_address, without_address = (
        site.put("/with", with_children, head=head),
        site.put("/without", without, head=head),
    )
    page = open_page(site.put("/nothing", ""), expected="Failed to load")

    def away(route: Any) -> None:
        route.fulfill(status=503, body="{}", headers={"access-control-allow-origin": "*"})

    page.route("**/v1/form*", away)
    page.goto(with_address)
    expect(page.get_by_role("link", name="Write to us")).to_be_visible()
    expect(page.get_by_text(AWAY)).to_have_count(0)
    page.goto(without_address)
    expect(page.get_by_text(AWAY)).to_be_visible()
    page.unroute("**/v1/form*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    page.route("**/embed.js", lambda route: route.abort())
    page.goto(with_address)
    expect(page.get_by_role("link", name="Write to us")).to_be_visible()


def test_a_frame_that_the_service_can_not_let_in_leads_to_the_hosted_form(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    """The origin of a frame with `sandbox` is `null`: none of its requests is answered, ever."""
    inner = site.put("/framed", "", head=script(running, f'data-topics="{TRIAL}" lang="de" async'))
    sandbox = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox"
    outer = site.put("/framing", f'<iframe sandbox="{sandbox}" src="{inner}" title="Sign-up"></iframe>')
    page = open_page(outer, expected="/v1/form")
    link = page.frame_locator("iframe").get_by_role(
        "link", name=language("de").gettext("Get updates by email")
    )
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.get_by_role("checkbox", name=TRIAL[6:])).to_be_checked()
    expect(opened.value.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("code", [code for code in supported() if code != "en"])
def test_the_form_is_in_the_language_of_the_nearest_lang(
    open_page: Open, running: Dev, site: ForeignSite, address: str, code: str
) -> None:
    """The element's own counts more than the page's; errors, the mail and the direction follow it."""
    words = language(code)
    element = f'<div lang="{code}"><trial-alerts-signup topics="{TRIAL}"></trial-alerts-signup></div>'
    page = open_page(site.put("/study", element, head=script(running, "async")), width=NARROW, expected="422")
    button = page.get_by_role("button", name=words.gettext("Sign up"))
    expect(button).to_be_visible()
    form = page.locator("trial-alerts-signup .all")
    expect(form).to_have_attribute("lang", code)
    expect(form).to_have_attribute("dir", words.direction)
    button.click()
    expect(page.locator("#accept_terms-error")).to_have_text(words.gettext("Agree to the terms to sign up."))
    page.locator("#email").fill(address)
    page.locator("#accept_terms").check()
    button.click()
    expect(page.get_by_role("status")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert running.mail(address)["subject"] == words.gettext("Please confirm your email address")


def test_hostile_titles_and_names_stay_text(open_page: Open, running: Dev, site: ForeignSite) -> None:
    evil = "condition:<img src=x onerror=document.title='hit'>"
    element = f'<trial-alerts-signup topics="{TRIAL}"></trial-alerts-signup>'
    page = open_page(site.put("/study", element, head=script(running, "async")))
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()

    def answer(route: Any) -> None:
        topics = [{"key": evil, "name": evil, "kind": "condition", "parent": evil}]
        body = route.fetch().json() | {"topics": topics}
        route.fulfill(json=body, headers={"access-control-allow-origin": "*"})

    page.route("**/v1/form*", answer)
    page.reload()
    expect(page.get_by_role("checkbox", name=evil)).to_be_checked()
    assert page.title() == "A study"
    assert page.locator("trial-alerts-signup img").count() == 0


def test_terms_published_since_the_form_was_drawn_are_shown_to_be_agreed_to(
    open_page: Open, running: Dev, site: ForeignSite, address: str, tmp_path: Path
) -> None:
    page = open_page(site.put("/study", script(running, f'data-topics="{TRIAL}"')), expected="/v1/")
    box = page.get_by_label("I agree to the")
    page.get_by_label("Your email address").fill(address)
    box.check()
    (tmp_path / "terms.txt").write_text("Be kinder.")
    published = running.command("terms", "publish", str(tmp_path / "terms.txt"), "--version", "newer")
    assert published.returncode == 0, published.stderr
    eventually(lambda: httpx.get(f"{running.url}/v1/terms").json()["version"] == "newer", what="new terms")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert").filter(has_text="The terms have changed")).to_be_visible()
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
    expect(page.get_by_text("(version newer)")).to_be_visible()
    sign_up(page, address)
    assert TRIAL[6:] in confirmed_topics(running, address)


def test_a_long_title_wraps_where_the_page_wraps_nothing(
    open_page: Open, running: Dev, site: ForeignSite
) -> None:
    style = "<style>* { white-space: nowrap }</style>"
    page = open_page(site.put("/study", script(running, f'data-topics="{TRIAL}"'), head=style), width=NARROW)
    expect(page.get_by_role("button", name="Sign up")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
