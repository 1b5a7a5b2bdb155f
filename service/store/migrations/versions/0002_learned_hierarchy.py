"""What was learned of the hierarchy of conditions and is not applied yet."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learned_condition",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("done_up_to", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("learned_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learned_condition_is_closed"), ["is_closed"], unique=False)

    op.create_table(
        "learned_trial",
        sa.Column("nct_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("nct_id"),
    )
