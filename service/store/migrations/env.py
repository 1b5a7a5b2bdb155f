"""Alembic's entry: runs the migrations on the connection that `service.store.sql.schema` gives."""

from alembic import context
from sqlmodel import SQLModel

import service.store.sql.tables  # noqa: F401  (declares the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
