"""An event is kept as it was written: it is read whole, and taking it apart cost more than the write it tells of.

Revision ID: 0002_events_as_written
Revises: 0001_jobs
"""

from alembic import op
from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_events_as_written"
down_revision = "0001_jobs"
branch_labels = None
depends_on = None


def upgrade():
    op.alter_column("outbox", "data", schema="ops", existing_type=JSONB(), type_=JSON(), postgresql_using="data::json")


def downgrade():
    op.alter_column("outbox", "data", schema="ops", existing_type=JSON(), type_=JSONB(), postgresql_using="data::jsonb")
