"""The beat table: what is ordered by the clock (UTC), each row with its why. Only jobs that do real work stand here."""

from __future__ import annotations

from celery.schedules import crontab

from libs.contracts.tasks import CLEAN_IMPORTS, CLEAN_SESSIONS, CLEAN_TOKENS, KINDS, SYNC_ATTENDANCE

BEAT_SCHEDULE = {
    # Ended sessions are kept a while for the person's own list, then they are only a risk (criterion 21.1).
    "cleanup-old-sessions": {"task": KINDS[CLEAN_SESSIONS.kind].task, "schedule": crontab(minute=0, hour=2)},
    # Spent and expired refresh tokens, reset tokens and activation codes (criterion 21.4).
    "cleanup-expired-tokens": {"task": KINDS[CLEAN_TOKENS.kind].task, "schedule": crontab(minute=0, hour=3)},
    # A preview is a copy of everybody in the file; it lives a day.
    "cleanup-import-previews": {"task": KINDS[CLEAN_IMPORTS.kind].task, "schedule": crontab(minute=30)},
    # Compares the grade projections with the record log, so that a drift is found within a quarter of an hour (21.3).
    "sync-attendance": {"task": KINDS[SYNC_ATTENDANCE.kind].task, "schedule": crontab(minute="*/15")},
}
