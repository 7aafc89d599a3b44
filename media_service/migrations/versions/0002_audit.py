"""Who uploaded, took away and brought back which file."""

from libs.data import audit_triggers

revision = "0002_audit"
down_revision = "0001_files"
branch_labels = None
depends_on = None

TABLES = ("file",)


def upgrade() -> None:
    """Keep every change with its author."""
    audit_triggers.create("media")
    audit_triggers.watch("media", "file", idle=("processed_at", "intact", "width", "height"))


def downgrade() -> None:
    """Keep none."""
    audit_triggers.drop("media", TABLES)
