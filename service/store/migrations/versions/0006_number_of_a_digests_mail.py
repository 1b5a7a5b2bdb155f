"""A digest's mail has the number of its digest: the primary key replaces an index of its own.

Processes of the version before go on: they number a mail by itself, from the same sequence.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("one_delivery_per_digest", table_name="delivery")
