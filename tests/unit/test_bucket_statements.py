"""The check of the statements finds a table without a bucket anywhere in a statement."""

import importlib

import pytest
from sqlalchemy import and_, delete, exists, insert, select, update

from service.store.sql import tables as t
from tests.bucket_statements import EVERYWHERE, unnamed

_s, _c = t.subscription, t.cursor


def test_a_statement_that_names_the_bucket_of_each_table_passes() -> None:
    of_person = and_(_s.c.bucket == 3, _s.c.subscriber_id == 7)
    beside = and_(_c.c.bucket == _s.c.bucket, _c.c.subscriber_id == _s.c.subscriber_id)
    for statement in (
        select(_s).where(of_person),
        select(_s).join(_c, beside).where(of_person),
        update(_s).where(of_person, exists().where(_c.c.bucket == 3, beside)).values(state="ended"),
        delete(_s).where(of_person),
        insert(_s).values(bucket=3, id=7),
        insert(_s).from_select(["bucket", "id"], select(_c.c.bucket, _c.c.seq).where(_c.c.bucket == 3)),
        select(t.topic),
        select(t.address),
    ):
        assert unnamed(statement) == []


def test_a_statement_over_all_buckets_is_found() -> None:
    other = _s.alias()
    for statement, names in (
        (select(_s).where(_s.c.subscriber_id == 7), ["subscription"]),
        (select(_s).where(_s.c.bucket.in_([1, 2])), ["subscription"]),
        (select(_s).where(_s.c.bucket > 1), ["subscription"]),
        (select(_s).join(_c, _c.c.subscriber_id == _s.c.subscriber_id).where(_s.c.bucket == 1), ["cursor"]),
        (select(_s).join(_c, _c.c.bucket == _s.c.bucket), ["cursor", "subscription"]),
        (select(_s).where(_s.c.bucket == 1, ~exists().where(other.c.topic_id == 4)), ["subscription"]),
        (select(_s).where(_s.c.bucket == 1, exists().where(_c.c.bucket == _s.c.bucket)), ["cursor"]),
        (update(_s).values(state="ended"), ["subscription"]),
        (delete(t.delivery).where(t.delivery.c.id == 1), ["delivery"]),
        (insert(_s).values(id=7), ["subscription"]),
        (insert(_s).from_select(["bucket", "id"], select(_c.c.bucket, _c.c.seq)), ["cursor"]),
    ):
        assert unnamed(statement) == names, statement


@pytest.mark.parametrize("name", EVERYWHERE)
def test_each_exception_is_there(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, function = name.rpartition(".")
        assert hasattr(importlib.import_module(module), function)
