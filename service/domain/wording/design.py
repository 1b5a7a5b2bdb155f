"""Sentences for changes of a study's design: arms, type, phase, masking, expanded access."""

from collections.abc import Callable, Sequence

from service.domain.trials.change import Change
from service.domain.trials.comparison.arms import Arm, split_arms
from service.domain.trials.comparison.collections import normalize_phase
from service.domain.trials.comparison.plain_values import normalize_study_type
from service.domain.trials.text import clean, in_words
from service.domain.wording.language import Language, Text

FEW = 4
"""Up to this many arms of one sort are named; more are counted."""


def arms_sentences(change: Change, language: Language) -> list[Text]:
    """The sentences of arms that opened, closed, were added or removed."""
    gone, new, turned = split_arms(change.before["arms"], change.after["arms"])
    opened = [now for old, now in turned if old.get("closed")]
    closed = [now for old, now in turned if not old.get("closed")]
    came = [arm for arm in new if not arm.get("closed")]
    return [
        *_arms(opened, language.gettext("A study group opened again: {arms}."), _opened, language),
        *_arms(came, language.gettext("A study group was added: {arms}."), _added, language),
        *_arms(closed, language.gettext("A study group was closed: {arms}."), _closed, language),
        *_arms(gone, language.gettext("A study group is no longer listed: {arms}."), _gone, language),
    ]


def _arms(
    arms: Sequence[Arm], singular: str, plural: Callable[[int, Language], str], language: Language
) -> list[Text]:
    if not arms:
        return []
    named = [language.quote(clean(arm["label"])) for arm in arms if arm.get("label")]
    shown = named[:FEW]
    if len(arms) > len(shown):
        more = len(arms) - len(shown)
        text = language.ngettext("{count} more", "{count} more", more)
        shown.append(text.format(count=language.number(more)))
    template = singular if len(arms) == 1 else plural(len(arms), language)
    return [(template.format(count=language.number(len(arms)), arms=language.list(shown)), ())]


def _opened(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} study group opened again: {arms}.", "{count} study groups opened again: {arms}.", count
    )


def _added(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} study group was added: {arms}.", "{count} study groups were added: {arms}.", count
    )


def _closed(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} study group was closed: {arms}.", "{count} study groups were closed: {arms}.", count
    )


def _gone(count: int, language: Language) -> str:
    return language.ngettext(
        "{count} study group is no longer listed: {arms}.",
        "{count} study groups are no longer listed: {arms}.",
        count,
    )


def access_text(change: Change, language: Language) -> str:
    """Whether the treatment is available outside the study (expanded access)."""
    if change.after.get("available"):
        return language.gettext(
            "The registry now lists a way to get the treatment outside this study (expanded access). "
            "Ask the study team whether it is open."
        )
    return language.gettext("The registry no longer lists a way to get the treatment outside this study.")


def study_type_text(change: Change, language: Language) -> str:
    """The type of a study: of a treatment, or observational."""
    before, after = (study_type(value, language) for value in (change.before, change.after))
    return language.gettext("The type of the study: {before} → {after}.").format(before=before, after=after)


def study_type(value: str, language: Language) -> str:
    """A study's type in words; an unknown one as the registry writes it, in normal case."""
    names = {
        "INTERVENTIONAL": language.gettext("a treatment or procedure is tried"),
        "OBSERVATIONAL": language.gettext("people are observed, no treatment is tried"),
        "EXPANDED_ACCESS": language.gettext("access to a treatment outside a study"),
    }
    return names.get(normalize_study_type(value)) or in_words(clean(value))


def phase(phases: Sequence[str] | None, language: Language) -> str | None:
    """A study's phase in words: "Phase 1 and Phase 2"; None when there is none."""
    names = {
        "EARLY_PHASE1": language.gettext("Early phase 1"),
        "PHASE1": language.gettext("Phase 1"),
        "PHASE2": language.gettext("Phase 2"),
        "PHASE3": language.gettext("Phase 3"),
        "PHASE4": language.gettext("Phase 4"),
    }
    known = sorted(set(map(normalize_phase, phases or ())) - {"NA"})
    shown = [names.get(name) or in_words(clean(name)) for name in known]
    return language.list(shown) or None


def phases_text(change: Change, language: Language) -> str:
    """The phase before and after."""
    none = language.gettext("not applicable")
    before, after = (phase(phases, language) or none for phases in (change.before, change.after))
    return language.gettext("The phase of the study: {before} → {after}.").format(before=before, after=after)


def plain_results_text(change: Change, language: Language) -> str:
    """The sentence about a summary of results in plain language."""
    return language.gettext("A summary of the results in plain language is now available.")


def design_text(change: Change, language: Language) -> str:
    """The sentence about allocation and masking."""
    allocation = {
        "RANDOMIZED": language.gettext("groups are drawn by lot"),
        "NON_RANDOMIZED": language.gettext("groups are not drawn by lot"),
        "NA": language.gettext("there is one group"),
    }
    masking = {
        "NONE": language.gettext("everybody knows who gets what"),
        "SINGLE": language.gettext("one side does not know who gets what"),
        "DOUBLE": language.gettext("two sides do not know who gets what"),
        "TRIPLE": language.gettext("three sides do not know who gets what"),
        "QUADRUPLE": language.gettext("nobody involved knows who gets what"),
    }
    parts = []
    for part, names in (("allocation", allocation), ("masking", masking)):
        if part in change.before and part in change.after:
            before, after = (
                names.get(v) or in_words(clean(v)) for v in (change.before[part], change.after[part])
            )
            parts.append(language.gettext("{before} → {after}").format(before=before, after=after))
    together = language.gettext("; ").join(parts)
    return language.gettext("How the study is built: {parts}.").format(parts=together)
