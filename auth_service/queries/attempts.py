"""What the log of sign-in attempts says, for the time when Redis does not answer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from auth_service.domain.throttle import Failures, Limits, rate_limit_subject
from auth_service.models import LoginAttempt
from libs.data.db import reading

FAILED, SUCCEEDED, UNLOCKED = "failed", "succeeded", "unlocked"


def failures_of(*, account_key: str, address: str, limits: Limits, now: float) -> tuple[Failures, dict[str, float]]:
    """Return the failures inside the window ending at ``now`` (Unix seconds), and when the newest of each line was.

    The log does not know devices: in it everybody at an address is one.
    """
    since = datetime.fromtimestamp(now, UTC) - timedelta(seconds=limits.window)
    log = LoginAttempt
    at_address = 0
    newest = {"account": 0.0, "address": 0.0}
    with reading() as connection:
        rows = connection.execute(
            select(log.address, log.at, log.outcome)
            .where(log.account_key == account_key, log.at > since)
            .order_by(log.at.desc())
            .limit(1000)
        ).all()
        failed_here = select(log.at).where(log.address == address, log.at > since, log.outcome == FAILED)
        if limits.per_address:
            times = connection.execute(failed_here.order_by(log.at.desc()).limit(limits.per_address)).scalars().all()
            at_address, newest["address"] = len(times), times[0].timestamp() if times else 0.0
    pair: list[float] = []
    total = 0
    cleared: set[str] = set()
    for row in rows:
        if row.outcome == UNLOCKED:
            break
        if row.outcome == SUCCEEDED:
            cleared.add(rate_limit_subject(row.address))
        elif rate_limit_subject(row.address) not in cleared:
            total += 1
            newest["account"] = max(newest["account"], row.at.timestamp())
            if rate_limit_subject(row.address) == rate_limit_subject(address):
                pair.append(row.at.timestamp())
    failures = Failures(
        pair_blocking=pair[limits.per_pair - 1] if limits.per_pair and len(pair) >= limits.per_pair else None,
        pair_last=pair[0] if pair else None,
        account=total,
        address=at_address,
    )
    return failures, newest


def last_attempts(user_id: int, limit: int = 20) -> list[dict]:
    """Return the newest sign-in attempts on an account: address, time, outcome."""
    log = LoginAttempt
    with reading() as connection:
        rows = connection.execute(
            select(log.address, log.at, log.outcome).where(log.user_id == user_id).order_by(log.id.desc()).limit(limit)
        ).mappings()
        return [dict(row) for row in rows]
