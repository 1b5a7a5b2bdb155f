"""first schema."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import service.store.sql.columns
from service.store.sql.ids import sqlite_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "address",
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("email_index"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("changed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "bucket_lease",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("worker", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("lease_until", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket"),
    )
    op.create_table(
        "canary",
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("emitted_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("returned_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("frequency"),
    )
    op.create_table(
        "change",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("nct_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("recorded_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("corrects", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("told_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("replaced_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_nct_id"), ["nct_id"], unique=False)

    op.create_table(
        "change_topic",
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", "seq"),
    )
    with op.batch_alter_table("change_topic", schema=None) as batch_op:
        batch_op.create_index("change_topic_of_change", ["seq", "topic_id"], unique=False)

    op.create_table(
        "condition_closure",
        sa.Column("condition", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ancestor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("condition", "ancestor"),
    )
    with op.batch_alter_table("condition_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_closure_ancestor"), ["ancestor"], unique=False)

    op.create_table(
        "condition_parent",
        sa.Column("child", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("child", "parent"),
    )
    with op.batch_alter_table("condition_parent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_parent_parent"), ["parent"], unique=False)

    op.create_table(
        "condition_state",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("observed_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("replaced_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("condition_state", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_state_replaced_by"), ["replaced_by"], unique=False)

    op.create_table(
        "condition_xref",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("xref", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key", "xref"),
    )
    with op.batch_alter_table("condition_xref", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_xref_xref"), ["xref"], unique=False)

    op.create_table(
        "daily_figure",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("day", "name"),
    )
    op.create_table(
        "delivery",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("context", sa.LargeBinary(), nullable=True),
        sa.Column("passes_suppression", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("message_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("lease_until", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("first_attempt_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("server_reply", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "history",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("delivery_created", ["created_at"], unique=False, postgresql_using="brin")
        batch_op.create_index(
            "delivery_leased",
            ["bucket", "lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index(
            "delivery_message_key",
            ["bucket", "message_key"],
            unique=False,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.create_index("delivery_of_run", ["bucket", "run_id"], unique=False)
        batch_op.create_index("delivery_of_subscriber", ["bucket", "subscriber_id", "id"], unique=False)
        batch_op.create_index(
            "delivery_queue",
            ["bucket", "priority", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.create_index(
            "one_delivery_per_digest",
            ["bucket", "digest_id"],
            unique=True,
            sqlite_where=sa.text("digest_id IS NOT NULL"),
            postgresql_where=sa.text("digest_id IS NOT NULL"),
        )

    op.create_table(
        "digest",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column(
            "told",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("taken_back", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("catches_up", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
        sa.UniqueConstraint("bucket", "subscriber_id", "run_id"),
    )
    op.create_table(
        "ended_session",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("observed_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("received_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("processed_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "event_id"),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "event_in_trouble",
            ["state", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('dead', 'conflict')"),
            postgresql_where=sa.text("state IN ('dead', 'conflict')"),
        )
        batch_op.create_index(
            "event_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'received'"),
            postgresql_where=sa.text("state = 'received'"),
        )
        batch_op.create_index(batch_op.f("ix_event_received_at"), ["received_at"], unique=False)

    op.create_table(
        "liveness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("database_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mail_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mail_quota",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("mailbox", sa.LargeBinary(), nullable=False),
        sa.Column("at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    with op.batch_alter_table("mail_quota", schema=None) as batch_op:
        batch_op.create_index("mail_quota_at", ["bucket", "at"], unique=False)
        batch_op.create_index("mail_quota_mailbox", ["bucket", "mailbox"], unique=False)

    op.create_table(
        "mail_release",
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("what"),
    )
    op.create_table(
        "request",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    op.create_table(
        "send_receipt",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("claim", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ids", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "claim", "number"),
    )
    op.create_table(
        "sent_count",
        sa.Column("since", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("since"),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("zone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("low_water_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("frequency", "zone", "hour", "weekday"),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index("slot_due", ["due_at"], unique=False)

    op.create_table(
        "subscriber",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("public_id", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("locale", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("timezone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("paused_until", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("terms_version", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("address_changed_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("bucket", "id"),
        sa.UniqueConstraint("bucket", "public_id"),
    )
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.create_index("subscriber_key", ["bucket", "key_id"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_index"),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("material", sa.Boolean(), nullable=False),
        sa.Column("published_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("pause_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version"),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("followable", sa.Boolean(), nullable=False),
        sa.Column("last_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_any_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("joined_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["joined_id"],
            ["topic.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_joined_id"), ["joined_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_last_any_seq"), ["last_any_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_last_seq"), ["last_seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_slug"), ["slug"], unique=False)

    op.create_table(
        "topic_word",
        sa.Column(
            "topic_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", "word"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("topic_word", schema=None) as batch_op:
        batch_op.create_index("topic_word_of_kind", ["word", "kind", "topic_id"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("received_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_received_at"), ["received_at"], unique=False)

    op.create_table(
        "word_ending",
        sa.Column("ending", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("ending", "word"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wording",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "worker",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("host", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("started_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "wrapped_key",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "address_change",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bucket", "subscriber_id"],
            ["subscriber.bucket", "subscriber.id"],
        ),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    with op.batch_alter_table("address_change", schema=None) as batch_op:
        batch_op.create_index("address_change_of_subscriber", ["bucket", "subscriber_id"], unique=False)

    op.create_table(
        "bounce_count",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subscriber_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "failures",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["bucket", "subscriber_id"],
            ["subscriber.bucket", "subscriber.id"],
        ),
        sa.PrimaryKeyConstraint("bucket", "subscriber_id"),
    )
    op.create_table(
        "condition_name",
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("folded", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("mentioned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topic.id"],
        ),
        sa.PrimaryKeyConstraint("topic_id", "folded"),
    )
    with op.batch_alter_table("condition_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_name_folded"), ["folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_condition_name_name_key"), ["name_key"], unique=False)

    op.create_table(
        "consent",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("terms_version", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("wording_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wording_sha256"],
            ["wording.sha256"],
        ),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("consent_of_subscriber", ["bucket", "subscriber_id"], unique=False)

    op.create_table(
        "cursor",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subscriber_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prior_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bucket", "subscriber_id"],
            ["subscriber.bucket", "subscriber.id"],
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"],
            ["slot.id"],
        ),
        sa.PrimaryKeyConstraint("bucket", "subscriber_id", "frequency"),
    )
    with op.batch_alter_table("cursor", schema=None) as batch_op:
        batch_op.create_index(
            "cursor_behind",
            ["bucket", "slot_id", "subscriber_id"],
            unique=False,
            sqlite_where=sa.text("behind"),
            postgresql_where=sa.text("behind"),
        )
        batch_op.create_index("cursor_slot", ["bucket", "slot_id", "subscriber_id"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("due_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("planned_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "period_start_seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.Column("to_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digests", sa.Integer(), nullable=False),
        sa.Column("news", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("most_news", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "buckets_left",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            server_default="[]",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"],
            ["slot.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slot_id", "due_at"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_frequency"), ["frequency"], unique=False)
        batch_op.create_index(batch_op.f("ix_run_planned_at"), ["planned_at"], unique=False)
        batch_op.create_index(
            "run_in_planning",
            ["slot_id"],
            unique=True,
            sqlite_where=sa.text("state = 'planning'"),
            postgresql_where=sa.text("state = 'planning'"),
        )

    op.create_table(
        "subscription",
        sa.Column("bucket", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("frequency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "filters",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("small_changes", sa.Boolean(), nullable=False),
        sa.Column("active_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resume_after_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("in_planning", sa.Boolean(), nullable=False),
        sa.Column("end_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("confirmation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("activated_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bucket", "subscriber_id"],
            ["subscriber.bucket", "subscriber.id"],
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topic.id"],
        ),
        sa.PrimaryKeyConstraint("bucket", "id"),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(
            "one_active_subscription",
            ["bucket", "subscriber_id", "topic_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(
            "one_pending_subscription",
            ["bucket", "subscriber_id", "topic_id", "confirmation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(
            "subscription_catching_up",
            ["bucket", "subscriber_id"],
            unique=False,
            sqlite_where=sa.text("resume_after_seq IS NOT NULL"),
            postgresql_where=sa.text("resume_after_seq IS NOT NULL"),
        )
        batch_op.create_index(
            "subscription_in_planning",
            ["bucket", "topic_id", "frequency", "subscriber_id"],
            unique=False,
            sqlite_where=sa.text("in_planning"),
            postgresql_where=sa.text("in_planning"),
        )
        batch_op.create_index(
            "subscription_of_subscriber", ["bucket", "subscriber_id", "state"], unique=False
        )
        batch_op.create_index(
            "subscription_over",
            ["bucket", "subscriber_id"],
            unique=False,
            sqlite_where=sa.text("in_planning AND state = 'ended'"),
            postgresql_where=sa.text("in_planning AND state = 'ended'"),
        )

    op.create_table(
        "trial",
        sa.Column("nct_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("snapshot_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remembered", sa.Text(), nullable=True),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("merged_into", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("folded_revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topic.id"],
        ),
        sa.PrimaryKeyConstraint("nct_id"),
    )
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "trial_revision",
        sa.Column("nct_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("observed_on", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("may_notify", sa.Boolean(), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("received_at", service.store.sql.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nct_id", "revision"),
    )
    with op.batch_alter_table("trial_revision", schema=None) as batch_op:
        batch_op.create_index(
            "trial_revision_received", ["received_at"], unique=False, postgresql_using="brin"
        )

    op.execute("INSERT INTO log_head (id, seq) VALUES (1, 0)")
    buckets = sa.table("bucket_lease", sa.column("bucket", sa.SmallInteger))
    op.bulk_insert(buckets, [{"bucket": bucket} for bucket in range(16)])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE row_id")
        # Kept as they are: PostgreSQL's own compression of such texts costs more than all else about them.
        op.execute("ALTER TABLE event ALTER body SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE trial ALTER snapshot SET STORAGE EXTERNAL")
        # Rows that are updated in place: room for the new version beside the old one spares their indexes.
        op.execute("ALTER TABLE cursor SET (fillfactor = 50)")
        op.execute("ALTER TABLE digest SET (fillfactor = 50)")
    else:
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('row_id', 0)")
        for statement in sqlite_triggers():
            op.execute(statement)
