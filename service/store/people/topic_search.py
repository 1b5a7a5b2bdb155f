"""Topic search: a word index of their names, the same on both databases.

Each word of a name is a row of `topic_word`. `word_ending` knows every word by each of its endings, so that
a range of one index finds what begins anywhere in a word: "blastoma" finds "neuroblastoma". Common words cost
no more than rare ones, because every step reads a bounded number of rows.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions import TopicKind
from service.store.people.topics import Topic, folded
from service.store.sql import tables as t
from service.store.sql.bulk import add_pairs, bulk_insert, in_values, insert
from service.store.sql.database import prefer_index_scans

#: Search results at most.
MOST_FOUND = 20

#: Characters and words of a query that count; more narrows a search no further.
_LONGEST_QUERY = 200
_MOST_TERMS = 8

#: Of one topic's names, the distinct words that are indexed, and the characters of each.
_MOST_WORDS = 400
_LONGEST_WORD = 60

#: Endings shorter than this stand for too much to be worth a row.
_SHORTEST_ENDING = 3

#: Rows of the index that a search looks at: to choose the rarest of its terms, for topics with all of them,
#: and topics that are ranked.
_COUNTED = 500
_SCANNED = 5_000
_RANKED = 400

_WORD = re.compile(r"[^\W_]+")
_REGISTRY_NUMBER = re.compile(r"[a-z]+(\d+)")
_LAST_CHARACTER = "\U0010ffff"


def words_of(text: str) -> list[str]:
    """The distinct words of a text in their order: no letter case, no accents, no punctuation."""
    bare = text.lower() if text.isascii() else _without_accents(text)
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in _WORD.findall(bare)))


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def endings_of(word: str) -> list[str]:
    """What a word is found by the beginning of: itself and its endings; a number's digits without letters."""
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
    words = {topic_id: words_of(" ".join(texts))[:_MOST_WORDS] for topic_id, texts in names.items()}
    w = t.topic_word.c
    await connection.execute(delete(t.topic_word).where(in_values(connection, w.topic_id, words)))
    rows: list[dict[str, Any]] = [
        {"topic_id": topic_id, "word": word, "kind": kind}
        for topic_id, found in sorted(words.items())
        for word in sorted(found)
    ]
    await bulk_insert(connection, insert(connection, t.topic_word).on_conflict_do_nothing(), rows)
    await _learn(connection, {row["word"] for row in rows})


async def _learn(connection: AsyncConnection, words: set[str]) -> None:
    """Adds the endings of words that no name had before."""
    e = t.word_ending.c
    known = select(e.word).where(e.ending == e.word, in_values(connection, e.ending, words))
    new = words - set((await connection.execute(known)).scalars())
    pairs = sorted((ending, word) for word in new for ending in endings_of(word))
    await add_pairs(connection, e.ending, e.word, pairs)


async def search(connection: AsyncConnection, query: str, limit: int = MOST_FOUND) -> list[Topic]:
    """Followable topics whose names, or a trial's number or title, hold every word of `query`.

    A word may be the beginning of any part of theirs. The nearest come first: the very name, names that
    begin with the query, a trial's number, then the rest, shorter names before longer ones.
    """
    query = query[:_LONGEST_QUERY]
    terms = words_of(query)[:_MOST_TERMS]
    if not terms:
        return []
    await prefer_index_scans(connection)
    wanted = " ".join(re.sub(r"[\0-\x1f\x7f\ud800-\udfff]", " ", folded(query)).split())
    found: list[Any] = []
    for kind, rank in ((TopicKind.CONDITION, _conditions), (TopicKind.TRIAL, _trials)):
        ids = await _holding(connection, kind, terms)
        statement = rank(connection, wanted, ids).where(t.topic.c.followable, t.topic.c.name.is_not(None))
        order = ("rank", func.length(t.topic.c.name), t.topic.c.key)
        found.extend(await connection.execute(statement.order_by(*order).limit(limit)))
    found.sort(key=lambda row: (row.rank, len(row.name), row.key))
    return [Topic(row.id, row.key, row.kind, row.name, row.followable) for row in found[:limit]]


async def _holding(connection: AsyncConnection, kind: TopicKind, terms: Sequence[str]) -> list[int]:
    """Topics of a kind that hold all terms, _RANKED at most."""
    rarest = terms[0]
    if len(terms) > 1:
        counted = [
            select(func.count()).select_from(_with(term, kind, _COUNTED).subquery()).scalar_subquery()
            for term in terms
        ]
        counts = (await connection.execute(select(*counted))).one()
        rarest = min(zip(counts, terms, strict=True), key=lambda one: (one[0], -len(one[1])))[1]
    candidate = _with(rarest, kind, _SCANNED if len(terms) > 1 else 2 * _RANKED).subquery()
    w = t.topic_word.c
    others = [
        select(w.word).where(w.topic_id == candidate.c.topic_id, w.word.like(f"%{term}%")).exists()
        for term in terms
        if term != rarest
    ]
    statement = select(candidate.c.topic_id).where(*others).limit(2 * _RANKED)
    ids = dict.fromkeys((await connection.execute(statement)).scalars())
    return list(ids)[:_RANKED]


def _with(term: str, kind: TopicKind, most: int) -> Select[Any]:
    """Topics of a kind with a word that has an ending which begins with `term`, some more than once."""
    w, e = t.topic_word.c, t.word_ending.c
    return (
        select(w.topic_id)
        .join(t.word_ending, e.word == w.word)
        .where(e.ending >= term, e.ending < term + _LAST_CHARACTER, w.kind == kind)
        .limit(most)
    )


_COLUMNS = (t.topic.c.id, t.topic.c.key, t.topic.c.kind, t.topic.c.name, t.topic.c.followable)


def _conditions(connection: AsyncConnection, query: str, ids: Sequence[int]) -> Select[Any]:
    """The conditions among `ids`, and those whose very name is the query, with their ranks."""
    names, like = t.condition_name, _escaped(query)
    rank = case(
        (names.c.folded == query, 0),
        (names.c.folded.like(like + "%", escape="\\"), 2),
        (names.c.folded.like(f"% {like}%", escape="\\"), 4),
        else_=6,
    ) + case((names.c.preferred, 0), else_=1)
    best = (
        select(names.c.topic_id, func.min(rank).label("rank"))
        .where(or_(names.c.folded == query, in_values(connection, names.c.topic_id, ids)))
        .group_by(names.c.topic_id)
        .subquery()
    )
    return select(*_COLUMNS, best.c.rank).join(best, best.c.topic_id == t.topic.c.id)


def _trials(connection: AsyncConnection, query: str, ids: Sequence[int]) -> Select[Any]:
    """The trials among `ids` that are there, with their ranks."""
    key = "trial:" + query.upper()
    rank = case((t.topic.c.key == key, 0), (t.topic.c.key.like(_escaped(key) + "%", escape="\\"), 3), else_=7)
    return (
        select(*_COLUMNS, rank.label("rank"))
        .join(t.trial, and_(t.trial.c.topic_id == t.topic.c.id, t.trial.c.state == "present"))
        .where(in_values(connection, t.topic.c.id, ids))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
