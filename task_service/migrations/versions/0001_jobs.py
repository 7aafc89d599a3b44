"""Jobs, firings of the schedule, outbox and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_jobs"
down_revision = None


def upgrade() -> None:
    """Create the tables of schema `ops`."""
    op.create_table(
        "idempotency_key",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_key")),
        schema="ops",
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("params", postgresql.JSONB(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("error", postgresql.JSONB(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('queued', 'running', 'succeeded', 'failed')", name=op.f("ck_job_status_known")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_job_progress_percent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        schema="ops",
    )
    op.create_index("ix_job_created", "job", ["created_at"], unique=False, schema="ops")
    op.create_index("ix_job_requested_by_created", "job", ["requested_by", "created_at"], unique=False, schema="ops")
    op.create_index(
        "ix_job_unfinished",
        "job",
        ["created_at"],
        unique=False,
        schema="ops",
        postgresql_where=sa.text("status IN ('queued', 'running')"),
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
        schema="ops",
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["id"], unique=False, schema="ops", postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_table(
        "schedule_run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["ops.job.id"], name=op.f("fk_schedule_run_job_id_job"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_run")),
        sa.UniqueConstraint("task", "scheduled_for", name=op.f("uq_schedule_run_task_scheduled_for")),
        schema="ops",
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("schedule_run", schema="ops")
    op.drop_index("ix_outbox_unpublished", table_name="outbox", schema="ops", postgresql_where=sa.text("published_at IS NULL"))
    op.drop_table("outbox", schema="ops")
    op.drop_index(
        "ix_job_unfinished", table_name="job", schema="ops", postgresql_where=sa.text("status IN ('queued', 'running')")
    )
    op.drop_index("ix_job_requested_by_created", table_name="job", schema="ops")
    op.drop_index("ix_job_created", table_name="job", schema="ops")
    op.drop_table("job", schema="ops")
    op.drop_table("idempotency_key", schema="ops")
