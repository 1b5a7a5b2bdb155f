"""Topic search in the word index of their names, the same on both databases (`topic_index`).

Common words cost no more than rare ones, because every step reads a bounded number of rows. A search without
a result is tried again with words that are one typing error away.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.trials.conditions.condition import TopicKind, trial_topic
from service.domain.trials.conditions.names import is_near, name_key, short_forms
from service.domain.trials.lifecycle import TrialState
from service.domain.trials.spelling import american, singular
from service.domain.trials.trial_ids import trial_number
from service.store.sql import tables as t
from service.store.sql.bulk import in_values
from service.store.sql.database import prefer_index_scans
from service.store.topics.topic_index import words_of
from service.store.topics.topics import Topic, by_keys, find_conditions, folded

#: Search results at most.
MOST_FOUND = 20

#: Characters and words of a query that count; more narrows a search no further.
_LONGEST_QUERY = 200
_MOST_TERMS = 8

#: Rows of the index that a search looks at: to choose the rarest of its terms, for topics with all of them,
#: and topics that are ranked.
_COUNTED = 500
_SCANNED = 5_000
_RANKED = 400

#: The multiple of the wanted number that is read, to be sorted by criteria that the database does not know.
_SORTED = 4

#: A term shorter than this is not looked for in near spellings, of which some are tried.
_SHORTEST_MISSPELT = 4
_MOST_NEAR = 12

#: The rank of a condition whose initials the query is: after exact names, before those that begin with it.
_INITIALS = 2

#: A term of a query in all spellings in which it is looked for.
Spellings = tuple[str, ...]

_ONTOLOGY_ID = re.compile(r"[A-Za-z_]{1,20}:[A-Za-z]?[0-9]{1,20}")
_LAST_CHARACTER = "\U0010ffff"


async def search(connection: AsyncConnection, query: str, limit: int = MOST_FOUND) -> list[Topic]:
    """Followable topics whose names, or a trial's number or title, hold every word of `query`, each once.

    A word may be the beginning of any part of theirs. The nearest come first: the very name or its
    initials, names with that very word, names that begin with the query, a trial's number, then the rest;
    each time the hierarchy's conditions before those that only studies name, of these the ones with an id
    before the others, and shorter names before longer ones. A trial's number, or a condition's id, finds
    that topic alone.
    """
    query = query[:_LONGEST_QUERY]
    if exact := await _by_number(connection, query):
        return exact
    terms = [_spellings(term) for term in words_of(query)[:_MOST_TERMS]]
    if not terms:
        return []
    await prefer_index_scans(connection)
    wanted = " ".join(re.sub(r"[\0-\x1f\x7f\ud800-\udfff]", " ", folded(query)).split())
    found = await _search(connection, wanted, terms, limit)
    if not found:
        near = [
            spelt if await _is_word(connection, spelt) else await _near(connection, spelt) for spelt in terms
        ]
        if near != terms and all(near):
            found = await _search(connection, wanted, near, limit)
    return found


async def _by_number(connection: AsyncConnection, query: str) -> list[Topic]:
    """The topics whose number is the query: a trial's in its registry, a condition's id in an ontology."""
    if number := trial_number(query):
        found = list((await by_keys(connection, [trial_topic(number)])).values())
    elif _ONTOLOGY_ID.fullmatch(query.strip()):
        found = await find_conditions(connection, query.strip())
    else:
        return []
    return [topic for topic in found if topic.followable and topic.name is not None]


def _spellings(term: str) -> Spellings:
    return tuple(dict.fromkeys((term, singular(american(term)))))


async def _search(
    connection: AsyncConnection, query: str, terms: Sequence[Spellings], limit: int
) -> list[Topic]:
    found: list[tuple[Any, ...]] = []
    for kind, rank in ((TopicKind.CONDITION, _conditions), (TopicKind.TRIAL, _trials)):
        ids = await _holding(connection, kind, terms)
        statement = rank(connection, query, ids).where(
            t.topic.c.followable, t.topic.c.name.is_not(None), t.topic.c.joined_id.is_(None)
        )
        order = ("rank", "standing", func.length(t.topic.c.name), t.topic.c.key)
        for row in await connection.execute(statement.order_by(*order).limit(_SORTED * limit)):
            topic = Topic(row.id, row.key, row.kind, row.name, row.followable)
            found.append((*_place(row, query, terms), topic))
    return [ranked[-1] for ranked in sorted(found, key=lambda ranked: ranked[:-1])[:limit]]


def _place(row: Any, query: str, terms: Iterable[Spellings]) -> tuple[Any, ...]:
    """The sort key of a found topic.

    Topics that the query names or abbreviates come first, best known first; topics whose name has its words
    come before those that only have them in a synonym.
    """
    is_short_form = row.kind == TopicKind.CONDITION and query in short_forms(row.name)
    rank = min(row.rank, _INITIALS) if is_short_form else row.rank
    words = words_of(row.name)
    by_synonym = not all(any(spelt in words for spelt in term) for term in terms)
    return max(rank, _INITIALS), row.standing, rank, not is_short_form, by_synonym, len(row.name), row.key


async def _is_word(connection: AsyncConnection, spelt: Spellings) -> bool:
    """Whether some name holds a word with this beginning in it."""
    e = t.word_ending.c
    return (await connection.execute(select(e.word).where(_begins(spelt)).limit(1))).first() is not None


async def _near(connection: AsyncConnection, spelt: Spellings) -> Spellings:
    """The known words that are one slip away from a term, those of its length first; of a short one none.

    A slip leaves either the first or the second half of a word as it is.
    """
    term, e = spelt[0], t.word_ending.c
    if len(term) < _SHORTEST_MISSPELT:
        return ()
    half = len(term) // 2
    begins = (e.ending == e.word, e.ending >= term[:half], e.ending < term[:half] + _LAST_CHARACTER)
    words: set[str] = set()
    for where in (begins, (e.ending == term[half:],), (e.ending == term[half + 1 :],)):
        words.update((await connection.execute(select(e.word).where(*where).limit(_SCANNED))).scalars())
    near = (word for word in words if is_near(term, word))
    return tuple(sorted(near, key=lambda word: (abs(len(word) - len(term)), word))[:_MOST_NEAR])


async def _holding(connection: AsyncConnection, kind: TopicKind, terms: Sequence[Spellings]) -> list[int]:
    """Topics of a kind that hold all terms, _RANKED at most."""
    rarest = terms[0]
    if len(terms) > 1:
        counted = [
            select(func.count()).select_from(_with(term, kind, _COUNTED).subquery()).scalar_subquery()
            for term in terms
        ]
        counts = (await connection.execute(select(*counted))).one()
        rarest = min(zip(counts, terms, strict=True), key=lambda term: (term[0], -len(term[1][0])))[1]
    candidate = _with(rarest, kind, _SCANNED if len(terms) > 1 else 2 * _RANKED).subquery()
    w = t.topic_word.c
    others = [
        select(w.word)
        .where(w.topic_id == candidate.c.topic_id, or_(*(w.word.like(f"%{word}%") for word in term)))
        .exists()
        for term in terms
        if term != rarest
    ]
    statement = select(candidate.c.topic_id).where(*others).limit(2 * _RANKED)
    ids = dict.fromkeys((await connection.execute(statement)).scalars())
    return list(ids)[:_RANKED]


def _with(term: Spellings, kind: TopicKind, most: int) -> Select[Any]:
    """Topics of a kind with a word that has an ending which begins with `term`, some more than once."""
    w, e = t.topic_word.c, t.word_ending.c
    return (
        select(w.topic_id)
        .join(t.word_ending, e.word == w.word)
        .where(_begins(term), w.kind == kind)
        .limit(most)
    )


def _begins(term: Spellings) -> ColumnElement[bool]:
    e = t.word_ending.c
    return or_(*(and_(e.ending >= word, e.ending < word + _LAST_CHARACTER) for word in term))


_COLUMNS = (t.topic.c.id, t.topic.c.key, t.topic.c.kind, t.topic.c.name, t.topic.c.followable)


def _conditions(connection: AsyncConnection, query: str, ids: Sequence[int]) -> Select[Any]:
    """The conditions among `ids`, and those whose very name is the query, with their ranks."""
    names, w, like = t.condition_name, t.topic_word.c, _escaped(query)
    own, key = t.topic.alias(), name_key(query)
    representative = func.coalesce(own.c.joined_id, own.c.id)
    whole_word = select(w.word).where(w.topic_id == representative, w.word == query).exists()
    rank = case(
        (or_(names.c.folded == query, names.c.name_key == key), 0),
        (whole_word, _INITIALS + 1),
        (names.c.folded.like(like + "%", escape="\\"), _INITIALS + 2),
        (names.c.folded.like(f"% {like}%", escape="\\"), _INITIALS + 4),
        else_=_INITIALS + 6,
    ) + case((and_(names.c.preferred, own.c.joined_id.is_(None)), 0), else_=1)
    without_id = own.c.key.not_like("%:%:%")
    standing = case((names.c.mentioned & without_id, 2), (names.c.mentioned, 1), else_=0)
    very_names = select(names.c.topic_id).where(or_(names.c.folded == query, names.c.name_key == key))
    best = (
        select(
            representative.label("topic_id"),
            func.min(rank).label("rank"),
            func.min(standing).label("standing"),
        )
        .join(own, own.c.id == names.c.topic_id)
        .where(
            or_(
                own.c.id.in_(very_names),
                in_values(connection, own.c.id, ids),
                in_values(connection, own.c.joined_id, ids),
            )
        )
        .group_by(representative)
        .subquery()
    )
    return select(*_COLUMNS, best.c.rank, best.c.standing).join(best, best.c.topic_id == t.topic.c.id)


def _trials(connection: AsyncConnection, query: str, ids: Sequence[int]) -> Select[Any]:
    """The trials among `ids` that are there, with their ranks."""
    key = "trial:" + query.upper()
    rank = case(
        (t.topic.c.key == key, 0),
        (t.topic.c.key.like(_escaped(key) + "%", escape="\\"), _INITIALS + 3),
        else_=_INITIALS + 7,
    )
    return (
        select(*_COLUMNS, rank.label("rank"), literal(0).label("standing"))
        .join(t.trial, and_(t.trial.c.topic_id == t.topic.c.id, t.trial.c.state == TrialState.PRESENT))
        .where(in_values(connection, t.topic.c.id, ids))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
