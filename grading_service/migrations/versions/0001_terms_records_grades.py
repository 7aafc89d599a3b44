"""Terms, policies, training days, the record of facts and its projections.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from grading_service.domain.shipped_policies import SHIPPED

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_POLICIES = (1, 0, -1, -2, -3, -4, -5, -6)

_SHAPES = """CASE kind
    WHEN 'attendance' THEN cadet_id IS NOT NULL AND training_day_id IS NOT NULL AND status IS NOT NULL
    WHEN 'merit' THEN cadet_id IS NOT NULL AND points IS NOT NULL
    WHEN 'demerit' THEN cadet_id IS NOT NULL AND points IS NOT NULL
    WHEN 'score' THEN cadet_id IS NOT NULL AND exam IS NOT NULL
    WHEN 'void' THEN cadet_id IS NOT NULL AND target_id IS NOT NULL
    ELSE kind IN ('day_opened', 'day_cancelled', 'day_reinstated') AND cadet_id IS NULL AND training_day_id IS NOT NULL
END"""

# Graded facts and rules are corrected by adding to them. The database holds that, not only our code.
_APPEND_ONLY = """
CREATE FUNCTION grading.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'grading.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER record_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grading.record
    FOR EACH STATEMENT EXECUTE FUNCTION grading.refuse_change();
CREATE TRIGGER policy_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON grading.policy
    FOR EACH STATEMENT EXECUTE FUNCTION grading.refuse_change();
"""


def upgrade():
    op.create_table(
        "cadet_ref",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("student_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.Text(collation="C"), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("platoon", sa.Text(), nullable=True),
        sa.Column("cadet_course", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("is_archived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadet_ref")),
        schema="grading",
    )
    op.create_index(
        "ix_cadet_ref_sort",
        "cadet_ref",
        ["sort_name", "id"],
        unique=False,
        schema="grading",
        postgresql_where=sa.text("NOT is_archived"),
    )
    op.create_index(
        "ix_cadet_ref_unit",
        "cadet_ref",
        ["company", "platoon", "sort_name", "id"],
        unique=False,
        schema="grading",
        postgresql_where=sa.text("NOT is_archived"),
    )
    op.create_table(
        "consumer_offset",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_consumer_offset")),
        schema="grading",
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
        schema="grading",
    )
    op.create_table(
        "mark",
        sa.Column("training_day_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.String(length=64, collation="C"), nullable=False),
        sa.Column("device_seq", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("training_day_id", "cadet_id", name=op.f("pk_mark")),
        schema="grading",
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_mark_term_cadet", "mark", ["term_id", "cadet_id"], unique=False, schema="grading")
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        schema="grading",
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["id"],
        unique=False,
        schema="grading",
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "parked_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("position", sa.String(length=80), nullable=False),
        sa.Column("event", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_event")),
        schema="grading",
    )
    op.create_table(
        "policy",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policy")),
        schema="grading",
        comment="seeded",
    )
    op.create_table(
        "score",
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cadet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("exam", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.String(length=64, collation="C"), nullable=False),
        sa.Column("device_seq", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term_id", "cadet_id", "exam", name=op.f("pk_score")),
        schema="grading",
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("school_year", sa.String(length=20), nullable=False),
        sa.Column("semester", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cadet_course", sa.String(length=60), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("days_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("days_count >= 0", name=op.f("ck_term_days_count_positive")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_term_ends_after_start")),
        sa.ForeignKeyConstraint(["policy_version"], ["grading.policy.version"], name=op.f("fk_term_policy_version_policy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        schema="grading",
    )
    op.create_index(
        "uq_term_identity",
        "term",
        ["name", "school_year", "semester", sa.literal_column("coalesce(cadet_course, '')")],
        unique=True,
        schema="grading",
    )
    op.create_table(
        "grade",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("cadet_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("late", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("excused", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("duty", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("absent", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("merits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("demerits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("attendance", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("aptitude", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("subject", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("final", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("transmuted", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=12), server_default=sa.text("'no_data'"), nullable=False),
        sa.Column("missing", sa.ARRAY(sa.String(length=40)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["cadet_id"], ["grading.cadet_ref.id"], name=op.f("fk_grade_cadet_id_cadet_ref")),
        sa.ForeignKeyConstraint(["term_id"], ["grading.term.id"], name=op.f("fk_grade_term_id_term")),
        sa.PrimaryKeyConstraint("term_id", "cadet_id", name=op.f("pk_grade")),
        schema="grading",
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "training_day",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["grading.term.id"], name=op.f("fk_training_day_term_id_term")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_day")),
        sa.UniqueConstraint("term_id", "date", name="uq_training_day_term_date"),
        schema="grading",
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("cadet_id", sa.Integer(), nullable=True),
        sa.Column("training_day_id", sa.Integer(), nullable=True),
        sa.Column("exam", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("points", sa.SmallInteger(), nullable=True),
        sa.Column("value", sa.Numeric(precision=7, scale=2), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.String(length=64, collation="C"), server_default="", nullable=False),
        sa.Column("device_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(_SHAPES, name=op.f("ck_record_shape")),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_record_points_range")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_record_value_positive")),
        sa.ForeignKeyConstraint(["cadet_id"], ["grading.cadet_ref.id"], name=op.f("fk_record_cadet_id_cadet_ref")),
        sa.ForeignKeyConstraint(["term_id"], ["grading.term.id"], name=op.f("fk_record_term_id_term")),
        sa.ForeignKeyConstraint(
            ["training_day_id"], ["grading.training_day.id"], name=op.f("fk_record_training_day_id_training_day")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        schema="grading",
    )
    op.create_index("ix_record_term_cadet", "record", ["term_id", "cadet_id"], unique=False, schema="grading")
    op.create_index(
        "uq_record_voided_once", "record", ["target_id"], unique=True, schema="grading", postgresql_where=sa.text("kind = 'void'")
    )

    policy = sa.table("policy", sa.column("version"), sa.column("name"), sa.column("rules", postgresql.JSONB), schema="grading")
    shipped = [SHIPPED[version] for version in _POLICIES]
    op.bulk_insert(policy, [{"version": rules.version, "name": rules.name, "rules": rules.to_dict()} for rules in shipped])
    op.execute(_APPEND_ONLY)


def downgrade():
    for table in ("record", "training_day", "grade", "term", "score", "policy", "parked_event", "outbox", "mark"):
        op.drop_table(table, schema="grading")
    for table in ("idempotency_key", "consumer_offset", "cadet_ref"):
        op.drop_table(table, schema="grading")
    op.execute("DROP FUNCTION grading.refuse_change()")
