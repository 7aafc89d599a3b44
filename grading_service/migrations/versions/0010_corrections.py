"""A record names what it corrects and what its writer saw; its place in the order and why it has no effect are kept with it.

Existing records have none of it: they are ordered by when they happened, as before.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from grading_service.ledger.functions import apply

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

functions = {"insert_records": "03c7509c0d566454"}
COLUMNS = {
    "record": (
        ("supersedes", sa.Uuid()),
        ("based_on", sa.Uuid()),
        ("ordered_at", sa.DateTime(timezone=True)),
        ("set_aside", sa.String(length=20)),
    ),
    "mark": (("replaced_id", sa.Uuid()), ("ordered_at", sa.DateTime(timezone=True))),
    "score": (("ordered_at", sa.DateTime(timezone=True)),),
}


def upgrade():
    for table, columns in COLUMNS.items():
        for name, type_ in columns:
            op.add_column(table, sa.Column(name, type_, nullable=True), schema="grading")
    apply(op.get_bind(), functions)


def downgrade():
    """Leave the function: 0006 applies its current text, too."""
    for table, columns in COLUMNS.items():
        for name, _ in columns:
            op.drop_column(table, name, schema="grading")
