"""Send one e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from task_service.adapters.mail import deliver
from task_service.documents.messages import build_message
from task_service.job_runner import Run


def send_email(run: Run) -> Mapping[str, Any]:
    """Build the e-mail of the job's template and hand it over; result: template, sent_by."""
    params, mail = run.job.params, run.tasks.mail
    message = build_message(**params, sender=mail.sender, message_id=str(run.job.id))
    return {"template": params["template"], "sent_by": deliver(mail, message, run.job.id)}
