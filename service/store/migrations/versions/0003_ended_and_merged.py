"""Subscriptions that ended with their trial are found by it, and trials that were merged at all."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ended = sa.text("end_reason IN ('merged', 'removed')")
    op.create_index(
        "subscription_ended_with_trial",
        "subscription",
        ["bucket", "topic_id"],
        sqlite_where=ended,
        postgresql_where=ended,
    )
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("trial_merged", "trial", ["nct_id"], sqlite_where=merged, postgresql_where=merged)
