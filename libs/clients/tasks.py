"""The tasks service as other services see it: ask for a background job, get its id at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.clients.http import ServiceClient
from libs.config import Settings
from libs.ids import uuid7
from libs.web.errors import UpstreamDown


class TasksClient:
    """Asks for background jobs; see `libs.contracts.tasks` for the kinds and their parameters."""

    def __init__(self, settings: Settings) -> None:
        self._http = ServiceClient(settings, "tasks")

    def enqueue(
        self,
        kind: str,
        params: Mapping[str, Any],
        requested_by: int | None,
        *,
        timeout: float,
        job_id: UUID | None = None,
    ) -> str:
        """Store a job and return its id; the worker does it later, even when Redis or the worker is down now.

        Args:
            kind: a key of `libs.contracts.tasks.KINDS`.
            params: what the job needs, as JSON.
            requested_by: the user who is told of its progress, or None.
            timeout: seconds to wait for the tasks service.
            job_id: the caller's own id for it; asking twice with one id makes one job.

        Raises:
            UpstreamDown: the tasks service did not accept it; nothing was stored.
        """
        body = {"id": str(job_id or uuid7()), "kind": kind, "params": dict(params), "requested_by": requested_by}
        status, data = self._http.post("/internal/jobs", json=body, timeout=timeout)
        if status not in (200, 202):
            raise UpstreamDown("The background job could not be stored.", code="job_not_stored", details={"status": status})
        return str(data["task_id"])
