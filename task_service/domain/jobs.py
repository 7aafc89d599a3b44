"""When a job is tried again, sent again or given up. Times in seconds unless they are instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

RESEND_FIRST, RESEND_MOST = 30, 900
# A fresh job's message is sent by the request that made it; the sweeper keeps out of its way.
SEND_GRACE = timedelta(seconds=2)
RETRY_MOST = 600

WAIT, SEND, REQUEUE, GIVE_UP = "wait", "send", "requeue", "give_up"


@dataclass(frozen=True)
class Limits:
    """How often and how long a job may be tried."""

    max_retries: int
    time_limit: int


@dataclass(frozen=True)
class Unfinished:
    """What the sweeper knows of a job that has not ended."""

    running: bool
    attempts: int
    sends: int
    created_at: datetime
    sent_at: datetime | None
    not_before: datetime
    lease_until: datetime | None
    started_at: datetime | None


def retry_delay(attempt: int, base: int, jitter: float) -> float:
    """Return how long to wait after failed `attempt` (from 1): base, 4 x base, 16 x base ..., up to 10 minutes.

    Args:
        jitter: 0 to 1; adds up to a quarter, so that jobs which failed together do not come back together.
    """
    return min(RETRY_MOST, base * 4.0 ** (attempt - 1)) * (1 + jitter / 4)


def resend_after(sends: int) -> timedelta:
    """Return how long a message that was sent `sends` times may be on its way before another is sent."""
    return timedelta(seconds=min(RESEND_MOST, RESEND_FIRST * 2 ** (max(1, sends) - 1)))


def verdict(job: Unfinished, limits: Limits, now: datetime) -> str:
    """Return what the sweeper does with a job: wait, send, requeue (its worker died) or give_up."""
    if job.running:
        if job.lease_until is not None and job.lease_until > now:
            return WAIT
        spent = job.started_at is not None and (now - job.started_at).total_seconds() >= limits.time_limit
        return GIVE_UP if spent or job.attempts > limits.max_retries else REQUEUE
    if job.not_before > now:
        return WAIT
    if job.sent_at is None:
        return SEND if now - job.created_at >= SEND_GRACE else WAIT
    return SEND if now - max(job.sent_at, job.not_before) >= resend_after(job.sends) else WAIT
