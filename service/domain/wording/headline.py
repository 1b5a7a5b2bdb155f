"""A study at a glance: its most important changes, and its status as a line, before and after."""

from collections.abc import Iterable
from enum import StrEnum

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.plain_values import STOPPED
from service.domain.trials.news.announcements import OPEN_TO_PARTICIPANTS
from service.domain.wording.language import Language
from service.domain.wording.relevant import ELIGIBILITY


class Tone(StrEnum):
    """How a headline is coloured; its words alone say the same."""

    STOPPED = "stopped"  # the study ended early or is suspended
    OPEN = "open"  # it takes participants
    NEW = "new"  # it is new to the reader
    PLAIN = "plain"  # any other change


#: The kinds that a headline sums up in the same words.
_WHAT = frozenset({Kind.ARMS, Kind.INTERVENTIONS, Kind.STUDY_TYPE, Kind.PHASES, Kind.DESIGN})
_WHEN = frozenset({Kind.START_DATE, Kind.PRIMARY_COMPLETION_DATE, Kind.COMPLETION_DATE})


def importance(change: Change) -> int:
    """The rank of a change among those of its level; the smallest is reported first.

    A study that stopped, one that is gone, one that opened, results, every other status; then the other
    changes of a followed study, in the order of the kinds; then studies that are announced.
    """
    match change.kind:
        case Kind.STATUS if change.after["status"] in STOPPED:
            return 0
        case Kind.REMOVED | Kind.MERGED:
            return 1
        case Kind.STATUS if change.after["status"] in OPEN_TO_PARTICIPANTS:
            return 2
        case Kind.NOW_RECRUITING:
            return 2
        case Kind.RESULTS | Kind.PLAIN_RESULTS:
            return 3
        case Kind.STATUS:
            return 4
        case Kind.NEW_FOR_CONDITION | Kind.NOW_MATCHES:
            return 99
        case kind:
            return 10 + _ORDER[kind]


_ORDER = {kind: position for position, kind in enumerate(Kind)}


def headlines(
    changes: Iterable[Change], language: Language, past: bool = False
) -> tuple[tuple[str, ...], Tone]:
    """The most important changes, in a few words each ("Stopped early"), and the tone of the first.

    Two at most; the second only when it is worth a mail by itself. `past`: nobody can join any more.
    """
    ordered = sorted(changes, key=lambda change: (-change.level, importance(change)))
    shown = [change for change in ordered if change is ordered[0] or change.level > Level.LOW]
    return tuple(dict.fromkeys(_words(change, language, past) for change in shown))[:2], _tone(ordered[0])


def status_line(changes: Iterable[Change], status: str, language: Language) -> str:
    """The study's status in the registry; where it changed: before → after."""
    now = status_label(status, language)
    for change in changes:
        if change.kind in (Kind.STATUS, Kind.NOW_RECRUITING) and change.before["status"] != status:
            before = status_label(change.before["status"], language)
            return language.gettext("Status in the registry: {before} → {now}").format(before=before, now=now)
    return language.gettext("Status in the registry: {now}").format(now=now)


def status_label(status: str, language: Language) -> str:
    """A study's status in a few words, as a label; an unknown one as the registry writes it."""
    labels = {
        "RECRUITING": language.gettext("Taking participants"),
        "NOT_YET_RECRUITING": language.gettext("Not taking participants yet"),
        "ENROLLING_BY_INVITATION": language.gettext("Only for people whom the team invites"),
        "ACTIVE_NOT_RECRUITING": language.gettext("Continues without new participants"),
        "SUSPENDED": language.gettext("Paused"),
        "TERMINATED": language.gettext("Stopped early"),
        "WITHDRAWN": language.gettext("Cancelled before anyone joined"),
        "COMPLETED": language.gettext("Finished"),
        "UNKNOWN": language.gettext("Unknown (not confirmed for two years)"),
        "AVAILABLE": language.gettext("Treatment available outside a study"),
        "NO_LONGER_AVAILABLE": language.gettext("Treatment no longer available outside a study"),
        "TEMPORARILY_NOT_AVAILABLE": language.gettext(
            "Treatment not available outside a study for the time being"
        ),
        "APPROVED_FOR_MARKETING": language.gettext("Treatment approved for sale"),
        "WITHHELD": language.gettext("Details withheld"),
    }
    return labels.get(status) or status.replace("_", " ").capitalize()


def _tone(change: Change) -> Tone:
    if change.kind is Kind.REMOVED:
        return Tone.STOPPED
    if change.kind in (Kind.STATUS, Kind.NOW_RECRUITING):
        status = change.after["status"]
        return (
            Tone.STOPPED if status in STOPPED else Tone.OPEN if status in OPEN_TO_PARTICIPANTS else Tone.PLAIN
        )
    return Tone.NEW if change.kind in (Kind.NEW_FOR_CONDITION, Kind.NOW_MATCHES) else Tone.PLAIN


def _words(change: Change, language: Language, past: bool) -> str:
    kind, gettext = change.kind, language.gettext
    if kind in (Kind.STATUS, Kind.NOW_RECRUITING):
        return status_label(change.after["status"], language)
    if kind is Kind.NEW_FOR_CONDITION:
        return gettext("New study") if change.after["recent"] else gettext("Newly listed study")
    if kind is Kind.RESULTS:
        return gettext("Results posted") if change.after else gettext("Results no longer shown")
    if kind in ELIGIBILITY:
        return gettext("Who could join changed") if past else gettext("Who can join changed")
    if kind in _WHAT:
        return gettext("How the study works changed")
    if kind in _WHEN:
        return gettext("Dates changed")
    words = {
        Kind.REMOVED: gettext("Removed from the website"),
        Kind.MERGED: gettext("Now listed under another number"),
        Kind.NOW_MATCHES: gettext("Now fits what you chose"),
        Kind.PLAIN_RESULTS: gettext("Results in plain language"),
        Kind.EXPANDED_ACCESS: gettext("Access outside the study changed"),
        Kind.SITES: gettext("Places changed"),
        Kind.ENROLLMENT: gettext("Number of participants changed"),
        Kind.CONTACTS: gettext("Contact details changed"),
        Kind.TITLE: gettext("Renamed"),
    }
    return words.get(kind) or gettext("Details changed")
