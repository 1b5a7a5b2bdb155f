"""The word index of topics' names, for the search: the same on both databases.

Each word of a name is a row of `topic_word`. `word_ending` knows every word by each of its endings, so that
a range of one index finds what begins anywhere in a word: "blastoma" finds "neuroblastoma".
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind
from service.domain.trials.spelling import american
from service.store.sql import tables as t
from service.store.sql.bulk import add_pairs, bulk_insert, in_values, insert

#: The maximum number of distinct words indexed for a topic, and of the characters of each.
_MOST_WORDS = 400
_LONGEST_WORD = 60

#: Endings shorter than this match too many words to be worth a row.
_SHORTEST_ENDING = 3

_WORD = re.compile(r"[^\W_]+")
_REGISTRY_NUMBER = re.compile(r"[a-z]+(\d+)")


def words_of(text: str) -> list[str]:
    """The distinct words of a text in their order: no letter case, no accents, no punctuation."""
    bare = text.lower() if text.isascii() else _without_accents(text)
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in _WORD.findall(bare)))


def _without_accents(text: str) -> str:
    """Without the marks of Asian scripts, too, unlike names: the stored words have none, and a search may
    find more than was typed."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def endings_of(word: str) -> list[str]:
    """The texts by whose beginnings a word is found: itself and its endings; a number also by its digits."""
    if number := _REGISTRY_NUMBER.fullmatch(word):
        return [word, number[1]]
    if not word.isalpha():
        return [word]
    return [word, *(word[start:] for start in range(1, len(word) - _SHORTEST_ENDING + 1))]


async def index_names(
    connection: AsyncConnection, kind: TopicKind, names: Mapping[int, Iterable[str]]
) -> None:
    """Makes topics of one kind findable by the words of `names`, by topic id; former words are forgotten."""
    if not names:
        return
    words = {topic_id: _indexed(" ".join(texts)) for topic_id, texts in names.items()}
    w = t.topic_word.c
    await connection.execute(delete(t.topic_word).where(in_values(connection, w.topic_id, words)))
    rows: list[dict[str, Any]] = [
        {"topic_id": topic_id, "word": word, "kind": kind}
        for topic_id, found in sorted(words.items())
        for word in sorted(found)
    ]
    await bulk_insert(connection, insert(connection, t.topic_word).on_conflict_do_nothing(), rows)
    await _learn(connection, {row["word"] for row in rows})


def _indexed(text: str) -> list[str]:
    """The words that a topic is found by: also those in British spelling by their American one."""
    words = words_of(text)[:_MOST_WORDS]
    return list(dict.fromkeys((*words, *map(american, words))))


async def _learn(connection: AsyncConnection, words: set[str]) -> None:
    """Adds the endings of words that no name had before."""
    e = t.word_ending.c
    known = select(e.word).where(e.ending == e.word, in_values(connection, e.ending, words))
    new = words - set((await connection.execute(known)).scalars())
    pairs = sorted((ending, word) for word in new for ending in endings_of(word))
    await add_pairs(connection, e.ending, e.word, pairs)
