"""What is distributed over Citus' nodes, and by which column; tried on a coordinator where there is one."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from service.store.sql import citus
from service.store.sql.revision import UnusableDatabase


def test_everything_of_a_person_is_distributed_by_its_bucket_and_nothing_else() -> None:
    columns = {table.name: citus.distribution_column(table) for table in SQLModel.metadata.sorted_tables}
    assert {name for name, column in columns.items() if column == "email_index"} == {"address"}
    by_bucket = {name for name, column in columns.items() if column == "bucket"}
    assert {"subscriber", "subscription", "cursor", "consent", "digest", "delivery", "request"} <= by_bucket
    assert not by_bucket & {"topic", "trial", "change", "slot", "run", "terms", "suppression", "event"}
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if columns[key.referred_table.name] == "bucket":
                assert "bucket" in key.column_keys, (table.name, key.column_keys)


async def test_a_database_without_citus_says_what_is_missing(database: AsyncEngine) -> None:
    with pytest.raises(UnusableDatabase, match="no extension citus"):
        await citus.distribute(database)
