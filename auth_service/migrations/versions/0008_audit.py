"""Who changed what of accounts; a secret is only said to have changed."""

from libs.data import audit_triggers

revision = "0008_audit"
down_revision = "0007_second_factor"
branch_labels = None
depends_on = None

TABLES = (
    "user",
    "activation_code",
    "email_change",
    "totp",
    "passkey",
    "recovery_code",
)


def upgrade() -> None:
    """Keep every change with its author."""
    audit_triggers.create("auth")
    audit_triggers.watch("auth", "user", idle=("last_login_at", "roster_version", "created_at"), secret=("password_hash",))
    audit_triggers.watch("auth", "activation_code", secret=("code_hash",))
    audit_triggers.watch("auth", "email_change", idle=("told_at",), secret=("token_hash",))
    audit_triggers.watch("auth", "totp", key="user_id", idle=("last_step",), secret=("secret", "next_secret"))
    audit_triggers.watch("auth", "passkey", idle=("sign_count", "last_used_at"), secret=("credential_id", "public_key"))
    audit_triggers.watch("auth", "recovery_code", secret=("code_hash",))


def downgrade() -> None:
    """Keep none."""
    audit_triggers.drop("auth", TABLES)
