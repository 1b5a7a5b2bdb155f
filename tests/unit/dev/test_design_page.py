"""The design system on one page: every colour has a use, and the contrasts are the promised ones."""

from dataclasses import fields

import pytest

from service.dev.design_page import contrasts, swatches
from service.domain.design import Colours, Website


@pytest.mark.parametrize("colour", ["#1f5f8b", "#ffee00", "#000000", "#ffffff", "#7b3fa0"])
def test_every_colour_is_shown_and_every_text_is_readable_with_any_website_colour(colour: str) -> None:
    website = Website("Example Trials", colour=colour)
    assert [swatch.name for swatch in swatches(website)] == [
        f"--{field.name.replace('_', '-')}" for field in fields(Colours)
    ]
    assert min(min(pair.light, pair.dark) for pair in contrasts(website)) >= 4.5
