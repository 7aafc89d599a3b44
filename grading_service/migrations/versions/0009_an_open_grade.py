"""A grade that can still change shows no final: what the records give so far, both ends and the outlook stand in its place.

No grade that is open keeps its number beyond this migration, and what is finished gets its columns here. Those of open grades are
filled by the comparison with the record, which runs every quarter of an hour; `./rgms grading rebuild` does it at once.
The release before may go on running meanwhile: `write_grades` keeps its numbers out of open grades, and the same comparison
fills the rest.

The shipped policies divide attendance by all days of a term, which for a finished grade is the same as by the marked ones.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from grading_service.domain.shipped_policies import SHIPPED
from grading_service.ledger.functions import apply

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

functions = {"gradebook_row": "6f47aaef439823a2", "write_grades": "778c5390dba4253f"}

SPECIAL = """CASE status WHEN 'Incomplete'::text THEN 'INC'::text WHEN 'Drop'::text THEN 'DO'::text
    WHEN 'Deferred'::text THEN 'T'::text ELSE NULL::text END"""
POINTS = ("so_far", "worst", "best")
# A finished grade is both its ends, and what it has so far.
FINISHED = """UPDATE grading.grade g SET
        so_far = jsonb_build_object('attendance', g.attendance::text, 'aptitude', g.aptitude::text, 'subject', g.subject::text,
            'total', g.final::text),
        worst = jsonb_build_object('points', g.final::text, 'grade', g.transmuted),
        best = jsonb_build_object('points', g.final::text, 'grade', g.transmuted),
        outlook = CASE WHEN g.transmuted = p.rules -> 'transmutation' ->> 'failing' THEN 'out_of_reach' ELSE 'passed' END
    FROM grading.term t JOIN grading.policy p ON p.version = t.policy_version
    WHERE t.id = g.term_id AND g.final IS NOT NULL"""


def upgrade():
    op.add_column("cadet_ref", sa.Column("special", sa.Text(), sa.Computed(SPECIAL, persisted=True)), schema="grading")
    for name in POINTS:
        op.add_column("grade", sa.Column(name, JSONB(), nullable=True), schema="grading")
    outlook = sa.Column("outlook", sa.String(length=12), server_default=sa.text("'open'"), nullable=False)
    op.add_column("grade", outlook, schema="grading")
    op.execute(
        """UPDATE grading.grade SET final = NULL, transmuted = NULL,
            attendance = CASE WHEN 'attendance' = ANY(missing) THEN NULL ELSE attendance END
        WHERE cardinality(missing) > 0 AND (final IS NOT NULL OR attendance IS NOT NULL)"""
    )
    op.execute(FINISHED)
    _correct_policies()
    apply(op.get_bind(), functions)


def _correct_policies():
    """Say of each rule set how it divides. The rules of a version stay: no finished grade becomes another."""
    connection = op.get_bind()
    op.execute("ALTER TABLE grading.policy DISABLE TRIGGER policy_is_append_only")
    table = sa.table("policy", sa.column("version"), sa.column("rules", JSONB), schema="grading")
    for policy in SHIPPED.values():
        connection.execute(table.update().where(table.c.version == policy.version).values(rules=policy.to_dict()))
    op.execute(
        """UPDATE grading.policy SET rules = jsonb_set(rules, '{attendance,divisor}', '"scheduled"')
        WHERE rules -> 'attendance' ->> 'divisor' = 'marked'"""
    )
    op.execute("ALTER TABLE grading.policy ENABLE TRIGGER policy_is_append_only")


def downgrade():
    """Leave the functions: 0006 applies their current text, too."""
    for name in (*POINTS, "outlook"):
        op.drop_column("grade", name, schema="grading")
    op.drop_column("cadet_ref", "special", schema="grading")
