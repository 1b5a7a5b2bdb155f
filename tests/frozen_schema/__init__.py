"""The frozen schema: a populated database of the migration 0001, which lives on after an upgrade.

`python -m tests.frozen_schema` writes tests/data/schema_0001 anew: a dump of each kind of database, and the
mails that had been sent from it.
"""
