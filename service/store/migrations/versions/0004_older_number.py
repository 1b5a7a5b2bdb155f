"""A subscription says by which number its trial was asked for, if that was merged into it.

Pending ones are found by their topic. On SQLite, which takes a partial index only where a statement has the
words of its condition, those of boolean columns get the words that SQLAlchemy writes.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REBUILT = (
    (
        "subscription_in_planning",
        "subscription",
        ["bucket", "topic_id", "frequency", "subscriber_id"],
        "in_planning = 1",
    ),
    (
        "subscription_over",
        "subscription",
        ["bucket", "subscriber_id"],
        "in_planning = 1 AND state = 'ended'",
    ),
    ("cursor_behind", "cursor", ["bucket", "slot_id", "subscriber_id"], "behind = 1"),
)


def upgrade() -> None:
    number = sa.Column("older_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    op.add_column("subscription", number)
    pending = sa.text("state = 'pending'")
    op.create_index(
        "subscription_pending_of_topic",
        "subscription",
        ["bucket", "topic_id"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, table, columns, condition in _REBUILT:
            op.drop_index(name, table_name=table)
            op.create_index(name, table, columns, sqlite_where=sa.text(condition))
