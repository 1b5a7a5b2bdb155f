"""Why an update is reported to followers, or is not, in the demo's words."""

from service.dev.explanations import explain
from service.dev.history import history
from tests.demo_history import HISTORY, text
from tests.unit.domain.trials import trial


def test_a_change_that_causes_an_email_is_listed_with_its_sentences() -> None:
    found = explain(trial(), trial(status="SUSPENDED"))
    assert found.causes_mail
    assert found.verdict.startswith("Followers get an email")
    assert [sentence.text for sentence in found.sentences] == ["The registry now says this study is paused."]


def test_a_small_change_causes_no_email_and_is_explained() -> None:
    found = explain(trial(), trial(sponsor="Another"))
    assert not found.causes_mail
    assert "it is small" in found.verdict
    assert len(found.sentences) == 1


def test_each_unreported_difference_has_a_reason() -> None:
    found = explain(trial(), trial(summary="Other words.", registry_last_updated="2026-01-01"))
    assert (found.sentences, found.causes_mail) == ((), False)
    assert dict(found.unreported) == {
        "registry last updated": "that somebody saved the record is no news",
        "summary": "the website’s own words, which are rewritten often",
    }
    first = explain(trial(enrollment=None), trial(enrollment={"count": 3, "type": "ACTUAL"}))
    assert "for the first time" in dict(first.unreported)["enrollment"]
    gone = explain(trial(summary="Words."), trial(summary=None))
    assert "unknown is no news" in dict(gone.unreported)["summary"]


def test_a_repetition_sends_nothing_and_a_silent_update_notifies_nobody() -> None:
    assert "was like that already" in explain(trial(), trial()).verdict
    silent = explain(trial(), trial(status="SUSPENDED", reason="backfill"))
    assert (silent.causes_mail, "marked this update as its own" in silent.verdict) == (False, True)


def test_the_history_that_is_shipped_is_the_registrys() -> None:
    assert HISTORY.read_text("utf-8") == text(), "run: python -m tests.demo_history"


def test_the_history_holds_updates_of_each_sort() -> None:
    updates = history().updates
    verdicts = {update.explained.verdict.split(":")[0] for update in updates}
    assert verdicts == {"Followers get an email", "No email for this alone", "Nobody is notified"}
    assert [update.day for update in updates] == sorted(update.day for update in updates)
    assert history().after(0) == updates
    assert history().after(updates[3].after["revision"]) == updates[4:]
