"""Words of the sign-up that more than one form shows: the hosted one, the embedded one, the demo's."""

from collections.abc import Callable

from service.domain.wording.messages import lazy_gettext as _

#: Short advice beside the address field, for people who may share a screen, a mailbox or an illness.
SAFETY_HEADING = _("Our safety recommendation")
SAFETY = (
    _("Use an address that only you read, and that does not show your full name."),
    _("Don’t use your address at work or school: others may be able to read what arrives there."),
    _(
        "A subscription can reveal that you are interested in an illness. Our subject lines name no study "
        "and no condition, and we give your address to nobody."
    ),
    _("You can stop at any time: one click in any of our emails is enough."),
)


def agreement(gettext: Callable[[str], str]) -> str:
    """The statement beside the box that must be ticked, as HTML with placeholders for escaped values:
    `terms_url`, `privacy_url` and `version`."""
    return gettext(
        'I agree to the <a href="{terms_url}">terms</a> (version {version}) and have read the '
        '<a href="{privacy_url}">privacy notice</a>.'
    )


def form_words(gettext: Callable[[str], str]) -> dict[str, str]:
    """The words of the form that `embed.js` draws."""
    return {
        "title": gettext("Get updates by email"),
        "topics": gettext("What do you want to follow?"),
        "trial": gettext("study"),
        "condition": gettext("condition"),
        "part": gettext("condition, part of {parent}"),
        "below": gettext("A condition covers every study of it and of all its subtypes."),
        "more": gettext("Follow something else too"),
        "search": gettext("Search for a condition or a study"),
        "search_hint": gettext("For example: leukemia. Or the number of a study, such as NCT04787263."),
        "found": gettext("Found. Tick what you want to follow."),
        "nothing_found": gettext("Nothing found. Try a shorter or a different word."),
        "search_failed": gettext("The search did not work. Please try again in a moment."),
        "email": gettext("Your email address"),
        "frequency": gettext("How often?"),
        "quiet": gettext("If nothing changes, we don’t write."),
        "button": gettext("Sign up"),
        "next": gettext("Next, we will send you one email with a link to confirm."),
        "done": gettext(
            "Almost done: check your email for a link to confirm. Nothing is set up until you press it."
        ),
        "failed": gettext("This did not work. Please try again, or sign up on our own page:"),
        "new_window": gettext("opens in a new window"),
        "empty": gettext("Leave this empty"),
    }


def offline_words(gettext: Callable[[str], str]) -> dict[str, str]:
    """The text in the form's place when the service can't be reached, at all or from that page."""
    return {
        "away": gettext(
            "The form can’t be shown here at the moment. Please try again, or sign up on our own page:"
        ),
        "again": gettext("Try again"),
        "title": gettext("Get updates by email"),
        "new_window": gettext("opens in a new window"),
    }
