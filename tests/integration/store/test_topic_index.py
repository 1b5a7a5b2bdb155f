"""The word index of topics' names: any words can be kept, by several at once."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from service.store.sql.database import writing
from service.store.topics.topic_index import endings_of, index_names, words_of

pytestmark = pytest.mark.slow


async def test_two_writers_of_the_same_words_do_not_collide(database: AsyncEngine) -> None:
    async with writing(database) as connection:
        await index_names(connection, "trial", {1_000_001: ["A study"], 1_000_002: ["A study"]})
        await index_names(connection, "trial", {1_000_003: ["A study"]})


@given(st.text())
@example("İ")
@example("ﬁbrosis")
@example("ß")
def test_words_and_their_endings_are_plain_texts_that_both_databases_keep(text: str) -> None:
    for word in words_of(text):
        assert word.isalnum()
        assert len(word) <= 60
        word.encode()
        assert word in endings_of(word)
        assert words_of(word) == [word]
