"""What beat orders: each asks the service that owns the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.clients.auth import AuthClient
from libs.clients.grading import GradingClient
from libs.clients.media import MediaClient
from libs.clients.roster import RosterClient
from task_service.job_runner import Run

SECONDS = 10.0


def clean_old_sessions(run: Run) -> Mapping[str, Any]:
    """Have auth delete sessions that ended long ago; result: deleted."""
    return {"deleted": AuthClient(run.settings).clean_sessions()}


def clean_expired_tokens(run: Run) -> Mapping[str, Any]:
    """Have auth delete expired tokens and codes; result: deleted."""
    return {"deleted": AuthClient(run.settings).clean_tokens()}


def clean_import_previews(run: Run) -> Mapping[str, Any]:
    """Have the roster delete previews that nobody applied within a day; result: deleted."""
    return {"deleted": RosterClient(run.settings).clean_imports()}


def sync_attendance(run: Run) -> Mapping[str, Any]:
    """Have grading compare its projections with the record, and media ask again for files nobody has processed."""
    differences = GradingClient(run.settings).sync()
    return {**differences, "files_requested": MediaClient(run.settings).request_processing(timeout=SECONDS)}
