"""Real beat processes: they fire what is due, once, remember it, and one of two stands by."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time

import pytest

from libs import clock
from task_service.operations.schedule import fire_schedule
from task_service.scheduler import LOCK_KEY
from tests.support.waiting import until

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def fire(service_app):
    """A function (task, scheduled_for) -> the id of the job that was ordered, or None."""
    app = service_app("tasks")

    def once(task: str = "sync-attendance", scheduled_for: datetime = AT):
        with app.app_context():
            return fire_schedule(task=task, scheduled_for=scheduled_for, kind="sync_attendance", params={}, now=clock.now())

    return once


@pytest.fixture
def long_ago(fire, sql, redis_client):
    """Make the last firing of sync-attendance lie in the past, and forget its job."""
    fire()
    sql("UPDATE ops.schedule_run SET scheduled_for = now() - interval '2 hours', fired_at = now() - interval '2 hours'")
    redis_client.flushdb()


@pytest.mark.requirement("4.4", "4.5")
def test_a_scheduled_time_is_fired_once_however_many_try(fire, sql, redis_client):
    answers: list = []
    racers = [threading.Thread(target=lambda: answers.append(fire())) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    (job_id,) = [answer for answer in answers if answer]
    assert [row["job_id"] for row in sql("SELECT job_id FROM ops.schedule_run")] == [job_id]
    assert [row["id"] for row in sql("SELECT id FROM ops.job")] == [job_id]
    assert redis_client.llen("maintenance") == 1
    assert fire(scheduled_for=AT.replace(hour=3)) is not None


@pytest.mark.requirement("4.1", "4.2", "4.3", "4.4")
@pytest.mark.parametrize(
    ("entry", "kind", "times"),
    [
        pytest.param("cleanup-old-sessions", "cleanup_old_sessions", {time(2)}, id="2 am", marks=pytest.mark.requirement("21.1")),
        pytest.param(
            "cleanup-expired-tokens", "cleanup_expired_tokens", {time(3)}, id="3 am", marks=pytest.mark.requirement("21.4")
        ),
        pytest.param("cleanup-import-previews", "cleanup_import_previews", {time(hour, 30) for hour in range(24)}, id="hourly"),
        pytest.param(
            "sync-attendance",
            "sync_attendance",
            {time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)},
            id="every 15 minutes",
            marks=pytest.mark.requirement("21.3"),
        ),
    ],
)
def test_beat_queues_the_work_of_a_time_that_was_reached_and_records_it(
    celery_process, fire, sql, redis_client, entry, kind, times
):
    fire(task=entry)
    sql("UPDATE ops.schedule_run SET scheduled_for = now() - interval '2 days', fired_at = now() - interval '2 days'")
    redis_client.flushdb()

    beat = celery_process("beat")

    fired = until(
        lambda: sql("SELECT * FROM ops.schedule_run WHERE scheduled_for > now() - interval '2 days' ORDER BY id"),
        f"the firing\n{beat.log.read_text()}",
    )
    assert {row["task"] for row in fired} == {entry}
    assert {row["scheduled_for"].astimezone(UTC).time() for row in fired} <= times
    (job,) = sql("SELECT kind, status FROM ops.job WHERE id = :id", id=fired[0]["job_id"])
    assert job == {"kind": kind, "status": "queued"}
    message = until(lambda: redis_client.lindex("maintenance", 0), "its message in Redis")
    assert str(fired[0]["job_id"]).encode() in message
    beat.stop()
    assert not redis_client.exists(LOCK_KEY), "a beat that ends gives its lock back"


@pytest.mark.requirement("4.5")
def test_a_second_beat_stands_by_and_takes_over_without_firing_again(celery_process, long_ago, sql, redis_client):
    first = celery_process("beat")
    until(lambda: first.said("beat holds the lock") and len(sql("SELECT 1 FROM ops.schedule_run")) == 2, "the first beat fires")
    second = celery_process("beat")
    until(lambda: second.said("beat: Starting"), "the second beat runs")
    holder = redis_client.get(LOCK_KEY)
    first.kill()
    assert redis_client.get(LOCK_KEY) == holder and not second.said("beat holds the lock")
    # The lock of a dead holder expires by itself; the test does not wait for its thirty seconds.
    redis_client.pexpire(LOCK_KEY, 1)
    until(lambda: second.said("beat holds the lock"), "the second beat takes over")
    assert redis_client.get(LOCK_KEY) != holder
    assert len(sql("SELECT 1 FROM ops.schedule_run")) == 2
