"""Sentences for changes of eligibility: ages, sex, criteria. They never say who fits."""

from collections.abc import Mapping

from service.domain.trials.ages import comparable, is_unreadable, read_age
from service.domain.trials.change import Change, Kind
from service.domain.trials.comparison.plain_values import normalize_sex
from service.domain.trials.criteria.diff import RuleChange, rule_changes
from service.domain.trials.text import clean, in_words
from service.domain.wording.language import Language
from service.domain.wording.text_diff import before_and_now, shortened

MOST_RULES = 6
"""Up to this many rules are shown; more are counted."""


def ages_text(change: Change, language: Language) -> str:
    """The age limits before and after."""
    before, after = age_range(change.before, language), age_range(change.after, language)
    return language.gettext("Ages who can join: {before} → {after}.").format(before=before, after=after)


def _past_ages(change: Change, language: Language) -> str:
    """The same of a study that is closed."""
    before, after = age_range(change.before, language), age_range(change.after, language)
    return language.gettext("Ages who could join: {before} → {after}.").format(before=before, after=after)


def age_range(ages: dict[str, str | None], language: Language) -> str:
    """Limits of age in words: "1–25 years", "18 years and older"; an unreadable one as it is written."""
    lowest, highest = ages["minimum"], ages["maximum"]
    low, high = read_age(lowest), read_age(highest)
    if high and comparable(highest) is None:
        high = None
    if low and high and low == high:
        return _age(lowest, language)
    if low and high and low[1] == high[1]:
        return language.gettext("{lowest}–{highest}").format(
            lowest=language.number(_count(low[0])), highest=_age(highest, language)
        )
    if (low or is_unreadable(lowest)) and (high or is_unreadable(highest)):
        return language.gettext("{lowest} – {highest}").format(
            lowest=_age(lowest, language), highest=_age(highest, language)
        )
    if is_unreadable(lowest):
        return _age(lowest, language)
    if low and low[0]:
        return language.gettext("{age} and older").format(age=_age(lowest, language))
    if high or is_unreadable(highest):
        return language.gettext("up to {age}").format(age=_age(highest, language))
    return language.gettext("any age")


def _age(text: str | None, language: Language) -> str:
    read = read_age(text)
    if read is None:
        return language.isolate(clean(text or ""))
    count, unit = _count(read[0]), read[1]
    texts = {
        "year": language.ngettext("{count} year", "{count} years", count),
        "month": language.ngettext("{count} month", "{count} months", count),
        "week": language.ngettext("{count} week", "{count} weeks", count),
        "day": language.ngettext("{count} day", "{count} days", count),
        "hour": language.ngettext("{count} hour", "{count} hours", count),
        "minute": language.ngettext("{count} minute", "{count} minutes", count),
    }
    return texts[unit].format(count=language.number(count))


def _count(age: float) -> int | float:
    return int(age) if age == int(age) else age


def sex_text(change: Change, language: Language) -> str:
    """The eligible sex before and after."""
    before, after = sex_words(change.before, language), sex_words(change.after, language)
    return language.gettext("Who can join: {before} → {after}.").format(before=before, after=after)


def _past_sex(change: Change, language: Language) -> str:
    """The same of a study that is closed."""
    before, after = sex_words(change.before, language), sex_words(change.after, language)
    return language.gettext("Who could join: {before} → {after}.").format(before=before, after=after)


def sex_words(sex: str, language: Language) -> str:
    """The eligible sex in words; an unknown value as the registry writes it."""
    names = {
        "ALL": language.gettext("people of any sex"),
        "FEMALE": language.gettext("female participants only"),
        "MALE": language.gettext("male participants only"),
    }
    return names.get(normalize_sex(sex)) or in_words(clean(sex))


def criteria_text(change: Change, language: Language) -> tuple[str, list[str]]:
    """The sentence of changed criteria, and the changed statements under the headings of their sections."""
    text = language.gettext(
        "The rules about who can join changed. Ask the study team what this means for you."
    )
    heads = {
        "inclusion": language.gettext("Inclusion criteria (who can join):"),
        "exclusion": language.gettext("Exclusion criteria (who cannot join):"),
    }
    return text, _rules(change, heads, language)


def _rules(change: Change, heads: Mapping[str, str], language: Language) -> list[str]:
    changes = rule_changes(change.before, change.after)
    shown: list[str] = []
    for section, head in {"": "", **heads}.items():
        rules = [rule for rule in changes[:MOST_RULES] if rule.section == section]
        shown += [head] if head and rules else []
        shown += [line for rule in rules for line in _rule(rule, language)]
    more = len(changes) - MOST_RULES
    if more > 0:
        count = language.ngettext(
            "… and {count} more rule; the registry has it",
            "… and {count} more rules; the registry has them all",
            more,
        )
        shown.append(count.format(count=language.number(more)))
    return shown


def _rule(rule: RuleChange, language: Language) -> list[str]:
    before, after = " ".join(rule.before.split()), " ".join(rule.after.split())
    if before and after:
        return before_and_now(before, after, language)
    if after:
        return [language.gettext("New: {line}").format(line=shortened(after))]
    return [language.gettext("No longer there: {line}").format(line=shortened(before))]


def past_text(change: Change, language: Language) -> tuple[str, list[str]]:
    """The sentence for changed eligibility of a study that is closed, and the changed statements."""
    match change.kind:
        case Kind.AGES:
            return _past_ages(change, language), []
        case Kind.SEX:
            return _past_sex(change, language), []
    heads = {
        "inclusion": language.gettext("Inclusion criteria (who could join):"),
        "exclusion": language.gettext("Exclusion criteria (who could not join):"),
    }
    shown = _rules(change, heads, language) if change.kind is Kind.CRITERIA else []
    return language.gettext("The rules about who could join changed."), shown


def volunteers_text(change: Change, language: Language) -> str:
    """Whether healthy volunteers can join now."""
    if change.after:
        return language.gettext("Healthy volunteers can now join.")
    return language.gettext("Healthy volunteers can no longer join.")
