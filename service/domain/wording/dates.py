"""Sentences for changed dates: the start, the primary completion, the completion."""

from dataclasses import replace

from service.domain.trials.change import Change, Kind
from service.domain.wording.language import Language


def date_text(change: Change, language: Language) -> str:
    """The sentence of a date that moved, was corrected, or became actual."""
    before, after = change.before, change.after
    if after.get("type") == "ACTUAL" and before.get("type") != "ACTUAL":
        text = _happened(change.kind, has_day=len(after["date"]) == 10, language=language)
        if not (after["date"].startswith(before["date"]) or before["date"].startswith(after["date"])):
            text += " " + language.gettext("The date given before was {before}.")
    elif after.get("type") == "ESTIMATED" and before.get("type") == "ACTUAL":
        text = _open_again(change.kind, language)
    elif after.get("type") == before.get("type") == "ACTUAL":
        text = _corrected(change.kind, language)
    elif after.get("type") != "ESTIMATED":
        text = _changed(change.kind, language)
    else:
        text = _moved(change.kind, language)
    return text.format(before=language.date(before["date"]), after=language.date(after["date"]))


def both_ends_text(change: Change, language: Language) -> str:
    """The sentence for primary completion and completion that moved alike."""
    text = date_text(replace(change, kind=Kind.COMPLETION_DATE), language)
    return text + " " + language.gettext("The same holds for the end of its main measurements.")


def _happened(kind: Kind, has_day: bool, language: Language) -> str:
    if kind is Kind.START_DATE:
        if has_day:
            return language.gettext("The registry now says the study started on {after}.")
        return language.gettext("The registry now says the study started in {after}.")
    if kind is Kind.PRIMARY_COMPLETION_DATE:
        if has_day:
            return language.gettext("The registry now says the study's main measurements ended on {after}.")
        return language.gettext("The registry now says the study's main measurements ended in {after}.")
    if has_day:
        return language.gettext("The registry now says the study ended on {after}.")
    return language.gettext("The registry now says the study ended in {after}.")


def _open_again(kind: Kind, language: Language) -> str:
    if kind is Kind.START_DATE:
        return language.gettext("The start of the study, given as past before, is now expected: {after}.")
    if kind is Kind.PRIMARY_COMPLETION_DATE:
        return language.gettext(
            "The end of the study's main measurements, given as past before, is now expected: {after}."
        )
    return language.gettext("The end of the study, given as past before, is now expected: {after}.")


def _corrected(kind: Kind, language: Language) -> str:
    if kind is Kind.START_DATE:
        return language.gettext("The date on which the study started was corrected from {before} to {after}.")
    if kind is Kind.PRIMARY_COMPLETION_DATE:
        return language.gettext(
            "The date on which the study's main measurements ended was corrected from {before} to {after}."
        )
    return language.gettext("The date on which the study ended was corrected from {before} to {after}.")


def _changed(kind: Kind, language: Language) -> str:
    """For dates that the registry marks neither as estimated nor as actual."""
    if kind is Kind.START_DATE:
        return language.gettext("The start of the study changed from {before} to {after}.")
    if kind is Kind.PRIMARY_COMPLETION_DATE:
        return language.gettext("The end of the study's main measurements changed from {before} to {after}.")
    return language.gettext("The end of the study changed from {before} to {after}.")


def _moved(kind: Kind, language: Language) -> str:
    if kind is Kind.START_DATE:
        return language.gettext("The start of the study moved from {before} to {after}.")
    if kind is Kind.PRIMARY_COMPLETION_DATE:
        return language.gettext(
            "The planned end of the study's main measurements moved from {before} to {after}."
        )
    return language.gettext("The planned end of the study moved from {before} to {after}.")
