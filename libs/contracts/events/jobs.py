"""The events of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.contracts.events.delivery import Data, EventType, to_user, whole

JOB_PROGRESSED = "ops.job.progressed"


def job_progressed_data(*, job_id: Any, user_id: int, status: str, progress: int, result: Any = None, error: Any = None) -> Data:
    """Build the data of ops.job.progressed: `job_id`, `user_id`, `status`, `progress` (percent), `result`, `error`."""
    return whole({"job_id": job_id, "user_id": user_id, "status": status, "progress": progress, "result": result, "error": error})


EVENT_TYPES: Mapping[str, EventType] = {
    JOB_PROGRESSED: EventType(job_progressed_data, to_user),
}
