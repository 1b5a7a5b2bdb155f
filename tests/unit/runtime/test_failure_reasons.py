"""Errors of databases in words."""

import psycopg.errors
import pytest

from service.runtime.failure_reasons import reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.errors.UndefinedTable('relation "topic" does not exist'), "the tables are missing"),
        (psycopg.errors.UndefinedColumn('column "x" does not exist'), "the tables are of another version"),
        (psycopg.errors.InvalidCatalogName('database "x" does not exist'), "no such database"),
        (psycopg.OperationalError('role "x" does not exist'), "no such database or user"),
    ],
)
def test_a_missing_table_column_database_or_user_is_named(error: Exception, words: str) -> None:
    assert words in reason(error)
