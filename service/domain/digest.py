"""What one person is told once: the words of a digest, ready for any rendering."""

from dataclasses import dataclass

from service.domain.changes import Level


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing told, in the reader's language; `details` are further lines, such as compared texts."""

    text: str
    level: Level
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialBlock:
    """One trial in a digest. Two blocks of equal `key` hold equal words (the key includes the language)."""

    key: str
    nct_id: str
    url: str
    title: str
    is_new: bool
    reasons: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    summary: str | None = None
    phase: str | None = None
    places: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    last_updated: str | None = None
