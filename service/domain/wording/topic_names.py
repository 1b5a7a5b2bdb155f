"""The names of topics on pages."""

from typing import Protocol

from service.domain.trials.conditions import TopicKind, display_name
from service.domain.wording.messages import lazy_gettext as _


def topic_name(kind: str, number: str, name: str | None) -> str:
    """A condition in normal case; a trial by its title and number, or its number until it is known."""
    if kind == TopicKind.CONDITION:
        return display_name(name or number.replace("-", " "))
    return f"{name} ({number})" if name else _("Study {number}", number=number)


class HasTopic(Protocol):
    """Whatever names a topic: by its key, its kind, and its name if that is known."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str | None: ...


def named(row: HasTopic) -> str:
    """The name of a row's topic."""
    return topic_name(row.kind, row.key.partition(":")[2], row.name)
