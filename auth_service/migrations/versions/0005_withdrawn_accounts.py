"""The account of a cadet whose import was undone is closed for good, and a cadet may sign in by the student number."""

import sqlalchemy as sa
from alembic import op

revision = "0005_withdrawn_accounts"
down_revision = "0004_email_changes"


def upgrade() -> None:
    """Add both; the names that accounts have are mostly the numbers already, the rest follows with the roster's next word."""
    op.add_column("user", sa.Column("is_withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False), schema="auth")
    op.add_column("user", sa.Column("student_number", sa.String(length=254), nullable=True), schema="auth")
    op.create_index(op.f("ix_user_student_number"), "user", ["student_number"], unique=False, schema="auth")
    op.execute(
        """UPDATE auth."user" SET student_number = regexp_replace(username, '[^0-9]', '', 'g')
        WHERE role = 'cadet' AND username ~ '^[0-9]([ -]*[0-9])*$'"""
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_column("user", "student_number", schema="auth")
    op.drop_column("user", "is_withdrawn", schema="auth")
