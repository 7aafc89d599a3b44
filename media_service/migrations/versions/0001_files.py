"""Files and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_files"
down_revision = None

UNPROCESSED = sa.text("processed_at IS NULL AND deleted_at IS NULL")


def upgrade() -> None:
    """Create the tables of schema `media`."""
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("access", sa.String(length=10), nullable=False),
        sa.Column("storage", sa.String(length=20), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("intact", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("processed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("access IN ('owner', 'staff')", name=op.f("ck_file_access_known")),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        schema="media",
    )
    op.create_index("ix_file_owner_created", "file", ["owner_user_id", "created_at"], unique=False, schema="media")
    op.create_index(
        "ix_file_unprocessed",
        "file",
        ["created_at"],
        unique=False,
        schema="media",
        postgresql_where=UNPROCESSED,
    )
    op.create_table(
        "idempotency_key",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_key")),
        schema="media",
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("idempotency_key", schema="media")
    op.drop_index(
        "ix_file_unprocessed",
        table_name="file",
        schema="media",
        postgresql_where=UNPROCESSED,
    )
    op.drop_index("ix_file_owner_created", table_name="file", schema="media")
    op.drop_table("file", schema="media")
