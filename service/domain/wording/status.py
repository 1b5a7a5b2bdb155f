"""A study's status in words: as the registry's statement, not as a fact."""

from service.domain.trials.change import Change
from service.domain.trials.comparison.plain_values import ENDED, STOPPED
from service.domain.trials.text import clean
from service.domain.wording.language import Language


def status_text(change: Change, language: Language) -> str:
    """The sentence for a changed status, or a changed reason for stopping."""
    old, new = change.before["status"], change.after["status"]
    why = clean(change.after.get("why_stopped") or "")
    if old == new:
        return language.gettext("The team now gives this reason, in its words: “{why}”").format(why=why)
    text = _status_sentence(old, new, language)
    if why and new in STOPPED:
        text += " " + language.gettext("The team's reason, in its words: “{why}”").format(why=why)
    return text


def status_now(status: str, language: Language) -> str:
    """A sentence with the registry's present status of a study: whether it takes participants."""
    sentences = {
        "RECRUITING": language.gettext("The registry says it is taking participants."),
        "NOT_YET_RECRUITING": language.gettext("The registry says it is not taking participants yet."),
        "ENROLLING_BY_INVITATION": language.gettext(
            "The registry says only people whom the team invites can join."
        ),
        "ACTIVE_NOT_RECRUITING": language.gettext(
            "The registry says it continues, but is not taking new participants."
        ),
        "SUSPENDED": language.gettext("The registry says it is paused and is not taking participants."),
        "TERMINATED": language.gettext("The registry says it was stopped early. Nobody can join any more."),
        "WITHDRAWN": language.gettext("The registry says it was cancelled before anyone joined."),
        "COMPLETED": language.gettext("The registry says it has finished. Nobody can join any more."),
        "UNKNOWN": language.gettext(
            "The registry says it is unknown whether it is taking participants: nobody has confirmed the "
            "record for two years. Ask before relying on it."
        ),
        "AVAILABLE": language.gettext("The registry says the treatment is available outside a study."),
        "NO_LONGER_AVAILABLE": language.gettext(
            "The registry says the treatment is no longer available outside a study."
        ),
        "TEMPORARILY_NOT_AVAILABLE": language.gettext(
            "The registry says the treatment is not available outside a study for the time being."
        ),
        "APPROVED_FOR_MARKETING": language.gettext(
            "The registry says the treatment has been approved for sale."
        ),
        "WITHHELD": language.gettext("The registry says the details of this study are being withheld."),
    }
    unknown = language.gettext("The registry says its status is “{status}”.")
    return sentences.get(status) or unknown.format(status=status.replace("_", " ").lower())


def opening_text(old: str, new: str, language: Language) -> str:
    """A study that starts or resumes taking participants, for people who did not follow it before."""
    return _plain(new, language) if old in ENDED else _status_sentence(old, new, language)


def site_status(status: str, language: Language) -> str:
    """A site's own status in a few words, placed after the site's name; "" for an unknown one."""
    words = {
        "RECRUITING": language.gettext("taking participants"),
        "AVAILABLE": language.gettext("treatment available"),
        "NOT_YET_RECRUITING": language.gettext("not taking participants yet"),
        "ENROLLING_BY_INVITATION": language.gettext("by invitation only"),
        "ACTIVE_NOT_RECRUITING": language.gettext("not taking new participants"),
        "SUSPENDED": language.gettext("paused"),
        "COMPLETED": language.gettext("finished"),
        "TERMINATED": language.gettext("stopped"),
        "WITHDRAWN": language.gettext("withdrawn"),
    }
    return words.get(status, "")


def _status_sentence(old: str, new: str, language: Language) -> str:
    if old in ENDED:
        reversed_texts = _reversed(language)
        if new in reversed_texts:
            return reversed_texts[new]
        return language.gettext("An earlier notice was reversed.") + " " + _plain(new, language)
    if new == "RECRUITING" and old in ("ACTIVE_NOT_RECRUITING", "SUSPENDED"):
        return language.gettext("The registry now says this study has started taking participants again.")
    return _plain(new, language)


def _reversed(language: Language) -> dict[str, str]:
    return {
        "RECRUITING": language.gettext(
            "An earlier notice was reversed: the registry now says this study is looking for participants."
        ),
        "ACTIVE_NOT_RECRUITING": language.gettext(
            "An earlier notice was reversed: the registry now says this study continues, but is not taking "
            "new participants."
        ),
    }


def _plain(status: str, language: Language) -> str:
    sentences = {
        "RECRUITING": language.gettext("The registry now says this study is looking for participants."),
        "NOT_YET_RECRUITING": language.gettext(
            "The registry now says this study is not taking participants yet."
        ),
        "ACTIVE_NOT_RECRUITING": language.gettext(
            "The registry now says this study continues, but is not taking new participants."
        ),
        "ENROLLING_BY_INVITATION": language.gettext(
            "The registry now says this study takes participants by invitation. Only people whom the team "
            "invites can join."
        ),
        "SUSPENDED": language.gettext("The registry now says this study is paused."),
        "TERMINATED": language.gettext("The registry now says this study was stopped early."),
        "WITHDRAWN": language.gettext("The registry now says this study was cancelled before anyone joined."),
        "COMPLETED": language.gettext(
            "The registry now says this study has finished. This does not say whether it worked."
        ),
        "UNKNOWN": language.gettext(
            "Nobody has confirmed this study's record for two years. Ask before relying on it."
        ),
        "WITHHELD": language.gettext("The registry now says the details of this study are being withheld."),
        "AVAILABLE": language.gettext(
            "The registry now says this treatment is available to patients outside a study."
        ),
        "NO_LONGER_AVAILABLE": language.gettext(
            "The registry now says this treatment is no longer available outside a study."
        ),
        "TEMPORARILY_NOT_AVAILABLE": language.gettext(
            "The registry now says this treatment is not available outside a study for the time being."
        ),
        "APPROVED_FOR_MARKETING": language.gettext(
            "The registry now says this treatment has been approved for sale."
        ),
    }
    unknown = language.gettext("The registry now gives this study the status “{status}”.")
    return sentences.get(status) or unknown.format(status=status.replace("_", " ").lower())
