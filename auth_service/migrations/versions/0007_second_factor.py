"""A second step of signing in: codes of an app, passkeys, recovery codes.

Revision ID: 0007_second_factor
Revises: 0006_attempts_by_account
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_second_factor"
down_revision = "0006_attempts_by_account"
branch_labels = None
depends_on = None


def upgrade():
    off = sa.text("false")
    op.add_column("user", sa.Column("has_second_factor", sa.Boolean(), server_default=off, nullable=False), schema="auth")
    op.add_column("user", sa.Column("second_factor_due_at", sa.DateTime(timezone=True)), schema="auth")
    op.create_table(
        "totp",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=300), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_secret", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["auth.user.id"], name=op.f("fk_totp_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp")),
        schema="auth",
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["auth.user.id"], name=op.f("fk_passkey_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        schema="auth",
    )
    op.create_index("ix_passkey_user_id", "passkey", ["user_id"], schema="auth")
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["auth.user.id"], name=op.f("fk_recovery_code_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        schema="auth",
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"], schema="auth")
    op.create_table(
        "security_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('sign_in', 'add_passkey')", name=op.f("ck_security_step_purpose_known")),
        sa.ForeignKeyConstraint(["user_id"], ["auth.user.id"], name=op.f("fk_security_step_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_step")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_security_step_token_hash")),
        schema="auth",
    )
    op.create_index("ix_security_step_user_id", "security_step", ["user_id"], schema="auth")


def downgrade():
    for table in ("security_step", "recovery_code", "passkey", "totp"):
        op.drop_table(table, schema="auth")
    op.drop_column("user", "second_factor_due_at", schema="auth")
    op.drop_column("user", "has_second_factor", schema="auth")
