"""Who changed what of terms, days and policies; a record names its author itself."""

from libs.data import audit_triggers

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "term",
    "training_day",
    "policy",
)


def upgrade() -> None:
    """Keep every change with its author."""
    audit_triggers.create("grading")
    audit_triggers.watch("grading", "term", idle=("version", "created_at", "updated_at", "days_count"))
    audit_triggers.watch("grading", "training_day", idle=("version", "created_at", "updated_at"))
    audit_triggers.watch("grading", "policy", key="version")


def downgrade() -> None:
    """Keep none."""
    audit_triggers.drop("grading", TABLES)
