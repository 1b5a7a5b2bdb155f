"""The page "Put it on your site": each of its examples, copied onto a site of another origin, works."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from service.languages import language
from tests.conftest import on_ci
from tests.e2e.browser.axe import violations
from tests.e2e.browser.conftest import NARROW, WIDE
from tests.e2e.browser.embed.conftest import TRIAL, Open, script, sign_up
from tests.e2e.browser.embed.foreign_site import ForeignSite
from tests.e2e.browser.npm_package import file_of
from tests.e2e.journey.processes import Dev

CHALLENGE = "off"
GUIDE = f"/embed?topic={TRIAL}"
REACT = (
    (
        "react@18.3.1",
        "sha512-wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ==",
        "umd/react.production.min.js",
    ),
    (
        "react-dom@18.3.1",
        "sha512-5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw==",
        "umd/react-dom.production.min.js",
    ),
)


def example(page: Page, name: str) -> str:
    """An example as somebody copies it from the page."""
    return str(page.locator(f"#{name}").text_content())


@pytest.mark.parametrize("name", ["script", "element"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_line_of_html(
    open_page: Open, site: ForeignSite, running: Dev, address: str, name: str, width: int
) -> None:
    page = open_page(GUIDE)
    policy = example(page, "policy").strip().removeprefix("Content-Security-Policy: ")
    policy = f"default-src 'none'; style-src 'none'; img-src data:; {policy}"
    where = site.put("/study", example(page, name), policy=policy)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(where)
    expect(page.get_by_role("checkbox", name="Engineered immune cells")).to_be_checked()
    sign_up(page, address)
    assert "Engineered immune cells" in running.mail(address)["text"]


def test_a_condition_is_named_by_words_too(open_page: Open, running: Dev, site: ForeignSite) -> None:
    named = f"condition:Diffuse  large B-cell\n lymphoma {TRIAL}\n condition:acute lymphoblastic leukemia"
    page = open_page(site.put("/study", script(running, f'data-topics="{named}" async')))
    for name in ("diffuse large B-cell lymphoma", "Engineered immune cells", "acute lymphoblastic leukemia"):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(3)


@pytest.mark.parametrize(("script", "code"), [(True, "en"), (False, "en"), (True, "de"), (True, "ar")])
def test_plain_html_returns_to_a_message_in_place_of_the_form(
    open_page: Open, site: ForeignSite, running: Dev, address: str, script: bool, code: str
) -> None:
    """The form, the message and the email are in the language in which the guide was read.

    The service checks the address: a browser's own check refuses one with letters beyond ASCII.
    """
    _, address = language(code).gettext, f"jörg.{address}"
    page = open_page(f"{GUIDE}&lang={code}")
    policy = example(page, "policy_plain").strip().removeprefix("Content-Security-Policy: ")
    plain = example(page, "plain").replace(
        page.evaluate(
            'document.querySelector(\'#plain\').textContent.match(/name="return_to" value="([^"#]*)/)[1]'
        ),
        f"{site.url}/study",
    )
    where = site.put("/study", "<p>…</p>" * 60 + plain, policy=policy)
    page = open_page(where, width=NARROW, java_script_enabled=script)
    message = page.get_by_role("status")
    expect(message).to_be_hidden()
    page.get_by_label(_("Your email address")).fill(address)
    page.locator("label", has=page.get_by_role("link")).get_by_role("checkbox").check()
    page.get_by_role("button", name=_("Sign up")).click()
    expect(message).to_have_text(
        _("Almost done: check your email for a link to confirm. Nothing is set up until you press it.")
    )
    expect(message).to_be_in_viewport()
    expect(page.get_by_role("button", name=_("Sign up"))).to_be_hidden()
    assert page.url == f"{site.url}/study?subscribed=pending#updates-sent"
    if script:
        expect(message).to_be_focused()
    mail = running.mail(address)
    assert mail["subject"] == _("Please confirm your email address")
    assert "Engineered immune cells" in mail["text"]


def test_the_markup_of_the_wordpress_code(
    open_page: Open, site: ForeignSite, running: Dev, address: str
) -> None:
    """As WordPress 6.3 and later print it: the script with `async`, the shortcode's markup in the content."""
    page = open_page(GUIDE)
    code = example(page, "wordpress")
    source = re.search(r"'trial-alerts', '([^']+)'.*'strategy' => '(\w+)'", code)
    markup = re.search(r"return '(<trial-alerts-signup topics=\")' \. esc_attr\( .* \) \. '(.*)';", code)
    assert source
    assert markup
    head = (
        f'<script src="{source[1]}" id="trial-alerts-js" {source[2]} data-wp-strategy="{source[2]}"></script>'
    )
    page.goto(
        site.put("/study", f'<div class="entry-content">{markup[1]}{TRIAL}{markup[2]}</div>', head=head)
    )
    sign_up(page, address)
    assert "Engineered immune cells" in running.mail(address)["text"]


def test_the_react_component(open_page: Open, site: ForeignSite, running: Dev, address: str) -> None:
    try:
        libraries = [file_of(*given) for given in REACT]
    except OSError as problem:
        if on_ci():
            raise
        pytest.skip(f"React could not be fetched: {problem}")
    page = open_page(GUIDE)
    jsx = '<trial-alerts-signup ref={form} topics={topics.join(" ")} lang={lang} />'
    code = example(page, "react")
    assert jsx in code
    compiled = (
        code.replace(
            jsx, 'React.createElement("trial-alerts-signup", { ref: form, topics: topics.join(" "), lang })'
        )
        .replace('import { useEffect, useRef } from "react";', "const { useEffect, useRef } = React;")
        .replace("export function", "function")
    )
    app = f"""{compiled}
    window.heard = [];
    const root = ReactDOM.createRoot(document.getElementById("app"));
    window.show = (...topics) => root.render(
      React.createElement(TrialAlerts, {{ topics, onSubmitted: (detail) => heard.push(detail) }}));
    show("trial:NCT00000001");"""
    page.goto(site.put("/study", '<div id="app"></div>'))
    for content in (*libraries, app):
        page.add_script_tag(content=content)
    expect(page.get_by_role("checkbox", name="NCT00000001")).to_be_checked()
    page.get_by_label("Your email address").fill(address)
    page.evaluate(f"show('{TRIAL}')")
    expect(page.get_by_role("checkbox", name="Engineered immune cells")).to_be_checked()
    expect(page.get_by_label("Your email address")).to_have_value(address)
    sign_up(page, address)
    assert page.evaluate("heard") == [{"topics": [TRIAL], "frequency": "weekly"}]


def test_the_theme_and_the_events(open_page: Open, site: ForeignSite, running: Dev, address: str) -> None:
    page = open_page(GUIDE)
    head = f"<style>{example(page, 'theme')}</style><script>{example(page, 'events')}</script>"
    where = site.put("/study", example(page, "element"), head=head)
    logged: list[Any] = []
    page.on("console", lambda message: logged.append(message.text))
    page.goto(where)
    expect(page.get_by_role("button", name="Sign up")).to_have_css("background-color", "rgb(90, 30, 120)")
    expect(page.get_by_role("button", name="Sign up")).to_have_css("text-transform", "uppercase")
    sign_up(page, address)
    assert logged == [f"[{TRIAL}] weekly"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "code"), [(WIDE, "en"), (NARROW, "de"), (NARROW, "ar")])
def test_the_guide_can_be_used_by_everyone(open_page: Open, scheme: str, width: int, code: str) -> None:
    page = open_page(f"{GUIDE}&lang={code}", width=width, color_scheme=scheme)
    expect(page.get_by_role("button", name=language(code).gettext("Sign up"))).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
