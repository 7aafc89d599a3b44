"""A student number is one whatever its dashes, a withdrawn record holds no name, and an import knows what was decided of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007_one_person_one_id"
down_revision = "0006_revisions"

KEY = (
    r"CASE WHEN normalize(student_id, NFKC) ~ '^[0-9]([ \-\u2010-\u2015\u2212]*[0-9])*$' "
    r"THEN regexp_replace(normalize(student_id, NFKC), '[^0-9]', '', 'g') ELSE lower(student_id) END"
)
PRESENT = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    """Compare student numbers by their digits."""
    op.add_column("cadet", sa.Column("student_key", sa.Text(), sa.Computed(KEY, persisted=True), nullable=False), schema="roster")
    _refuse_doubles()
    op.drop_index("uq_cadet_student_id_lower", "cadet", schema="roster")
    op.drop_index("uq_cadet_username_lower", "cadet", schema="roster")
    op.create_index("uq_cadet_student_key", "cadet", ["student_key"], unique=True, schema="roster", postgresql_where=PRESENT)
    username = [sa.literal_column("lower(username)")]
    op.create_index("uq_cadet_username_lower", "cadet", username, unique=True, schema="roster", postgresql_where=PRESENT)
    for name in ("decisions", "kept"):
        column = sa.Column(name, postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
        op.add_column("cadet_import", column, schema="roster")


def _refuse_doubles() -> None:
    # Which of two cadets has the wrong number is for the office to say, with the release before still running.
    query = (
        "SELECT string_agg(student_id || ' (cadet ' || id || ')', ', ' ORDER BY id) FROM roster.cadet WHERE withdrawn_at IS NULL"
    )
    doubles = [row[0] for row in op.get_bind().execute(sa.text(f"{query} GROUP BY student_key HAVING count(*) > 1"))]
    if doubles:
        raise ValueError(f"Two cadets have one student number. Give one of each its own, then migrate: {'; '.join(doubles)}")


def downgrade() -> None:
    """Compare student ids by their letters again; a withdrawn record gives up the names that somebody else may have by now."""
    for name in ("kept", "decisions"):
        op.drop_column("cadet_import", name, schema="roster")
    freed = "UPDATE roster.cadet SET student_id = 'withdrawn ' || id, username = 'withdrawn ' || id"
    op.execute(f"{freed} WHERE withdrawn_at IS NOT NULL")
    op.drop_index("uq_cadet_username_lower", "cadet", schema="roster")
    op.drop_column("cadet", "student_key", schema="roster")
    for name in ("student_id", "username"):
        op.create_index(f"uq_cadet_{name}_lower", "cadet", [sa.literal_column(f"lower({name})")], unique=True, schema="roster")
