"""When a job is tried again, sent again or given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from task_service.domain.jobs import (
    GIVE_UP,
    REQUEUE,
    RESEND_MOST,
    RETRY_MOST,
    SEND,
    WAIT,
    Limits,
    Unfinished,
    resend_after,
    retry_delay,
    verdict,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIMITS = Limits(max_retries=3, time_limit=1800)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def running(attempts: int, lease: float, started: float) -> dict:
    return {"running": True, "attempts": attempts, "lease_until": ago(-lease), "started_at": ago(started)}


def job(**more) -> Unfinished:
    facts = {
        "running": False,
        "attempts": 0,
        "sends": 0,
        "created_at": ago(60),
        "sent_at": None,
        "not_before": ago(60),
        "lease_until": None,
        "started_at": None,
    }
    return Unfinished(**(facts | more))


@pytest.mark.requirement("3.4", "3.7")
@pytest.mark.parametrize(
    ("what", "facts", "expected"),
    [
        ("never sent", {}, SEND),
        ("just made: its request sends it", {"created_at": ago(1), "not_before": ago(1)}, WAIT),
        ("sent a moment ago", {"sends": 1, "sent_at": ago(5)}, WAIT),
        ("sent long ago and lost", {"sends": 1, "sent_at": ago(31)}, SEND),
        ("sent twice and lost", {"sends": 2, "sent_at": ago(31)}, WAIT),
        ("waits for its retry", {"not_before": NOW + timedelta(seconds=8), "sent_at": ago(90), "sends": 1}, WAIT),
        (
            "runs with a lease",
            running(1, lease=3, started=9),
            WAIT,
        ),
        ("its worker died", running(1, lease=-1, started=60), REQUEUE),
        (
            "its worker died at the last try",
            running(4, lease=-1, started=60),
            GIVE_UP,
        ),
        (
            "it was killed by the time limit",
            running(1, lease=-1, started=1801),
            GIVE_UP,
        ),
    ],
)
def test_the_sweeper_decides(what, facts, expected):
    assert verdict(job(**facts), LIMITS, NOW) == expected, what


@pytest.mark.requirement("3.4")
@given(st.integers(1, 20), st.integers(0, 60), st.floats(0, 1))
def test_a_retry_waits_longer_each_time_and_never_more_than_its_bound(attempt, base, jitter):
    delay = retry_delay(attempt, base, jitter)
    assert 0 <= delay <= RETRY_MOST * 1.25
    assert retry_delay(attempt, base, 0) <= delay <= retry_delay(attempt, base, 1)
    assert retry_delay(attempt + 1, base, 0) >= retry_delay(attempt, base, 0)


@given(st.integers(0, 40))
def test_a_message_is_sent_again_less_and_less_often(sends):
    assert resend_after(sends) <= resend_after(sends + 1) <= timedelta(seconds=RESEND_MOST)
