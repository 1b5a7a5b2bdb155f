"""Each kind of change in plain words: calm, exact, never advice; every string through the reader's language.

The longer ones live beside: `status_words` and `site_words`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from service.domain.ages import read_age
from service.domain.changes import Change, Kind, Level
from service.domain.conditions import display_name
from service.domain.countries import NAMES
from service.domain.date_words import date_text
from service.domain.language import Language
from service.domain.site_words import site_sentences
from service.domain.status_words import status_text, taking_participants
from service.domain.text import clean, fold

MOST_LINES = 24
MOST_LETTERS = 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing told, in the reader's language; `details` are further lines, such as texts that differ."""

    text: str
    level: Level
    details: tuple[str, ...] = ()


def sentences(change: Change, language: Language) -> tuple[Sentence, ...]:
    """What is said of a change; nothing when there are no words for it."""
    return tuple(
        Sentence(text, change.level, details)
        for text, details in _WORDS[change.kind](change, language)
        if text
    )


Said = Sequence[tuple[str, tuple[str, ...]]]


def _one(text: str, details: Sequence[str] = ()) -> Said:
    return [(text, tuple(details))]


def phase(phases: Sequence[str] | None, language: Language) -> str | None:
    """A study's phase in words: "Phase 1 and Phase 2"; None when there is none."""
    names = {
        "EARLY_PHASE1": language.gettext("Early phase 1"),
        "PHASE1": language.gettext("Phase 1"),
        "PHASE2": language.gettext("Phase 2"),
        "PHASE3": language.gettext("Phase 3"),
        "PHASE4": language.gettext("Phase 4"),
    }
    shown = [names.get(name, clean(name)) for name in sorted(phases or ()) if name not in ("NA", "N/A")]
    return language.list(shown) or None


def _status(change: Change, language: Language) -> Said:
    return _one(status_text(change, language))


def _sites(change: Change, language: Language) -> Said:
    return site_sentences(change, language)


def _removed(change: Change, language: Language) -> Said:
    text = language.gettext("This study was removed from the website. You will hear no more of it.")
    if explanation := clean(change.after.get("explanation") or ""):
        text += " " + language.gettext("The explanation given: “{explanation}”").format(
            explanation=explanation
        )
    return _one(text)


def _merged(change: Change, language: Language) -> Said:
    text = language.gettext("This study is now listed as {nct_id}. You follow that one from now on.")
    return _one(text.format(nct_id=change.after["into"]))


def _new(change: Change, language: Language) -> Said:
    facets = change.after
    taking = taking_participants(facets["status"], language)
    if facets.get("recent"):
        return _one(language.gettext("This study is new in the registry. {taking}").format(taking=taking))
    if facets.get("first_posted"):
        text = language.gettext("This study is newly listed here; it was registered in {year}. {taking}")
        return _one(text.format(year=facets["first_posted"][:4], taking=taking))
    return _one(language.gettext("This study is newly listed here. {taking}").format(taking=taking))


def _now_matches(change: Change, language: Language) -> Said:
    said = []
    gained = [code for code in change.after["countries"] if code not in change.before["countries"]]
    if gained:
        text = language.gettext("This study now has a site in {countries}.")
        said.append(text.format(countries=language.list([NAMES.get(code, code) for code in gained])))
    ages = [{"minimum": f["minimum_age"], "maximum": f["maximum_age"]} for f in (change.before, change.after)]
    if ages[0] != ages[1]:
        said.append(language.gettext("It now admits: {ages}.").format(ages=_age_range(ages[1], language)))
    said.append(taking_participants(change.after["status"], language))
    return _one(" ".join(said))


def _results(change: Change, language: Language) -> Said:
    if change.after:
        return _one(language.gettext("Results are now posted."))
    return _one(language.gettext("The registry no longer shows results of this study."))


def _ages(change: Change, language: Language) -> Said:
    before, after = _age_range(change.before, language), _age_range(change.after, language)
    return _one(language.gettext("Ages who can join: {before} → {after}.").format(before=before, after=after))


def _age_range(ages: dict[str, str | None], language: Language) -> str:
    lowest, highest = ages["minimum"], ages["maximum"]
    low, high = read_age(lowest), read_age(highest)
    if low and high:
        if low[1] == high[1]:
            return f"{low[0]:g}–{_age(highest, language)}"
        return f"{_age(lowest, language)} – {_age(highest, language)}"
    if low:
        return language.gettext("{age} and older").format(age=_age(lowest, language))
    if high:
        return language.gettext("up to {age}").format(age=_age(highest, language))
    return language.gettext("any age")


def _age(text: str | None, language: Language) -> str:
    count, unit = read_age(text) or (0.0, "year")
    forms = {
        "year": ("{count} year", "{count} years"),
        "month": ("{count} month", "{count} months"),
        "week": ("{count} week", "{count} weeks"),
        "day": ("{count} day", "{count} days"),
        "hour": ("{count} hour", "{count} hours"),
        "minute": ("{count} minute", "{count} minutes"),
    }
    shown = language.number(int(count) if count == int(count) else count)
    return language.ngettext(*forms[unit], int(count)).format(count=shown)


def _sex(change: Change, language: Language) -> Said:
    names = {
        "ALL": language.gettext("people of any sex"),
        "FEMALE": language.gettext("female participants only"),
        "MALE": language.gettext("male participants only"),
    }
    before, after = (names.get(sex, clean(sex)) for sex in (change.before, change.after))
    return _one(language.gettext("Who can join: {before} → {after}.").format(before=before, after=after))


def _criteria(change: Change, language: Language) -> Said:
    text = language.gettext(
        "The rules about who can join changed. Ask the study team what this means for you."
    )
    heads = {
        "": "",
        "inclusion": language.gettext("Inclusion criteria (who can join):"),
        "exclusion": language.gettext("Exclusion criteria (who cannot join):"),
    }
    shown: list[str] = []
    for section, head in heads.items():
        gone, new = (
            [line for part, line in criteria if part == section] for criteria in (change.before, change.after)
        )
        if gone or new:
            shown += [head] if head else []
            shown += _paired(gone, new)
    return _one(text, _at_most(MOST_LINES, shown, language))


def _healthy_volunteers(change: Change, language: Language) -> Said:
    if change.after:
        return _one(language.gettext("Healthy volunteers can now join."))
    return _one(language.gettext("Healthy volunteers can no longer join."))


def _interventions(change: Change, language: Language) -> Said:
    text = language.gettext("What is being tested changed.")
    return _one(text, _difference(change.before, change.after, language))


def _phases(change: Change, language: Language) -> Said:
    none = language.gettext("not given")
    before, after = (phase(phases, language) or none for phases in (change.before, change.after))
    return _one(
        language.gettext("The phase of the study: {before} → {after}.").format(before=before, after=after)
    )


def _dates(change: Change, language: Language) -> Said:
    return _one(date_text(change, language))


def _enrollment(change: Change, language: Language) -> Said:
    before, after = change.before["count"], change.after["count"]
    if change.after.get("type") == "ACTUAL":
        if after == 0:
            text = language.gettext("Nobody took part in the study.")
        else:
            text = language.ngettext("{after} person took part.", "{after} people took part.", after)
        if before != after:
            if change.before.get("type") == "ACTUAL":
                text += " " + language.gettext("The registry said {before} before.")
            else:
                text += " " + language.ngettext("{before} was planned.", "{before} were planned.", before)
    elif change.after.get("type") == "ESTIMATED":
        text = language.gettext("Planned participants: {before} → {after}.")
    else:
        text = language.gettext("Participants: {before} → {after}.")
    return _one(text.format(before=language.number(before), after=language.number(after)))


def _primary_outcomes(change: Change, language: Language) -> Said:
    before, after = (
        [_outcome(outcome) for outcome in outcomes] for outcomes in (change.before, change.after)
    )
    return _one(language.gettext("What the study measures changed."), _difference(before, after, language))


def _outcome(outcome: dict[str, str]) -> str:
    measure, time_frame = outcome.get("measure", ""), outcome.get("time_frame")
    return f"{measure} ({time_frame})" if time_frame else measure


def _conditions(change: Change, language: Language) -> Said:
    gone, new = (
        [f"“{display_name(c['name'])}”" for c in conditions] for conditions in (change.before, change.after)
    )
    said = []
    if new:
        text = language.gettext("This study now also lists {conditions}.")
        said.append(text.format(conditions=language.list(new)))
    if gone:
        text = language.gettext("This study no longer lists {conditions}.")
        said.append(text.format(conditions=language.list(gone)))
    return _one(" ".join(said))


def _contacts(change: Change, language: Language) -> Said:
    text = language.gettext("The contact details changed.")
    shown = [
        ", ".join(clean(c[part]) for part in ("name", "phone", "email") if c.get(part)) for c in change.after
    ]
    return _one(text, [f"+ {contact}" for contact in shown[:MOST_LINES]])


def _title(change: Change, language: Language) -> Said:
    return _one(language.gettext("Renamed. The title was “{before}”.").format(before=change.before))


def _sponsor(change: Change, language: Language) -> Said:
    text = language.gettext("A new organization is in charge: {before} → {after}.")
    return _one(text.format(before=change.before, after=change.after))


def _difference(gone: Sequence[str], new: Sequence[str], language: Language) -> list[str]:
    return _at_most(MOST_LINES, _paired(gone, new), language)


def _paired(gone: Sequence[str], new: Sequence[str]) -> list[str]:
    """Lines that went (−) and came (+), each next to the one it became."""
    shown: list[str] = []
    waiting = list(new)
    for position, line in enumerate(gone):
        shown.append(f"− {_shortened(line)}")
        partner = _likeliest(line, waiting) if position < MOST_LINES else None
        if partner is not None:
            shown.append(f"+ {_shortened(waiting.pop(partner))}")
    shown.extend(f"+ {_shortened(line)}" for line in waiting)
    return shown


def _at_most(most: int, shown: list[str], language: Language) -> list[str]:
    more = len(shown) - most
    if more < 2:
        return shown
    text = language.ngettext("… and {count} more line", "… and {count} more lines", more)
    return [*shown[:most], text.format(count=language.number(more))]


def _likeliest(line: str, others: list[str]) -> int | None:
    """The position of the line that is most like this one, if any is like it at all."""
    words = fold(line).split()
    best, position = 0.5, None
    for i, other in enumerate(others[: MOST_LINES * 2]):
        matcher = SequenceMatcher(None, words, fold(other).split(), autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
            best, position = matcher.ratio(), i
    return position


def _shortened(line: str) -> str:
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1].rstrip() + "…"


_WORDS: dict[Kind, Callable[[Change, Language], Said]] = {
    Kind.REMOVED: _removed,
    Kind.MERGED: _merged,
    Kind.NEW_FOR_CONDITION: _new,
    Kind.NOW_MATCHES: _now_matches,
    Kind.STATUS: _status,
    Kind.RESULTS: _results,
    Kind.AGES: _ages,
    Kind.SEX: _sex,
    Kind.SITES: _sites,
    Kind.CRITERIA: _criteria,
    Kind.HEALTHY_VOLUNTEERS: _healthy_volunteers,
    Kind.INTERVENTIONS: _interventions,
    Kind.PHASES: _phases,
    Kind.START_DATE: _dates,
    Kind.PRIMARY_COMPLETION_DATE: _dates,
    Kind.COMPLETION_DATE: _dates,
    Kind.ENROLLMENT: _enrollment,
    Kind.PRIMARY_OUTCOMES: _primary_outcomes,
    Kind.CONDITIONS: _conditions,
    Kind.CONTACTS: _contacts,
    Kind.TITLE: _title,
    Kind.SPONSOR: _sponsor,
}
