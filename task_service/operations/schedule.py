"""Fire a schedule entry: its record and its job in one transaction, once for each scheduled time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from libs.data.db import transaction
from libs.ids import uuid7
from task_service.models import ScheduleRun
from task_service.operations.requests import request_job


def fire_schedule(*, task: str, scheduled_for: datetime, kind: str, params: Mapping[str, Any], now: datetime) -> UUID | None:
    """Order the job of schedule entry `task` for `scheduled_for`; None when somebody else has fired that already."""
    job_id = uuid7()
    firing = insert(ScheduleRun).values(task=task, scheduled_for=scheduled_for, fired_at=now, job_id=job_id)
    with transaction() as session:
        # The unique key decides between two beats; its row comes first, so the loser orders nothing.
        if session.execute(firing.on_conflict_do_nothing().returning(ScheduleRun.id)).first() is None:
            return None
        request_job(kind=kind, params=params, requested_by=None, now=now, job_id=job_id)
    return job_id
