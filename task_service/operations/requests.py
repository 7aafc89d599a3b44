"""Take an order: store the job, then send its message; send again what still waits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from libs import log as logs
from libs.contracts.events.jobs import JOB_PROGRESSED, job_progressed_data
from libs.contracts.tasks import FAILED, QUEUED, RUNNING
from libs.data.db import on_commit, transaction
from libs.events.outbox import record
from libs.ids import uuid7
from libs.web.errors import RateLimited
from task_service.dispatch import send_job
from task_service.domain.jobs import GIVE_UP, WAIT, Limits, Unfinished, verdict
from task_service.models import Job, Outbox
from task_service.queries.jobs import jobs_unfinished

# Unfinished reports of one account: each takes a worker for seconds, and the next person waits behind them.
REPORTS_AT_ONCE = 10
WORKER_LOST = {"code": "worker_lost", "message": "The work was interrupted too often and was given up. Please ask for it again."}

log = logging.getLogger(__name__)


def request_job(
    *,
    kind: str,
    params: Mapping[str, Any],
    requested_by: int | None,
    now: datetime,
    job_id: UUID | None = None,
) -> UUID:
    """Store a job and have its message sent after the commit; return its id. An id that exists already changes nothing.

    Args:
        kind: a key of `libs.contracts.tasks.KINDS`.
        params: checked by the caller.
        requested_by: the user who follows it, if any.
        now: when it is asked for; it may begin from then on.
        job_id: the caller's own id.
    """
    job_id = job_id or uuid7()
    with transaction() as session:
        values = {
            "id": job_id,
            "kind": kind,
            "params": dict(params),
            "requested_by": requested_by,
            "request_id": logs.request_id.get(),
            "status": QUEUED,
            "not_before": now,
            "created_at": now,
        }
        new = session.execute(
            insert(Job).values(**values).on_conflict_do_nothing(index_elements=["id"]).returning(Job.id)
        ).first()
        if new:
            announce(session, {"id": job_id, "requested_by": requested_by, "status": QUEUED, "progress": 0}, now=now)
            on_commit(partial(send_and_note, job_id=job_id, kind=kind, now=now))
    return job_id


def order_report(*, kind: str, params: Mapping[str, Any], requested_by: int, now: datetime) -> UUID:
    """Store a report's job for a person who has not too many waiting already; return its id.

    Raises:
        RateLimited: they have.
    """
    with transaction() as session:
        # Of many orders at once each counts those before it.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": f"ops:reports:{requested_by}"})
        unfinished = select(func.count()).where(
            Job.requested_by == requested_by, Job.kind == kind, Job.status.in_((QUEUED, RUNNING))
        )
        if session.execute(unfinished).scalar_one() >= REPORTS_AT_ONCE:
            raise RateLimited(
                f"{REPORTS_AT_ONCE} reports of yours are still being made. Nothing was ordered; wait for one of them.",
                code="reports_waiting",
                retry_after=30,
            )
        return request_job(kind=kind, params=params, requested_by=requested_by, now=now)


def announce(session: Session, row: Mapping[str, Any], *, now: datetime) -> None:
    """Tell the person who asked how far a job is, in the transaction that changed it."""
    if row["requested_by"] is None:
        return
    data = job_progressed_data(
        job_id=row["id"],
        user_id=row["requested_by"],
        status=row["status"],
        progress=row["progress"],
        result=row.get("result"),
        error=row.get("error"),
    )
    record(session, Outbox, JOB_PROGRESSED, data, now=now)


def send_and_note(*, job_id: UUID, kind: str, now: datetime) -> bool:
    """Send a job's message and note it; return whether the broker took it. What is not noted is sent again."""
    if not send_job(job_id, kind):
        return False
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(sends=Job.sends + 1, sent_at=now))
    return True


def sweep_jobs(*, limits: Limits, now: datetime) -> int:
    """Send again what waits too long, take back what a dead worker left, give up what failed too often; return how many."""
    touched = 0
    for row in jobs_unfinished(now):
        what = verdict(_unfinished(row), limits, now)
        if what == WAIT:
            continue
        if row["status"] == RUNNING and not _take_back(row, give_up=what == GIVE_UP, now=now):
            continue
        if what != GIVE_UP and not send_and_note(job_id=row["id"], kind=row["kind"], now=now):
            # The broker is down for the others too.
            return touched
        touched += 1
    return touched


def _take_back(row: Mapping[str, Any], *, give_up: bool, now: datetime) -> bool:
    """Return whether the dead attempt was still the current one and is ended now."""
    values: dict[str, Any] = {"status": QUEUED, "lease_until": None, "message": "Interrupted; starting again."}
    if give_up:
        values = {"status": FAILED, "lease_until": None, "error": WORKER_LOST, "message": "", "finished_at": now}
    with transaction() as session:
        changed = session.execute(
            update(Job)
            .where(
                Job.id == row["id"], Job.status == RUNNING, Job.attempts == row["attempts"], Job.lease_until == row["lease_until"]
            )
            .values(**values)
            .returning(Job.id, Job.requested_by, Job.status, Job.progress, Job.result, Job.error)
        ).mappings()
        ended = changed.first()
        if ended:
            announce(session, dict(ended), now=now)
            log.warning("a worker was lost", extra={"job_id": str(row["id"]), "kind": row["kind"], "given_up": give_up})
    return ended is not None


def _unfinished(row: Mapping[str, Any]) -> Unfinished:
    return Unfinished(
        running=row["status"] == RUNNING,
        attempts=row["attempts"],
        sends=row["sends"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        not_before=row["not_before"],
        lease_until=row["lease_until"],
        started_at=row["started_at"],
    )
