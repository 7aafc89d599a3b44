"""Work on stored files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.clients.media import MediaClient
from task_service.job_runner import Run

SECONDS = 60.0


def process_file(run: Run) -> Mapping[str, Any]:
    """Have media verify a stored file and note an image's size; result: file_id, intact, width, height."""
    row = MediaClient(run.settings).process(UUID(run.job.params["file_id"]), timeout=SECONDS)
    return {"file_id": row["id"], "intact": row["intact"], "width": row["width"], "height": row["height"]}
