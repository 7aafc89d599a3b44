"""The only doors from an id to a job. What a person may not see is not found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.contracts.principal import Principal
from libs.web.errors import NotFound
from task_service.queries.jobs import job_by_id


def access_job(principal: Principal, job_id: UUID) -> Mapping[str, Any]:
    """Return what may be shown of a job that `principal` asked for; everything for those who manage operations.

    Raises:
        NotFound: no such job, or somebody else's.
    """
    row = job_by_id(job_id)
    if row is None or (row["requested_by"] != principal.user_id and not principal.may("ops.manage")):
        raise NotFound()
    return row


def whose_jobs(principal: Principal) -> int | None:
    """Return the only user whose jobs `principal` may list, or None for everybody's."""
    return None if principal.may("ops.manage") else principal.user_id
