"""What a worker writes while it does a job. Every write is fenced by the attempt that was claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from libs.contracts.tasks import FAILED, KINDS, QUEUED, RUNNING, SUCCEEDED
from libs.data.db import transaction
from libs.web.errors import Conflict
from task_service.models import Job
from task_service.operations.requests import announce


@dataclass(frozen=True)
class Claim:
    """A job that this process, and no other, is doing."""

    id: UUID
    kind: str
    params: Mapping[str, Any]
    attempt: int
    requested_by: int | None
    request_id: str


class JobLost(Conflict):
    """Another attempt has taken the job over: this one stops and writes nothing more."""

    message = "Another worker has taken this job over."


def claim_job(*, job_id: UUID, lease: int, now: datetime) -> Claim | None:
    """Take a waiting job, or one whose worker died, for `lease` seconds; None when there is nothing to do."""
    free = (Job.status == QUEUED) | ((Job.status == RUNNING) & (Job.lease_until < now))
    with transaction() as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, free, Job.not_before <= now + timedelta(seconds=1))
            .values(
                status=RUNNING,
                attempts=Job.attempts + 1,
                lease_until=now + timedelta(seconds=lease),
                started_at=func.coalesce(Job.started_at, now),
                message="",
            )
            .returning(Job.__table__)
        ).mappings()
        row = taken.first()
        if row is None:
            return None
        announce(session, dict(row), now=now)
    return Claim(row["id"], row["kind"], row["params"], row["attempts"], row["requested_by"], row["request_id"])


def extend_lease(*, claim: Claim, lease: int, now: datetime) -> None:
    """Say that the work goes on.

    Raises:
        JobLost
    """
    with transaction() as session:
        _write(session, claim, lease_until=now + timedelta(seconds=lease))


def report_progress(*, claim: Claim, percent: int, message: str, now: datetime) -> None:
    """Show how far the work is: whole percent and one short sentence. Another attempt never shows less than the one before it.

    Raises:
        JobLost
    """
    with transaction() as session:
        progress = func.greatest(Job.progress, max(0, min(99, percent)))
        announce(session, _write(session, claim, progress=progress, message=message[:300]), now=now)


def succeed_job(*, claim: Claim, result: Mapping[str, Any], now: datetime) -> None:
    """Store what came of the work.

    Raises:
        JobLost
    """
    ended = {"status": SUCCEEDED, "progress": 100, "message": "", "result": dict(result), "error": None}
    with transaction() as session:
        announce(session, _write(session, claim, **ended, **_closed(claim, now)), now=now)


def fail_job(*, claim: Claim, code: str, message: str, now: datetime) -> None:
    """Store why the work is given up.

    Raises:
        JobLost
    """
    ended = {"status": FAILED, "message": "", "error": {"code": code, "message": message}}
    with transaction() as session:
        announce(session, _write(session, claim, **ended, **_closed(claim, now)), now=now)


def postpone_job(*, claim: Claim, seconds: float, message: str, now: datetime) -> None:
    """Give the job back for another try in `seconds`.

    Raises:
        JobLost
    """
    again = {
        "status": QUEUED,
        "not_before": now + timedelta(seconds=seconds),
        "lease_until": None,
        "message": message[:300],
    }
    with transaction() as session:
        # The worker sends the retry itself; noting it keeps the sweeper from sending a second one at once.
        announce(session, _write(session, claim, **again, sent_at=now, sends=1), now=now)


def _closed(claim: Claim, now: datetime) -> dict[str, Any]:
    closed: dict[str, Any] = {"finished_at": now, "lease_until": None}
    # Codes, links and addresses are not kept longer than the work needs them.
    return closed | ({"params": {}} if KINDS[claim.kind].secret else {})


def _write(session: Session, claim: Claim, **values: Any) -> Mapping[str, Any]:
    mine = (Job.id == claim.id) & (Job.status == RUNNING) & (Job.attempts == claim.attempt)
    row = session.execute(update(Job).where(mine).values(**values).returning(Job.__table__)).mappings().first()
    if row is None:
        raise JobLost()
    return dict(row)
