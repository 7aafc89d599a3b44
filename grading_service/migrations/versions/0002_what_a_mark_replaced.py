"""A mark and a score are put in force by the statement that stores their record; a mark remembers the status it replaced.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("mark", sa.Column("replaced", sa.String(length=20), nullable=True), schema="grading")


def downgrade():
    op.drop_column("mark", "replaced", schema="grading")
