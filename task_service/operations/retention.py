"""Forget jobs and firings that nobody asks for any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from libs.data.db import affected, transaction
from task_service.models import Job, ScheduleRun

KEPT = timedelta(days=90)
BATCH = 5_000


def forget_old_jobs(*, now: datetime) -> int:
    """Delete up to 5,000 jobs that ended more than ninety days before `now`, and old firings; return how many jobs.

    The documents they made are files of their own and stay.
    """
    fired = select(ScheduleRun.id).where(ScheduleRun.fired_at < now - KEPT).limit(BATCH)
    remembered = select(ScheduleRun.id).where(ScheduleRun.job_id == Job.id).exists()
    ended = select(Job.id).where(Job.finished_at < now - KEPT, ~remembered).limit(BATCH)
    with transaction() as session:
        session.execute(delete(ScheduleRun).where(ScheduleRun.id.in_(fired)))
        return affected(session.execute(delete(Job).where(Job.id.in_(ended))))
