"""Ask for a background job once the running transaction has committed, without ever failing the request for it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.clients.tasks import TasksClient
from libs.data.db import on_commit
from libs.web.errors import UpstreamDown

SECONDS = 3.0

log = logging.getLogger(__name__)


def enqueue_after_commit(
    client: TasksClient, kind: str, params: Mapping[str, Any], *, requested_by: int | None, job_id: UUID
) -> None:
    """Ask for a job of `kind` as soon as the running transaction has committed.

    The caller keeps the fact that makes the job needed (a file not yet processed, say) in its own tables and asks again
    with the same `job_id` later, because a tasks service that is down is only logged here.
    """

    def ask() -> None:
        try:
            client.enqueue(kind, params, requested_by, timeout=SECONDS, job_id=job_id)
        except UpstreamDown:
            log.warning("a background job could not be asked for yet", extra={"kind": kind, "job_id": str(job_id)})

    on_commit(ask)
