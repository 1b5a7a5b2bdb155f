"""The check of a mail's HTML against what mail programs support."""

import re

import pytest

from service.dev.client_support import check, features_of
from service.dev.mail_samples import SAMPLES, links_of
from service.languages import language, supported
from service.mail.compose import render
from service.mail.render.templates import templates_folder
from tests.unit.mail.cast import FRAME

#: Features that break a mail where they are not supported; the others have a readable fallback.
BREAKS = {
    "css-display-flex", "css-display-grid", "css-position", "css-float", "css-variables", "css-unit-calc",
    "css-background-image", "css-at-font-face", "css-at-import", "css-margin-inline-start", "css-inset",
    "html-form", "html-img", "html-link", "html-svg", "html-video", "html-object", "html-base",
}  # fmt: skip


def test_features_are_found_in_elements_attributes_styles_and_selectors() -> None:
    html = """<head><meta name="color-scheme" content="light dark"><style>
    /* position: sticky */ .a .b, .c:hover { border-radius: 2em !important; width: calc(1px + 2%) }
    @media (prefers-color-scheme: dark) { .a { color: #fff } }</style></head>
    <body dir="rtl"><h2 style="padding-left: 4px; display: flex">x</h2><!-- <svg> --></body>"""
    found = features_of(html)
    assert found >= {
        "html-meta-color-scheme", "html-style", "html-h1-h6", "html-dir", "css-padding", "css-display-flex",
        "css-border-radius", "css-important", "css-unit-em", "css-unit-px", "css-unit-calc", "css-at-media",
        "css-at-media-prefers-color-scheme", "css-selector-class", "css-selector-descendant",
        "css-selector-grouping", "css-pseudo-class-hover",
    }  # fmt: skip
    assert not found & {"html-svg", "css-position", "css-border"}


def test_gaps_leave_out_features_supported_everywhere_and_begin_with_the_worst() -> None:
    report = check('<p style="border-radius:4px;display:grid">x</p>')
    assert report.features >= 3
    assert 0 < report.supported < 100
    counts = [len(gap.without) for gap in report.gaps]
    assert counts[0] == max(counts)
    (grid,) = (gap for gap in report.gaps if "grid" in gap.title)
    assert any(client.startswith("Outlook (Windows, ") for client in grid.without)
    assert grid.url == "https://www.caniemail.com/features/css-display-grid/"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_no_mail_uses_a_feature_that_breaks_it_in_programs_without_it(sample) -> None:
    mail = sample.make(links_of("https://alerts.example.org"), language("en"))
    assert features_of(render(mail, frame=FRAME, language="en").html) & BREAKS == set()


def test_every_unsupported_feature_is_documented() -> None:
    readme = (templates_folder() / "README.md").read_text("utf-8")
    documented = set(re.findall(r"`((?:css|html)-[\w-]+)`", readme))
    lacking = set()
    for sample in SAMPLES:
        for code in ("en", "ar"):
            mail = sample.make(links_of("https://alerts.example.org"), language(code))
            gaps = check(render(mail, frame=FRAME, language=code).html).gaps
            lacking |= {gap.url.split("/")[-2] for gap in gaps if gap.without}
    assert lacking == documented


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_a_phone_makes_numbers_to_press_of_the_study_teams_numbers(sample) -> None:
    html = render(
        sample.make(links_of("https://alerts.example.org"), language("en")), frame=FRAME, language="en"
    ).html
    assert re.findall('name="format-detection" content="([^"]*)"', html) == ["date=no,address=no"]


@pytest.mark.parametrize("code", supported())
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.slug)
def test_every_sample_is_made_in_every_language(sample, code: str) -> None:
    words = render(
        sample.make(links_of("https://alerts.example.org"), language(code)), frame=FRAME, language=code
    )
    assert words.subject
    assert f'lang="{code}"' in words.html
    assert len(words.html.encode()) < 100_000
