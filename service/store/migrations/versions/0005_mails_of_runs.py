"""Runs keep how many mails they have in each state, once none of them waits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    mails = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    op.add_column("run", sa.Column("mails", mails, nullable=True))
    uncounted = sa.text("mails IS NULL AND digests > 0")
    op.create_index("run_uncounted", "run", ["id"], sqlite_where=uncounted, postgresql_where=uncounted)
