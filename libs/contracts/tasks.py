"""Names shared by whoever asks for a background job and by the worker that does it: kinds, Celery tasks, queues."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTS, MAIL, FILES, MAINTENANCE = "documents", "mail", "files", "maintenance"
QUEUES = (DOCUMENTS, MAIL, FILES, MAINTENANCE)

QUEUED, RUNNING, SUCCEEDED, FAILED = "queued", "running", "succeeded", "failed"
STATUSES = (QUEUED, RUNNING, SUCCEEDED, FAILED)

# The worker writes this key every few seconds and lets it expire, so that "is Celery alive" costs one GET (legacy defect D24).
WORKER_ALIVE_KEY = "rgms:worker:alive"


@dataclass(frozen=True)
class TaskKind:
    """One kind of background job.

    Attributes:
        kind: the name by which a job is asked for and shown.
        task: the Celery task that does it.
        queue: the queue it waits in, so that a long report never holds up an e-mail.
        secret: its parameters hold something secret or personal; they are dropped as soon as the job has ended.
    """

    kind: str
    task: str
    queue: str
    secret: bool = False


GRADE_SHEET = TaskKind("grade_sheet", "ops.make_grade_sheet", DOCUMENTS)
EMAIL = TaskKind("email", "ops.send_email", MAIL, secret=True)
PROCESS_FILE = TaskKind("process_file", "ops.process_file", FILES)
CLEAN_SESSIONS = TaskKind("cleanup_old_sessions", "ops.clean_old_sessions", MAINTENANCE)
CLEAN_TOKENS = TaskKind("cleanup_expired_tokens", "ops.clean_expired_tokens", MAINTENANCE)
CLEAN_IMPORTS = TaskKind("cleanup_import_previews", "ops.clean_import_previews", MAINTENANCE)
SYNC_ATTENDANCE = TaskKind("sync_attendance", "ops.sync_attendance", MAINTENANCE)

KINDS = {
    kind.kind: kind for kind in (GRADE_SHEET, EMAIL, PROCESS_FILE, CLEAN_SESSIONS, CLEAN_TOKENS, CLEAN_IMPORTS, SYNC_ATTENDANCE)
}

# E-mail: params are {"template": one of these, "to": address, "name": how the person is greeted, "values": {...}}.
PASSWORD_RESET = "password_reset"  # values: link (absolute), expires_at (ISO 8601)  # noqa: S105 - a template's name
ACTIVATION = "activation"  # values: username, code, expires_at (ISO 8601), link (absolute, may be empty)
GUESSED = "guessed"  # values: tries, since (ISO 8601), link (absolute) of the page that sends a reset link
EMAIL_CHANGED = "email_changed"  # values: new_email, link (absolute), expires_at (ISO 8601)
EMAIL_PROPOSED = "email_proposed"  # values: new_email, link (absolute)
SECURITY_NOTICE = "security_notice"  # values: what (a sentence), at (ISO 8601), where (device, address), link (absolute)
EMAIL_TEMPLATES = (PASSWORD_RESET, ACTIVATION, GUESSED, EMAIL_CHANGED, EMAIL_PROPOSED, SECURITY_NOTICE)
