"""Sentences for each kind of change: calm, exact, never advice; translated to the reader's language.

The longer ones are in `status`, `sites`, `dates`, `design` and `eligibility`.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from service.domain.trials.change import Change, Kind, Level
from service.domain.trials.comparison.age_limits import diff_ages
from service.domain.trials.comparison.collections import outcome_key
from service.domain.trials.conditions.names import shown_names
from service.domain.trials.text import clean
from service.domain.trials.trial_ids import shown_number
from service.domain.wording.contacts import contact_line
from service.domain.wording.dates import both_ends_text, date_text
from service.domain.wording.design import (
    access_text,
    arms_sentences,
    design_text,
    phases_text,
    plain_results_text,
    study_type_text,
)
from service.domain.wording.eligibility import (
    age_range,
    ages_text,
    criteria_text,
    past_text,
    sex_text,
    volunteers_text,
)
from service.domain.wording.language import Language, Text
from service.domain.wording.relevant import ELIGIBILITY, is_closed, is_past, relevant
from service.domain.wording.sites import site_sentences
from service.domain.wording.status import opening_text, status_now, status_text
from service.domain.wording.text_diff import text_diff


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the reader's language; `details` are further lines, such as texts that differ."""

    text: str
    level: Level
    details: tuple[str, ...] = ()


def trial_sentences(changes: Sequence[Change], status: str, language: Language) -> tuple[Sentence, ...]:
    """The sentences of a trial's `relevant` changes together, in their order, without repetition.

    Eligibility of a closed study is in the past tense; its changed rules are shown only if it may open again,
    long after its closure. Two dates that moved alike share a sentence.
    """
    reported = relevant(changes, status)
    past = is_past(changes, status)
    ends = [change for change in reported if change.kind in _ENDS]
    alike = len(ends) == 2 and (ends[0].before, ends[0].after) == (ends[1].before, ends[1].after)
    result: list[Sentence] = []
    for change in reported:
        if alike and change is ends[1]:
            continue
        if alike and change is ends[0]:
            result.append(Sentence(both_ends_text(change, language), change.level))
        elif change.kind in ELIGIBILITY and past:
            text, rules = past_text(change, language)
            result.append(Sentence(text, change.level, () if is_closed(changes, status) else tuple(rules)))
        else:
            result.extend(sentences(change, language))
    return _once(result)


def _once(found: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Each sentence once, with its details and its highest level."""
    shown: dict[str, Sentence] = {}
    for sentence in found:
        one = shown.get(sentence.text, sentence)
        shown[one.text] = Sentence(one.text, max(one.level, sentence.level), one.details or sentence.details)
    return tuple(shown.values())


_ENDS = (Kind.PRIMARY_COMPLETION_DATE, Kind.COMPLETION_DATE)


def sentences(change: Change, language: Language) -> tuple[Sentence, ...]:
    """The sentences of a single change; empty if it has none."""
    return tuple(
        Sentence(text, change.level, details)
        for text, details in _WORDS[change.kind](change, language)
        if text
    )


def _one(text: str, details: Sequence[str] = ()) -> Sequence[Text]:
    return [(text, tuple(details))]


def _text(words: Callable[[Change, Language], str]) -> Callable[[Change, Language], Sequence[Text]]:
    return lambda change, language: _one(words(change, language))


def _criteria(change: Change, language: Language) -> Sequence[Text]:
    return _one(*criteria_text(change, language))


def _removed(change: Change, language: Language) -> Sequence[Text]:
    text = language.gettext("This study was removed from the website. There will be no more news about it.")
    if explanation := clean(change.after.get("explanation") or ""):
        text += " " + language.gettext("The explanation given: “{explanation}”").format(
            explanation=explanation
        )
    return _one(text)


def _merged(change: Change, language: Language) -> Sequence[Text]:
    number, title = shown_number(change.after["into"]), change.after.get("title")
    if title:
        text = language.gettext(
            "This study is now listed as “{title}” ({number}). You follow that one from now on."
        )
        return _one(text.format(title=title, number=number))
    text = language.gettext("This study is now listed as {number}. You follow that one from now on.")
    return _one(text.format(number=number))


def _new(change: Change, language: Language) -> Sequence[Text]:
    facets = change.after
    taking = status_now(facets["status"], language)
    if facets.get("recent"):
        return _one(language.gettext("This study is new in the registry. {taking}").format(taking=taking))
    if facets.get("first_posted"):
        text = language.gettext("This study is newly listed here; it was registered in {year}. {taking}")
        return _one(text.format(year=facets["first_posted"][:4], taking=taking))
    return _one(language.gettext("This study is newly listed here. {taking}").format(taking=taking))


def _now_matches(change: Change, language: Language) -> Sequence[Text]:
    result = []
    gained = [code for code in change.after["countries"] if code not in change.before["countries"]]
    if gained:
        text = language.ngettext(
            "This study now has a site in another country: {countries}.",
            "This study now has sites in other countries: {countries}.",
            len(gained),
        )
        result.append(text.format(countries=language.list([language.country(code) for code in gained])))
    ages = [{"minimum": f["minimum_age"], "maximum": f["maximum_age"]} for f in (change.before, change.after)]
    if (other := diff_ages(*ages)) is not None:
        result.append(
            language.gettext("It now admits: {ages}.").format(ages=age_range(other.after, language))
        )
    result.append(status_now(change.after["status"], language))
    return _one(" ".join(result))


def _now_recruiting(change: Change, language: Language) -> Sequence[Text]:
    return _one(opening_text(change.before["status"], change.after["status"], language))


def _results(change: Change, language: Language) -> Sequence[Text]:
    if change.after:
        return _one(language.gettext("Results are now posted."))
    return _one(language.gettext("The registry no longer shows results of this study."))


def _interventions(change: Change, language: Language) -> Sequence[Text]:
    text = language.gettext("What is being tested changed.")
    return _one(text, text_diff(change.before, change.after, language))


def _enrollment(change: Change, language: Language) -> Sequence[Text]:
    before, after = change.before["count"], change.after["count"]
    if change.after.get("type") == "ACTUAL":
        if after == 0:
            text = language.gettext("Nobody took part in the study.")
        else:
            text = language.ngettext("{after} person took part.", "{after} people took part.", after)
        if before != after:
            if change.before.get("type") == "ESTIMATED":
                text += " " + language.ngettext("{before} was planned.", "{before} were planned.", before)
            else:
                text += " " + language.gettext("The registry said {before} before.")
    elif change.after.get("type") == "ESTIMATED" and change.before.get("type") == "ACTUAL":
        text = language.ngettext(
            "{after} participant is planned now.", "{after} participants are planned now.", after
        )
        text += " " + language.gettext("The registry gave {before} as the final number before.")
    elif change.after.get("type") == "ESTIMATED":
        text = language.gettext("Planned participants: {before} → {after}.")
    else:
        text = language.gettext("Participants: {before} → {after}.")
    return _one(text.format(before=language.number(before), after=language.number(after)))


def _primary_outcomes(change: Change, language: Language) -> Sequence[Text]:
    before, after = (
        [_outcome(outcome) for outcome in outcomes] for outcomes in (change.before, change.after)
    )
    text = language.gettext("What the study measures changed.")
    if Counter(map(_measure, change.before)) == Counter(map(_measure, change.after)):
        text = language.gettext("The time of the study's main measurements changed.")
    return _one(text, text_diff(before, after, language))


def _measure(outcome: dict[str, str]) -> Hashable:
    return outcome_key(outcome)[0]


def _outcome(outcome: dict[str, str]) -> str:
    measure, time_frame = outcome.get("measure", ""), outcome.get("time_frame")
    return f"{measure} ({time_frame})" if time_frame else measure


def _conditions(change: Change, language: Language) -> Sequence[Text]:
    gone, new = (
        [language.quote(name) for name in shown_names(conditions)]
        for conditions in (change.before, change.after)
    )
    result = []
    if new:
        text = language.ngettext(
            "This study now also lists the condition {conditions}.",
            "This study now also lists the conditions {conditions}.",
            len(new),
        )
        result.append(text.format(conditions=language.list(new)))
    if gone:
        text = language.ngettext(
            "This study no longer lists the condition {conditions}.",
            "This study no longer lists the conditions {conditions}.",
            len(gone),
        )
        result.append(text.format(conditions=language.list(gone)))
    return _one(" ".join(result))


def _contacts(change: Change, language: Language) -> Sequence[Text]:
    """The new contacts; those that are gone only where no other ones came."""
    text = language.gettext("The contact details changed.")
    gone, new = (
        [contact_line(contact, language) for contact in contacts]
        for contacts in (change.before, change.after)
    )
    return _one(text, text_diff([] if new else gone, new, language))


def _title(change: Change, language: Language) -> Sequence[Text]:
    return _one(language.gettext("Renamed. The title was “{before}”.").format(before=change.before))


def _sponsor(change: Change, language: Language) -> Sequence[Text]:
    text = language.gettext("Who is in charge of the study changed: {before} → {after}.")
    return _one(text.format(before=change.before, after=change.after.removesuffix(".")))  # "Example, Inc."


_WORDS: dict[Kind, Callable[[Change, Language], Sequence[Text]]] = {
    Kind.REMOVED: _removed,
    Kind.MERGED: _merged,
    Kind.NEW_FOR_CONDITION: _new,
    Kind.NOW_RECRUITING: _now_recruiting,
    Kind.NOW_MATCHES: _now_matches,
    Kind.STATUS: _text(status_text),
    Kind.RESULTS: _results,
    Kind.AGES: _text(ages_text),
    Kind.SEX: _text(sex_text),
    Kind.PLAIN_RESULTS: _text(plain_results_text),
    Kind.EXPANDED_ACCESS: _text(access_text),
    Kind.ARMS: arms_sentences,
    Kind.STUDY_TYPE: _text(study_type_text),
    Kind.DESIGN: _text(design_text),
    Kind.SITES: site_sentences,
    Kind.CRITERIA: _criteria,
    Kind.HEALTHY_VOLUNTEERS: _text(volunteers_text),
    Kind.INTERVENTIONS: _interventions,
    Kind.PHASES: _text(phases_text),
    Kind.START_DATE: _text(date_text),
    Kind.PRIMARY_COMPLETION_DATE: _text(date_text),
    Kind.COMPLETION_DATE: _text(date_text),
    Kind.ENROLLMENT: _enrollment,
    Kind.PRIMARY_OUTCOMES: _primary_outcomes,
    Kind.CONDITIONS: _conditions,
    Kind.CONTACTS: _contacts,
    Kind.TITLE: _title,
    Kind.SPONSOR: _sponsor,
}
