"""Each status of a site and of a study with each other one: what is said, and nothing of a way back."""

from itertools import pairwise, product

import pytest

from service.domain.digests.net_changes import net_changes
from service.domain.trials.comparison.diff import diff
from service.domain.wording.language import ENGLISH
from service.domain.wording.sentences import trial_sentences
from tests.unit.domain.trials import PARIS, ROMA, trial

#: What is said of a site that has this status now.
OF_SITE = {
    "RECRUITING": "A site now takes participants: {place}.",
    "ENROLLING_BY_INVITATION": "A site now takes participants by invitation: {place}.",
    "NOT_YET_RECRUITING": "A site is not taking participants yet: {place}.",
    "SUSPENDED": "A site paused: {place}.",
    "ACTIVE_NOT_RECRUITING": "A site no longer takes new participants: {place}.",
    "COMPLETED": "A site has finished: {place}.",
    "TERMINATED": "A site stopped taking part: {place}.",
    "WITHDRAWN": "A site withdrew from the study: {place}.",
}
LEFT = ("COMPLETED", "TERMINATED", "WITHDRAWN")
TAKING = ("RECRUITING", "ENROLLING_BY_INVITATION")
PLACE = "Ospedale Bambino Gesù, Roma, Italy"

SAYS = "The registry now says this "
#: What is said of a study, with its level.
OF_STUDY = {
    "RECRUITING": ("high", SAYS + "study is looking for participants."),
    "NOT_YET_RECRUITING": ("medium", SAYS + "study is not taking participants yet."),
    "ACTIVE_NOT_RECRUITING": ("high", SAYS + "study continues, but is not taking new participants."),
    "ENROLLING_BY_INVITATION": (
        "high",
        SAYS + "study takes participants by invitation. Only people whom the team invites can join.",
    ),
    "SUSPENDED": ("high", SAYS + "study is paused."),
    "TERMINATED": ("high", SAYS + "study was stopped early."),
    "WITHDRAWN": ("high", SAYS + "study was cancelled before anyone joined."),
    "COMPLETED": ("medium", SAYS + "study has finished. This does not say whether it worked."),
    "UNKNOWN": (
        "medium",
        "Nobody has confirmed this study's record for two years. Ask before relying on it.",
    ),
    "WITHHELD": ("medium", "The registry now says the details of this study are being withheld."),
    "AVAILABLE": ("high", SAYS + "treatment is available to patients outside a study."),
    "NO_LONGER_AVAILABLE": ("high", SAYS + "treatment is no longer available outside a study."),
    "TEMPORARILY_NOT_AVAILABLE": (
        "high",
        SAYS + "treatment is not available outside a study for the time being.",
    ),
    "APPROVED_FOR_MARKETING": ("medium", SAYS + "treatment has been approved for sale."),
    "IN_PREPARATION": ("medium", "The registry now gives this study the status “in preparation”."),
}


def told(*versions):
    """What one digest says of these versions of a trial."""
    changes = [change for before, after in pairwise(versions) for change in diff(before, after)]
    status = versions[-1]["status"]
    return [
        f"{sentence.level.name.lower()}: {sentence.text}"
        for sentence in trial_sentences(net_changes(changes, status), status, ENGLISH)
    ]


def with_site(status, study="RECRUITING"):
    """The trial with a site of this status; None: it isn't listed."""
    listed = [{**ROMA, "status": status}] if status else []
    return trial(status=study, locations=[{**PARIS, "status": "RECRUITING"}, *listed])


@pytest.mark.parametrize(
    ("old", "new"), [pair for pair in product(OF_SITE, repeat=2) if pair[0] != pair[1]], ids="-".join
)
def test_a_sites_new_status_is_reported_unless_it_had_left_and_takes_nobody(old, new):
    level = "high" if old in TAKING or new in TAKING else "medium"
    silent = old in LEFT and new in (*LEFT, "ACTIVE_NOT_RECRUITING")
    expected = [] if silent else [f"{level}: {OF_SITE[new].format(place=PLACE)}"]
    assert told(with_site(old), with_site(new)) == expected


@pytest.mark.parametrize("study", ["RECRUITING", "NOT_YET_RECRUITING", "SUSPENDED", "ACTIVE_NOT_RECRUITING"])
@pytest.mark.parametrize(("old", "new"), [*product((*OF_SITE, None), repeat=2)])
def test_a_digest_says_of_a_site_how_its_last_status_differs_from_its_first(old, new, study):
    first, last = with_site(old, study), with_site(new, study)
    at_once = told(first, last)
    for status in (*OF_SITE, None):
        assert told(first, with_site(status, study), last) == at_once


def expected(old, new):
    """What is said of a study, by the table of what is material."""
    level, text = OF_STUDY[new]
    if old in LEFT and new in ("RECRUITING", "ACTIVE_NOT_RECRUITING"):
        return f"high: An earlier notice was reversed: t{text[1:]}"
    if old in LEFT:
        return f"high: An earlier notice was reversed. {text}"
    if new == "RECRUITING" and old in ("ACTIVE_NOT_RECRUITING", "SUSPENDED"):
        return f"high: {SAYS}study has started taking participants again."
    return f"{level}: {text}"


@pytest.mark.parametrize(
    ("old", "new"), [pair for pair in product(OF_STUDY, repeat=2) if pair[0] != pair[1]], ids="-".join
)
def test_a_studys_new_status_is_reported_and_a_way_back_is_not(old, new):
    first, last = trial(status=old), trial(status=new)
    assert told(first, last) == [expected(old, new)]
    assert told(first, last, first) == []
    assert told(first, trial(status="UNKNOWN"), last) == [expected(old, new)]
