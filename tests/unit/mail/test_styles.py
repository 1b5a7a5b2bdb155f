"""Mails carry their styles without the spaces that mean nothing."""

from service.mail.render.templates import without_spaces


def test_styles_keep_the_spaces_within_its_values() -> None:
    style = " style=\"margin: 0 0 16px;font-family: -apple-system, 'Segoe UI', serif; color: #22262a;\""
    assert without_spaces(style) == (
        " style=\"margin:0 0 16px;font-family:-apple-system,'Segoe UI',serif;color:#22262a\""
    )
