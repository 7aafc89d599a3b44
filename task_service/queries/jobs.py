"""Facts about jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from libs.contracts.tasks import QUEUED, RUNNING
from libs.data.db import reading
from libs.web.lists import INSTANT, UUID_, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page
from task_service.models import Job, ScheduleRun

JOB = Job.__table__
# Never params: they may hold a code or an address.
_SHOWN = (
    JOB.c.id,
    JOB.c.kind,
    JOB.c.status,
    JOB.c.progress,
    JOB.c.message,
    JOB.c.result,
    JOB.c.error,
    JOB.c.attempts,
    JOB.c.requested_by,
    JOB.c.created_at,
    JOB.c.started_at,
    JOB.c.finished_at,
)
JOBS = Listing(
    source="ops.job j",
    id=Key("j.id", UUID_),
    fields=columns_of("j", [column.name for column in _SHOWN]),
    sorts={
        "created_at": (Key("j.created_at", INSTANT),),
        "finished_at": (Key("j.finished_at", INSTANT, nullable=True),),
        "kind": (Key("j.kind"),),
        "status": (Key("j.status"),),
    },
    default_sort="-created_at",
    instants=("created_at", "started_at", "finished_at"),
)
SWEEP_BATCH = 50


def job_by_id(job_id: UUID) -> Mapping[str, Any] | None:
    """Return what may be shown of a job, or None."""
    with reading() as connection:
        row = connection.execute(select(*_SHOWN).where(JOB.c.id == job_id)).mappings().first()
        return dict(row) if row else None


def jobs_page(requested_by: int | None, status: str | None, kind: str | None, page: Page) -> bytes:
    """Return a page of jobs as JSON, the newest first: of one user, or of everybody when `requested_by` is None."""
    return page_bytes(JOBS, page, Filter().equal(j_requested_by=requested_by, j_status=status, j_kind=kind))


def jobs_unfinished(now: datetime) -> list[Mapping[str, Any]]:
    """Return the oldest jobs that wait or run without a valid lease, for the sweeper."""
    due = (
        select(JOB)
        .where(
            ((JOB.c.status == QUEUED) & (JOB.c.not_before <= now))
            | ((JOB.c.status == RUNNING) & (func.coalesce(JOB.c.lease_until, JOB.c.created_at) < now))
        )
        # What was never sent comes first, or a long healthy queue would hide it.
        .order_by(JOB.c.sent_at.asc().nulls_first(), JOB.c.created_at)
        .limit(SWEEP_BATCH)
    )
    with reading() as connection:
        return [dict(row) for row in connection.execute(due).mappings()]


def last_firings() -> dict[str, datetime]:
    """Return when each schedule entry was last fired; one late firing stands for every time missed before it."""
    latest = select(ScheduleRun.task, func.max(ScheduleRun.fired_at).label("at")).group_by(ScheduleRun.task)
    with reading() as connection:
        return {row.task: row.at for row in connection.execute(latest)}
