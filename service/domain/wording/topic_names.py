"""The names of topics on pages."""

from collections.abc import Collection, Iterable
from typing import Protocol

from service.domain.trials.conditions.condition import TopicKind, display_name
from service.domain.wording.messages import lazy_gettext as _


def topic_name(kind: str, number: str, name: str | None) -> str:
    """A condition in normal case; a trial by its title and number, or its number until it is known."""
    if kind == TopicKind.CONDITION:
        return display_name(name or number.replace("-", " "))
    return f"{name} ({number})" if name else _("Study {number}", number=number)


class HasTopic(Protocol):
    """A row that names a topic: by its key, its kind, and its name if that is known."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str | None: ...


class HasOlderNumber(HasTopic, Protocol):
    """A topic with the number by which its trial was requested, if that was merged into it."""

    @property
    def older_number(self) -> str | None: ...


def merged_note(older: str, number: str) -> str:
    """The sentence about a requested trial that was merged."""
    return _(
        "Study {older} is now registered as {number}: updates come under that number.",
        older=older,
        number=number,
    )


def merged_notes(rows: Iterable[HasOlderNumber]) -> list[str]:
    """The sentence for each trial that was requested by the number of one that was merged into it."""
    return [merged_note(row.older_number, row.key.partition(":")[2]) for row in rows if row.older_number]


#: The description of a study that may come back, or never.
REMOVED_STUDY = _("study; it is no longer listed on the website, so there may be no updates")

#: Why a condition that somebody asks for, or followed before, can't be followed.
TOO_BROAD = _("This condition is too broad to follow. Choose a more specific one.")


def removed_notes(rows: Iterable[HasTopic], removed: Collection[str]) -> list[str]:
    """The sentence for each trial whose key is among those that are `removed`."""
    return [_removed_note(row.key.partition(":")[2]) for row in rows if row.key in removed]


def _removed_note(number: str) -> str:
    return _(
        "Study {number} is no longer listed on the website, so there may be no updates about it.",
        number=number,
    )


def named(row: HasTopic) -> str:
    """The name of a row's topic."""
    return topic_name(row.kind, row.key.partition(":")[2], row.name)


def topic_names(rows: Iterable[HasTopic]) -> tuple[str, ...]:
    """The names in mails, where a trial without a title is named by its number alone."""
    return tuple(
        named(row) if row.name or row.kind == TopicKind.CONDITION else row.key.partition(":")[2]
        for row in rows
    )
