"""The runs that were cancelled for good are found at once: each batch of digests asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for_good = sa.text("state = 'cancelled' AND news = 'never'")
    op.create_index("run_never_reported", "run", ["id"], sqlite_where=for_good, postgresql_where=for_good)
