"""Explains, for the demo, why an update of a trial is or is not reported: by the real comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.trials.change import Level
from service.domain.trials.comparison.diff import FIELDS, diff
from service.domain.trials.events.snapshot import may_notify, read_snapshot
from service.domain.wording.language import ENGLISH
from service.domain.wording.relevant import relevant
from service.domain.wording.sentences import Sentence, trial_sentences

#: Fields that every update changes.
_ALWAYS = frozenset({"revision", "reason", "notify", "url", "first_seen"})

_FIRST_TIME = "known for the first time: there is nothing that it could have changed from"
_NO_LONGER = "not given any more: unknown is no news"
_SAME = "reads differently but means the same"
_REASONS = {
    "summary": "the website’s own words, which are rewritten often",
    "outlook": "the website’s own words, which are rewritten often",
    "official_title": "the registry’s own words about the same study",
    "keywords": "search words, which say nothing about the study",
    "registry_last_updated": "that somebody saved the record is no news",
    "verified_date": "that somebody looked at the record is no news",
    "locations": "the same places in another spelling or order, or of a study that nobody can join",
    "results_url": "an address; that results are posted is reported by itself",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """The reported changes of an update, and for each other field that differs, why it is not reported.

    `verdict` says in one sentence whether it causes an email.
    """

    sentences: tuple[Sentence, ...]
    unreported: tuple[tuple[str, str], ...]
    verdict: str
    causes_mail: bool


def explain(before: Mapping[str, Any], after: Mapping[str, Any]) -> Explained:
    """Compares two snapshots of a trial as the service does."""
    old, new = read_snapshot(before), read_snapshot(after)
    changes = diff(old, new)
    sentences = trial_sentences(changes, new["status"], ENGLISH)
    notified = {
        key
        for change in relevant(changes, new["status"])
        for field in FIELDS
        if field.kind is change.kind
        for key in field.keys
    }
    differing = [
        name
        for name in sorted(old.keys() | new.keys())
        if name not in _ALWAYS | notified and old.get(name) != new.get(name)
    ]
    unreported = tuple((name.replace("_", " "), _reason(name, old, new)) for name in differing)
    causes = may_notify(new) and any(sentence.level > Level.LOW for sentence in sentences)
    return Explained(
        sentences, unreported, _verdict(new, sentences, causes=causes, differs=bool(differing)), causes
    )


def _reason(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if not old.get(name):
        return _FIRST_TIME
    if not new.get(name):
        return _NO_LONGER
    return _REASONS.get(name, _SAME)


def _verdict(new: Mapping[str, Any], sentences: tuple[Sentence, ...], *, causes: bool, differs: bool) -> str:
    if causes:
        return "Followers get an email: at once, or with their next daily, weekly or monthly one."
    if sentences and not may_notify(new):
        return "Nobody is notified: the website marked this update as its own, not as news of the registry."
    if sentences:
        return "No email for this alone: it is small, and is reported with the next more important news."
    if differs:
        return "Nobody is notified: nothing that matters to a reader changed."
    return "Nothing was sent: the study was like that already."
