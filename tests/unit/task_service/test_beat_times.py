"""The beat table: the times the requirements name, and the same scheduled time for every beat that asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import schedule
from hypothesis import given
from hypothesis import strategies as st

from libs.contracts.tasks import KINDS
from task_service.schedule import BEAT_SCHEDULE
from task_service.scheduler import due_time
from task_service.tasks import WORK


def after(entry: str, last: str) -> str:
    due = due_time(BEAT_SCHEDULE[entry]["schedule"], datetime.fromisoformat(last).replace(tzinfo=UTC))
    return due.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.requirement("21.1")
def test_old_sessions_are_cleaned_daily_at_two():
    assert after("cleanup-old-sessions", "2026-11-20 01:59") == "2026-11-20 02:00"
    assert after("cleanup-old-sessions", "2026-11-20 02:00") == "2026-11-21 02:00"


@pytest.mark.requirement("21.3")
def test_attendance_is_synced_every_quarter_of_an_hour():
    assert after("sync-attendance", "2026-11-20 23:46") == "2026-11-21 00:00"
    assert after("sync-attendance", "2026-11-21 00:00") == "2026-11-21 00:15"


@pytest.mark.requirement("21.4")
def test_expired_tokens_are_cleaned_daily_at_three():
    assert after("cleanup-expired-tokens", "2026-12-31 03:00:00.5") == "2027-01-01 03:00"


@pytest.mark.requirement("4.2")
def test_every_entry_orders_a_kind_of_work_that_exists():
    tasks = {kind.task: kind.kind for kind in KINDS.values()}
    assert {tasks[entry["task"]] for entry in BEAT_SCHEDULE.values()} <= set(WORK)
    assert set(WORK) == set(KINDS)


@given(st.integers(0, 400 * 24 * 3600).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)))
def test_a_due_time_lies_after_the_last_one_and_does_not_depend_on_when_it_is_asked(last):
    for entry in BEAT_SCHEDULE.values():
        due = due_time(entry["schedule"], last)
        assert due > last
        assert due == due_time(entry["schedule"], last)
        assert (due.second, due.microsecond) == (0, 0)


def test_an_interval_is_due_one_interval_later():
    last = datetime(2026, 11, 20, tzinfo=UTC)
    assert due_time(schedule(timedelta(seconds=30)), last) == last + timedelta(seconds=30)
