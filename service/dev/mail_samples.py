"""Every mail in every state, made from the demo website's trials, for `/dev/mails`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from service.dev.changes import DemoTrial, changed, new_trial
from service.domain.digests.blocks import FollowedTopic, LogEntry, TrialBlock, merge, topic_blocks
from service.domain.digests.schedule import Frequency
from service.domain.trials.change import Change, merged, removed
from service.domain.trials.comparison.diff import diff
from service.domain.trials.news.announcements import announcements_for
from service.domain.wording.language import Language
from service.domain.wording.messages import translated
from service.domain.wording.topic_names import merged_note
from service.mail.message import kinds

_DEMO = Path(__file__).parent / "data" / "demo.json"
_TODAY = date(2026, 11, 28)
_LEUKEMIA = ("condition:MONDO:0004967", "acute lymphoblastic leukemia")
_TOKEN = "example" * 8
_CONTACT = {"name": "Study team", "phone": "+39 06 0000 0000", "email": "study@example.org"}

Links = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail in one state; `about` says when it is sent. `make` takes the links and the reader's language."""

    slug: str
    title: str
    about: str
    make: Callable[[Links, Language], kinds.Mail]


def links_of(public_url: str) -> Links:
    """Links as long as real ones, which open nothing."""
    return lambda path: f"{public_url}/{path}/{_TOKEN}"


@cache
def _trials() -> list[DemoTrial]:
    return list(json.loads(_DEMO.read_text("utf-8"))["trials"])


def _trial(number: int) -> DemoTrial:
    trial = _trials()[number]
    nct_id = trial["nct_id"]
    return trial | {
        "contacts": trial.get("contacts") or [_CONTACT],
        "url": f"https://www.example.org/trials/{nct_id}",
        "registry_url": f"https://clinicaltrials.gov/study/{nct_id}",
    }


def _news(language: Language, number: int, *slugs: str) -> tuple[TrialBlock, ...]:
    """The block of a followed study after these of the changes that a click makes."""
    before = after = _trial(number)
    for slug in slugs:
        after = changed(after, slug, _TODAY)
    if after.get("has_results"):
        after |= {"results_url": f"{after['registry_url']}?tab=results"}
    return _blocks(language, after, diff(before, after))


def _blocks(
    language: Language, trial: DemoTrial, changes: Sequence[Change], others: Mapping[str, Any] | None = None
) -> tuple[TrialBlock, ...]:
    topic = f"trial:{trial['nct_id']}"
    log = [
        LogEntry(seq, trial["nct_id"], change, frozenset({topic})) for seq, change in enumerate(changes, 1)
    ]
    return topic_blocks(
        FollowedTopic(topic, 0, 0), log, {trial["nct_id"]: trial} | dict(others or {}), language
    )


def _new(language: Language, number: int = 1) -> tuple[TrialBlock, ...]:
    """The block of a new study for a followed condition, with its summary and outlook."""
    key, name = _LEUKEMIA
    trial = new_trial(number, _TODAY)
    trial |= {
        "url": f"https://www.example.org/trials/{trial['nct_id']}",
        "outlook": _trials()[0].get("outlook"),
    }
    (announced, *_) = announcements_for(None, trial, lambda _: (), _TODAY).values()
    log = [LogEntry(1, trial["nct_id"], announced, frozenset({key}))]
    return topic_blocks(FollowedTopic(key, 0, 0, name=name), log, {trial["nct_id"]: trial}, language)


def _merged(language: Language) -> tuple[TrialBlock, ...]:
    trial, into = _trial(1), _trial(0)
    return _blocks(language, trial, [merged(into["nct_id"])], {into["nct_id"]: into})


def _removed(language: Language) -> tuple[TrialBlock, ...]:
    return _blocks(language, _trial(2), [removed("It was listed by mistake.")])


def _several(language: Language) -> tuple[TrialBlock, ...]:
    return merge(
        [
            _news(language, 0, "stopped", "results"),
            _news(language, 2, "recruiting", "site-lyon", "older-people"),
            _merged(language),
            _new(language),
        ]
    )


def _many(language: Language) -> tuple[TrialBlock, ...]:
    return merge(_new(language, number) for number in range(1, 501))


def _digest(
    blocks: Callable[[Language], tuple[TrialBlock, ...]],
    *,
    frequency: str = Frequency.WEEKLY,
    discreet: bool = True,
    is_first: bool = False,
) -> Callable[[Links, Language], kinds.Mail]:
    def make(links: Links, language: Language) -> kinds.Mail:
        return kinds.Digest(
            blocks=blocks(language),
            frequency=frequency,
            preferences_url=links("preferences"),
            unsubscribe_url=links("unsubscribe"),
            full_digest_url=lambda: links("digest"),
            discreet=discreet,
            is_first=is_first,
        )

    return make


def _confirmation(*topics: str) -> Callable[[Links, Language], kinds.Mail]:
    return lambda links, _: kinds.Confirmation(topics, links("confirm"), links("decline"), 48)


def _merged_confirmation(links: Links, language: Language) -> kinds.Mail:
    note = translated(merged_note("NCT03792633", "NCT04787263"), language)
    return kinds.Confirmation((_STUDY,), links("confirm"), links("decline"), 48, (note,))


_STUDY = "Engineered immune cells take on childhood leukemia and lymphoma (NCT04787263)"

SAMPLES = (
    Sample("confirmation", "Confirmation", "After a sign-up: nothing else is sent before it is answered.",
           _confirmation(_STUDY, _LEUKEMIA[1])),
    Sample("confirmation-many", "Confirmation of twenty topics", "The most that one sign-up may name.",
           _confirmation(*(f"{_STUDY} {number}" for number in range(1, 21)))),
    Sample("confirmation-merged", "Confirmation of a study that goes on under another number",
           "The sign-up was for the older number.", _merged_confirmation),
    Sample("already-following", "Already signed up", "After a sign-up for what the person follows already.",
           lambda links, _: kinds.AlreadyFollowing(
               (_STUDY, _LEUKEMIA[1]), links("preferences"), links("unsubscribe"))),
    Sample("digest-first", "First digest", "The first one that a person gets: it welcomes.",
           _digest(lambda language: _news(language, 2, "site-lyon"), is_first=True)),
    Sample("digest", "Digest of several studies", "What matters most comes first.", _digest(_several)),
    Sample("digest-stopped", "A study stopped early", "The reader is asked whether to go on following it.",
           _digest(lambda language: _news(language, 0, "stopped"), frequency=Frequency.IMMEDIATE)),
    Sample("digest-opened", "A study takes participants again", "The status shows before and after.",
           _digest(lambda language: _news(language, 0, "recruiting"), frequency=Frequency.IMMEDIATE)),
    Sample("digest-results", "Results are posted", "With the link to the registry.",
           _digest(lambda language: _news(language, 0, "results"), frequency=Frequency.DAILY)),
    Sample("digest-new", "A new study for a condition", "With its summary and what it could mean.",
           _digest(_new, frequency=Frequency.MONTHLY)),
    Sample("digest-merged", "A study goes on under another number", "With its title and a link to its page.",
           _digest(_merged)),
    Sample("digest-removed", "A study was removed from the website", "It links no page that is gone.",
           _digest(_removed)),
    Sample("digest-plain", "Digest without discretion", "For who asked for a subject that says more.",
           _digest(_several, discreet=False)),
    Sample("digest-long", "Digest of five hundred studies", "Shortened, with a link to the whole.",
           _digest(_many)),
    Sample("preferences-link", "Link to the preferences", "When somebody asks for it with this address.",
           lambda links, _: kinds.PreferencesLink(links("preferences"), links("unsubscribe"))),
    Sample("address-change", "New address: to be confirmed", "Sent to the new address.",
           lambda links, _: kinds.AddressChange(links("address"), links("decline"), 48)),
    Sample("address-changed", "New address: notice to the old one", "The last mail to the old address.",
           lambda links, _: kinds.AddressChanged(links("unsubscribe"))),
    Sample("terms-changed", "New terms", "After a material change: updates pause without an answer.",
           lambda links, _: kinds.TermsChanged(
               links("terms"), date(2026, 12, 28), links("preferences"), links("unsubscribe"))),
)  # fmt: skip


def sample(slug: str) -> Sample:
    """The sample of that name. Raises KeyError for an unknown one."""
    return {each.slug: each for each in SAMPLES}[slug]
