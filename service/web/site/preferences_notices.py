"""The messages of the preferences page about what was done."""

from collections.abc import Mapping
from typing import Any

from service.domain.wording.messages import lazy_gettext as _

#: Messages of the page after a form was submitted, by a word in its URL.
_NOTICES = {
    "saved": _("Your changes have been saved."),
    "unfollowed": _("You no longer follow this. We will send no more emails about it."),
    "gone": _("You no longer follow this, so nothing was changed."),
    "followed": _("You now follow this. We will tell you about what happens from now on."),
    "paused": _("Your emails are paused. What happens in the meantime comes in one email after the pause."),
    "resumed": _("Your emails start again. What happened in the meantime comes with the next one."),
    "address": _(
        "If the new address can get email from us, a message with a link is on its way to it. "
        "Until you press that link, everything stays as it is."
    ),
}

#: Those that promise emails.
_PROMISES = {"followed", "paused", "resumed"}


def notice_of(word: str, page: Mapping[str, Any]) -> str:
    """The message by a word in the URL, "" for none; where no emails come, one that promises none.

    `page`: the values that the page is made from.
    """
    none_come = page["stopped"] or page["paused_since"] or not page["topics"]
    is_untrue = none_come or (word == "resumed" and page["paused_until"])
    return _NOTICES.get("saved" if word in _PROMISES and is_untrue else word, "")
