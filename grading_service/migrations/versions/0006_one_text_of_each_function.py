"""The functions of the ledger have their current text in `ledger/sql`: one stores facts of every kind, one shapes a row.

Those that 0004 and 0005 made for each kind are dropped at once: no installation with data runs the release before.

Revision ID: 0006
Revises: 0005
"""

from alembic import op
from alembic.script import ScriptDirectory

from grading_service.ledger.functions import apply

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Each function with the digest of its text: whoever changes the text writes a migration that names the new digest.
functions = {
    "gradebook_row": "a8eb556d974de8ee",
    "insert_records": "3d055b3a90fab254",
    "write_grades": "449c4bfccb58108c",
}
SUPERSEDED = (
    *(f"{way}_{kind}" for way in ("store", "take") for kind in ("points", "marks", "scores")),
    "hold_grades",
)


def upgrade():
    apply(op.get_bind(), functions)
    for name in SUPERSEDED:
        op.execute(f"DROP FUNCTION grading.{name}")


def downgrade():
    for name in functions:
        op.execute(f"DROP FUNCTION grading.{name}")
    history = ScriptDirectory.from_config(op.get_context().config)
    for earlier in ("0004", "0005"):
        history.get_revision(earlier).module.upgrade()
