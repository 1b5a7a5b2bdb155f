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

#: The statement beside the box that must be ticked; links as HTML.
AGREEMENT = _(
    'I agree to the <a href="%(terms_url)s">terms</a> (version %(version)s) and have read the '
    '<a href="%(privacy_url)s">privacy notice</a>.'
)


def form_words(_: Callable[[str], str]) -> dict[str, str]:
    """The words of the form that `embed.js` draws, in the language that `_` translates into."""
    return {
        "title": _("Get updates by email"),
        "topics": _("What do you want to follow?"),
        "trial": _("study"),
        "condition": _("condition, with everything below it"),
        "more": _("Follow something else"),
        "search": _("Search for a condition or a study"),
        "search_hint": _("For example: leukemia. Or the number of a study, such as NCT04787263."),
        "found": _("Found. Tick what you want to follow."),
        "nothing_found": _("Nothing was found. Try a shorter or another word."),
        "search_failed": _("The search did not work. Please try again in a moment."),
        "email": _("Your email address"),
        "frequency": _("How often?"),
        "quiet": _("If nothing changed, we don’t write."),
        "button": _("Sign up"),
        "next": _("Next, we send you one email with a link to confirm."),
        "sending": _("One moment, please."),
        "done": _(
            "Almost done: look into your mailbox. There is a link to confirm. Nothing is set up until you "
            "press it."
        ),
        "failed": _("This did not work. Please try again, or sign up on our own page:"),
        "new_window": _("opens in a new window"),
        "empty": _("Leave this empty"),
    }


def offline_words(_: Callable[[str], str]) -> dict[str, str]:
    """What stands in the form's place while the service can't be reached."""
    return {
        "away": _("Signing up for updates by email is not possible at this moment. Please try again later."),
        "again": _("Try again"),
    }
