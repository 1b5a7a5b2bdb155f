"""Many rows in one statement: values of any length are written as given."""

import pytest
from sqlalchemy import select

from service.store.sql import tables as t
from service.store.sql.bulk import bulk_insert, insert
from service.system import System
from tests.integration.store.test_databases import NOW

#: Texts of few and of many octets, of characters of one to four octets, and such as JSON writes otherwise.
SHORT = ["", None, "a", '"\\\n\t', "é", "日本", "\U0001f9ec"]
LONG = [None, "", "a" * 5000, "é\U0001f9ec日" * 2000, '{"a": "\\"\\u00e9\\n"}' * 500, "b", None, "'" * 3000]


@pytest.mark.parametrize("texts", [SHORT, LONG, [None, None], ["x" * 9000]])
async def test_texts_are_stored_as_given(system: System, texts: list[str | None]) -> None:
    event = t.event.c
    rows = [
        {"source": "s", "event_id": f"{number}", "type": "t", "subject": "s", "received_at": NOW}
        | {"body": text, "state": "received"}
        for number, text in enumerate(texts)
    ]
    async with system.writing() as connection:
        await bulk_insert(connection, insert(connection, t.event).on_conflict_do_nothing(), rows)
        found = await connection.execute(select(event.event_id, event.body, event.received_at))
    assert {row.event_id: (row.body, row.received_at) for row in found} == {
        f"{number}": (text, NOW) for number, text in enumerate(texts)
    }
