"""Parses topics as people and programs write them: `trial:NCT04787263`, `condition:leukemia`."""

from service.domain.trials.conditions.condition import TopicKind, slug
from service.domain.trials.trial_ids import trial_number
from service.domain.wording.messages import lazy_gettext as _

_KINDS = {kind.value: kind for kind in TopicKind}


class InvalidTopic(ValueError):
    """The topic key is invalid; the message describes a valid one."""


def parse_topic(text: str) -> tuple[TopicKind, str]:
    """A topic's kind (`trial` or `condition`), and its name: a trial's number, or an id, slug or name.

    White space around and the letter case of the kind and of a trial's number don't matter. Raises
    InvalidTopic.
    """
    word, colon, name = text.strip().partition(":")
    kind, name = _KINDS.get(word.strip().lower()), " ".join(name.split())
    if not colon or kind is None:
        raise InvalidTopic(
            _("A topic begins with trial: or condition:, such as trial:NCT04787263 or condition:leukemia.")
        )
    if kind is TopicKind.TRIAL:
        number = trial_number(name)
        if number is None:
            raise InvalidTopic(
                _(
                    "A trial is named by NCT and eight digits, such as trial:NCT04787263, or by its number "
                    "in another registry, such as trial:ISRCTN12345678."
                )
            )
        name = number
    elif len(name) > 300:  # checked first, since slugs are cached
        raise InvalidTopic(_("A condition’s name has 300 characters at most."))
    elif not slug(name):
        raise InvalidTopic(_("A condition is named by its name or id, such as condition:leukemia."))
    return kind, name
