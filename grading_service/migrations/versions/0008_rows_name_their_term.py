"""A gradebook row names its term: a batch over two terms is answered by the rows of both.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

from grading_service.ledger.functions import apply

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

functions = {"gradebook_row": "db78b34af523f128", "write_grades": "9336fba978a75b16"}


def upgrade():
    # With another list of parameters the new text makes a second function; no installation with data runs the release before.
    op.execute("DROP FUNCTION IF EXISTS grading.gradebook_row(grading.cadet_ref, grading.grade, text, text)")
    apply(op.get_bind(), functions)


def downgrade():
    """Leave the functions: 0006 applies their current text, too."""
