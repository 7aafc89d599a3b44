"""The list of accounts says of each whether wrong tries hold it up."""

from alembic import op

revision = "0006_attempts_by_account"
down_revision = "0005_withdrawn_accounts"


def upgrade() -> None:
    """Find the attempts on an account by it."""
    op.create_index("ix_login_attempt_user_id_at", "login_attempt", ["user_id", "at"], schema="auth")


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_login_attempt_user_id_at", "login_attempt", schema="auth")
