"""An import keeps its file as it was read, so that rows can be mended and judged again, and what officers answered.

A preview of before was kept as it was judged and cannot be mended; it lives a day at most, and is made anew from its file.

Revision ID: 0008_import_corrections
Revises: 0007_one_person_one_id
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008_import_corrections"
down_revision = "0007_one_person_one_id"
branch_labels = None
depends_on = None

# An import of before says nothing of its sheets.
NO_LAYOUT = '{"sheets": [], "dates": {"count": 0, "example": null, "order": null}}'


def upgrade():
    op.execute("DELETE FROM roster.cadet_import WHERE status = 'preview'")
    # An applied import is undone by its images; how its rows were judged is of no use to anybody.
    op.execute("""UPDATE roster.cadet_import SET parsed = '{"sheets": [], "rows": []}'""")
    for name in ("layout", "corrections"):
        column = sa.Column(name, JSONB(), nullable=False, server_default=sa.text("'{}'"))
        op.add_column("cadet_import", column, schema="roster")
    column = sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("1"))
    op.add_column("cadet_import", column, schema="roster")
    op.execute(sa.text("UPDATE roster.cadet_import SET layout = CAST(:layout AS jsonb)").bindparams(layout=NO_LAYOUT))


def downgrade():
    op.execute("DELETE FROM roster.cadet_import WHERE status = 'preview'")
    op.execute("UPDATE roster.cadet_import SET parsed = '[]'")
    for name in ("revision", "corrections", "layout"):
        op.drop_column("cadet_import", name, schema="roster")
