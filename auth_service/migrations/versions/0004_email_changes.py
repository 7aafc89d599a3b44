"""Whose address a password is reset by changes hands slowly, and a session knows when its owner last gave the password.

Revision ID: 0004_email_changes
Revises: 0003_security_events_append_only
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_email_changes"
down_revision = "0003_security_events_append_only"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("session", sa.Column("proved_at", sa.DateTime(timezone=True)), schema="auth")
    op.create_table(
        "email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=True),
        sa.Column("new_email", sa.String(length=254), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'undone', 'refused', 'replaced')", name=op.f("ck_email_change_state_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["auth.user.id"], name=op.f("fk_email_change_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_email_change_token_hash")),
        schema="auth",
    )
    op.create_index("ix_email_change_user_id", "email_change", ["user_id"], schema="auth")
    op.create_index(
        "uq_email_change_waiting",
        "email_change",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
        schema="auth",
    )


def downgrade():
    op.drop_table("email_change", schema="auth")
    op.drop_column("session", "proved_at", schema="auth")
