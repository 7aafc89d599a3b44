"""Tell the person who asked for a report how it ended."""

from __future__ import annotations

import logging

from libs.clients.realtime import RealtimeClient
from libs.config import Settings
from libs.contracts.tasks import GRADE_SHEET
from libs.web.errors import AppError
from task_service.operations.running import Claim

TELL_SECONDS = 5.0
# What people ask for and wait for. The rest is the system's own work, or tells its person by itself.
_AWAITED = {GRADE_SHEET.kind: "grade sheet"}

log = logging.getLogger(__name__)


def tell_ended(settings: Settings, claim: Claim, *, problem: str = "") -> None:
    """Notify whoever asked for the job that it is done, or given up because of `problem` (a sentence).

    The list of reports says the same: a notification that can't be stored fails no job.
    """
    what = _AWAITED.get(claim.kind)
    if what is None or claim.requested_by is None:
        return
    note = {
        # The job's own id: an attempt that is repeated tells once.
        "id": str(claim.id),
        "user_id": claim.requested_by,
        "kind": "report_failed" if problem else "report_ready",
        "message": f"Your {what} could not be made. {problem}"[:500] if problem else f"Your {what} is ready.",
        "priority": "high" if problem else "normal",
        "data": {"task_id": str(claim.id)},
    }
    try:
        RealtimeClient(settings).notify([note], timeout=TELL_SECONDS)
    except AppError as error:
        log.warning("the requester could not be notified", extra={"job_id": str(claim.id), "code": error.code})
