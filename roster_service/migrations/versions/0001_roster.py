"""Cadets, staff, units, courses, imports, and what the kernel keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_roster"
down_revision = None

# Names in lower case without diacritics, out of immutable functions, so that a column can be generated from them.
NAMES = "last_name || ' ' || first_name || ' ' || coalesce(middle_name, '') || ' ' || coalesce(suffix_name, '')"
SORT_NAME = rf"lower(regexp_replace(normalize({NAMES}, NFKD), '[\u0300-\u036f]', '', 'g'))"
SEARCH_TEXT = (
    rf"lower(regexp_replace(normalize({NAMES} || ' ' || student_id || ' ' || username, NFKD), '[\u0300-\u036f]', '', 'g'))"
)
RANKS = "ARRAY['CDT','CDT 2LT','CDT 1LT','CDT CPT','CDT MAJ','CDT LTC','CDT COL']::text[]"
RANK_ORDER = f"coalesce(array_position({RANKS}, upper(rank)), 1)"
LISTED = sa.text("NOT is_archived AND withdrawn_at IS NULL")


def upgrade() -> None:
    """Create the tables of schema `roster`."""
    op.create_table(
        "cadet_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), server_default="preview", nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("summary", postgresql.JSONB(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(), nullable=False),
        sa.Column("parsed", postgresql.JSONB(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("images", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("applied_by", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('preview', 'applied', 'undone')", name=op.f("ck_cadet_import_status_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadet_import")),
        schema="roster",
    )
    op.create_index("ix_cadet_import_created_at", "cadet_import", ["created_at", "id"], unique=False, schema="roster")
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        comment="seeded",
        schema="roster",
    )
    op.create_index("uq_course_name_lower", "course", [sa.literal_column("lower(name)")], unique=True, schema="roster")
    op.create_table(
        "idempotency_key",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_key")),
        schema="roster",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="roster",
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["id"], unique=False, schema="roster", postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_revision_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        schema="roster",
    )
    op.create_table(
        "staff",
        sa.Column("position", sa.Text(), server_default="Instructor", nullable=False),
        sa.Column("profile_pic", sa.Text(), nullable=True),
        sa.Column("afpsn", sa.Text(), nullable=True),
        sa.Column("birthplace", sa.Text(), nullable=True),
        sa.Column("height", sa.Text(), nullable=True),
        sa.Column("weight", sa.Text(), nullable=True),
        sa.Column("blood_type", sa.Text(), nullable=True),
        sa.Column("civil_status", sa.Text(), nullable=True),
        sa.Column("nationality", sa.Text(), nullable=True),
        sa.Column("language_spoken", sa.Text(), nullable=True),
        sa.Column("combat_boots_size", sa.Text(), nullable=True),
        sa.Column("uniform_size", sa.Text(), nullable=True),
        sa.Column("bullcap_size", sa.Text(), nullable=True),
        sa.Column("facebook_link", sa.Text(), nullable=True),
        sa.Column("rotc_unit", sa.Text(), nullable=True),
        sa.Column("mobilization_center", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("suffix_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("contact_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("birthdate", sa.Date(), nullable=True),
        sa.Column("is_profile_completed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("has_seen_guide", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sort_name", sa.Text(), sa.Computed(SORT_NAME, persisted=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        schema="roster",
    )
    op.create_index("ix_staff_sort_name", "staff", ["sort_name", "id"], unique=False, schema="roster")
    op.create_index("uq_staff_email_lower", "staff", [sa.literal_column("lower(email)")], unique=True, schema="roster")
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(kind = 'battalion') = (parent_id IS NULL)", name=op.f("ck_unit_only_a_battalion_is_a_root")),
        sa.CheckConstraint("kind IN ('battalion', 'company', 'platoon', 'special')", name=op.f("ck_unit_kind_known")),
        sa.ForeignKeyConstraint(["parent_id"], ["roster.unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        comment="seeded",
        schema="roster",
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False, schema="roster")
    op.create_index(
        "uq_unit_parent_id_name_lower",
        "unit",
        [sa.literal_column("coalesce(parent_id, 0)"), sa.literal_column("lower(name)")],
        unique=True,
        schema="roster",
    )
    op.create_table(
        "cadet",
        sa.Column("student_id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=True),
        sa.Column("year_level", sa.Text(), nullable=True),
        sa.Column("school_year", sa.Text(), nullable=True),
        sa.Column("battalion", sa.Text(), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("platoon", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("cadet_course", sa.Text(), nullable=True),
        sa.Column("semester", sa.Text(), nullable=True),
        sa.Column("corp_position", sa.Text(), nullable=True),
        sa.Column("religion", sa.Text(), nullable=True),
        sa.Column("profile_pic", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="Ongoing", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), sa.Computed(SEARCH_TEXT, persisted=True), nullable=False),
        sa.Column("rank_order", sa.Integer(), sa.Computed(RANK_ORDER, persisted=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("suffix_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("contact_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("birthdate", sa.Date(), nullable=True),
        sa.Column("is_profile_completed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("has_seen_guide", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sort_name", sa.Text(), sa.Computed(SORT_NAME, persisted=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["roster.unit.id"], name=op.f("fk_cadet_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadet")),
        schema="roster",
    )
    op.create_index(
        "ix_cadet_listed_company",
        "cadet",
        ["company", "platoon", "sort_name", "id"],
        unique=False,
        schema="roster",
        postgresql_where=LISTED,
    )
    op.create_index(
        "ix_cadet_listed_sort_name", "cadet", ["sort_name", "id"], unique=False, schema="roster", postgresql_where=LISTED
    )
    op.create_index(op.f("ix_cadet_unit_id"), "cadet", ["unit_id"], unique=False, schema="roster")
    op.create_index("uq_cadet_student_id_lower", "cadet", [sa.literal_column("lower(student_id)")], unique=True, schema="roster")
    op.create_index("uq_cadet_username_lower", "cadet", [sa.literal_column("lower(username)")], unique=True, schema="roster")


def downgrade() -> None:
    """Drop the tables of schema `roster`."""
    for table in ("cadet", "unit", "staff", "revision", "outbox", "idempotency_key", "course", "cadet_import"):
        op.drop_table(table, schema="roster")
