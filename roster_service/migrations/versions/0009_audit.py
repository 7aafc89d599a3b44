"""Who changed what of people, units and imports; of what is private, only that it changed."""

from libs.data import audit_triggers

revision = "0009_audit"
down_revision = "0008_import_corrections"
branch_labels = None
depends_on = None

TABLES = (
    "cadet",
    "staff",
    "unit",
    "course",
    "cadet_import",
)


def upgrade() -> None:
    """Keep every change with its author."""
    audit_triggers.create("roster")
    audit_triggers.watch(
        "roster",
        "cadet",
        idle=("version", "created_at", "updated_at", "sort_name", "has_seen_guide", "student_key", "search_text", "rank_order"),
        secret=("birthdate", "address", "religion"),
    )
    audit_triggers.watch(
        "roster",
        "staff",
        idle=("version", "created_at", "updated_at", "sort_name", "has_seen_guide"),
        secret=("birthdate", "address", "afpsn", "birthplace", "height", "weight", "blood_type", "civil_status"),
    )
    audit_triggers.watch("roster", "unit", idle=("version",))
    audit_triggers.watch("roster", "course")
    audit_triggers.watch(
        "roster", "cadet_import", idle=("parsed", "rows", "images", "corrections", "warnings", "layout", "revision", "decisions")
    )


def downgrade() -> None:
    """Keep none."""
    audit_triggers.drop("roster", TABLES)
