"""Orders: answered at once with an id, stored before anything is sent, shown only to who asked."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from libs import clock
from libs.contracts.tasks import KINDS
from task_service.api import create_app
from task_service.domain.jobs import Limits
from task_service.operations.requests import sweep_jobs
from task_service.operations.retention import forget_old_jobs
from task_service.operations.schedule import fire_schedule

ORDER = {"kind": "grade_sheet", "term_id": 1, "format": "xlsx"}
LIMITS = Limits(max_retries=3, time_limit=1800)
QUEUE = "documents"


@pytest.mark.requirement("11.2", "11.3", "3.3")
def test_a_report_is_answered_at_once_and_waits_in_redis(tasks, people, redis_client):
    answer = tasks.post("/api/v1/reports", json=ORDER, headers=people.staff())
    assert answer.status_code == 202 and set(answer.json) == {"task_id"}
    assert redis_client.llen(QUEUE) == 1
    assert answer.json["task_id"].encode() in redis_client.lindex(QUEUE, 0)
    shown = tasks.get(f"/api/v1/tasks/{answer.json['task_id']}", headers=people.staff()).json
    assert (shown["status"], shown["progress"], shown["result"], shown["error"]) == ("queued", 0, None, None)


@pytest.mark.requirement("11.1", "11.3")
def test_an_email_is_queued_and_its_address_is_in_no_message(order, redis_client, job):
    params = {
        "template": "activation",
        "to": "nino@example.com",
        "values": {"username": "n", "code": "SECRET-1", "expires_at": "x"},
    }
    job_id = order("email", params, None)
    message = redis_client.lindex("mail", 0)
    assert job_id.encode() in message
    assert b"nino" not in message and b"SECRET" not in message
    assert "params" not in job(job_id)


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    "order_",
    [
        {},
        {**ORDER, "kind": "email"},
        {**ORDER, "format": "exe"},
        {**ORDER, "term_id": "1"},
        {**ORDER, "term_id": 2**40},
        {**ORDER, "term_id": 0},
        {**ORDER, "company": "A\x00"},
        {**ORDER, "company": "x" * 51},
        {**ORDER, "owner": 1},
        [],
        "x",
    ],
)
def test_a_malformed_order_is_refused(tasks, people, order_, redis_client):
    answer = tasks.post("/api/v1/reports", json=order_, headers=people.staff())
    assert answer.status_code == 422 and answer.json["code"] == "invalid_fields"
    assert redis_client.llen(QUEUE) == 0


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    "body",
    [
        {"kind": "rm -rf", "params": {}},
        {"kind": "email", "params": {"template": "spam", "to": "a@example.com", "values": {}}},
        {"kind": "email", "params": {"template": "activation", "to": "nobody", "values": {}}},
        {"kind": "process_file", "params": {"file_id": "1"}},
        {"kind": "process_file", "params": {}},
        {"kind": "sync_attendance", "params": {"x": 1}},
        {"kind": "grade_sheet", "params": {"term_id": 1, "format": "pdf", "company": "\u0000"}},
        {"kind": "sync_attendance", "params": {}, "requested_by": -1},
    ],
)
def test_a_malformed_order_of_a_service_is_refused(tasks, people, body):
    answer = tasks.post("/internal/jobs", json=body, headers=people.service("auth", "tasks"))
    assert answer.status_code == 422, answer.text


@pytest.mark.requirement("9.4")
def test_who_may_order_and_who_may_see(tasks, people):
    assert tasks.post("/api/v1/reports", json=ORDER).status_code == 401
    assert tasks.post("/api/v1/reports", json=ORDER, headers=people.cadet()).status_code == 403
    assert tasks.post("/internal/jobs", json={}, headers=people.admin()).status_code == 401
    job_id = tasks.post("/api/v1/reports", json=ORDER, headers=people.staff()).json["task_id"]
    address = f"/api/v1/tasks/{job_id}"
    assert tasks.get(address).status_code == 401
    for stranger in (people.cadet(), people.staff(user_id=99), people.command(user_id=98)):
        assert tasks.get(address, headers=stranger).status_code == 404
        assert tasks.get("/api/v1/tasks", headers=stranger).json["total"] == 0
    for seeing in (people.staff(), people.admin()):
        assert tasks.get(address, headers=seeing).status_code == 200
        assert tasks.get("/api/v1/tasks", headers=seeing).json["total"] == 1


@pytest.mark.requirement("22.1")
def test_jobs_are_listed_by_page_and_filter(tasks, people, order):
    ids = [order("sync_attendance", {}) for _ in range(3)] + [order("process_file", {"file_id": str(uuid.uuid4())})]
    page = tasks.get("/api/v1/tasks?page_size=2&page=2", headers=people.staff()).json
    assert (page["total"], page["limit"], page["page"]) == (4, 2, 2)
    assert [row["id"] for row in page["data"]] == [ids[1], ids[0]]
    assert tasks.get("/api/v1/tasks?kind=process_file&status=queued", headers=people.staff()).json["total"] == 1
    assert tasks.get("/api/v1/tasks?status=lost", headers=people.staff()).status_code == 422


def test_an_order_repeated_with_its_key_or_its_id_makes_one_job(tasks, people, redis_client):
    headers = people.staff() | {"Idempotency-Key": "once"}
    first, second = (tasks.post("/api/v1/reports", json=ORDER, headers=headers) for _ in range(2))
    assert (second.status_code, second.json) == (202, first.json)
    body = {"id": str(uuid.uuid4()), "kind": "sync_attendance", "params": {}}
    ids = {tasks.post("/internal/jobs", json=body, headers=people.service("auth", "tasks")).json["task_id"] for _ in range(2)}
    assert ids == {body["id"]}
    assert redis_client.llen(QUEUE) == 1 and redis_client.llen("maintenance") == 1


def test_an_order_is_taken_while_redis_is_down_and_sent_by_the_sweeper_later(
    service_app, make_settings, people, redis_client, sql
):
    tasks = service_app("tasks")
    deaf = create_app(make_settings("tasks", REDIS_URL="redis://127.0.0.1:9/0")).test_client()
    started = time.monotonic()
    answer = deaf.post("/api/v1/reports", json=ORDER, headers=people.staff())
    assert answer.status_code == 202
    assert time.monotonic() - started < 5
    assert sql("SELECT sends, sent_at FROM ops.job") == [{"sends": 0, "sent_at": None}]
    sql("UPDATE ops.job SET created_at = created_at - interval '5 seconds'")
    with tasks.app_context():
        assert sweep_jobs(limits=LIMITS, now=clock.now()) == 1
        assert sweep_jobs(limits=LIMITS, now=clock.now()) == 0
    assert redis_client.llen(QUEUE) == 1
    assert sql("SELECT sends FROM ops.job") == [{"sends": 1}]


def test_a_message_that_redis_lost_is_sent_again(service_app, order, redis_client, sql):
    order("sync_attendance", {})
    redis_client.flushdb()
    sql("UPDATE ops.job SET sent_at = sent_at - interval '1 minute', not_before = not_before - interval '1 minute'")
    with service_app("tasks").app_context():
        assert sweep_jobs(limits=LIMITS, now=clock.now()) == 1
    assert redis_client.llen("maintenance") == 1


def test_an_order_and_its_end_are_told_to_who_asked_in_the_same_transaction(order, sql):
    job_id = order("sync_attendance", {}, 7)
    order("sync_attendance", {}, None)
    events = sql("SELECT type, data FROM ops.outbox")
    assert [event["type"] for event in events] == ["ops.job.progressed"]
    assert events[0]["data"] == {
        "job_id": job_id,
        "user_id": 7,
        "status": "queued",
        "progress": 0,
        "result": None,
        "error": None,
    }


def test_jobs_that_ended_long_ago_are_forgotten_and_their_firings_too(service_app, order, sql):
    kept, old = order("sync_attendance", {}), order("sync_attendance", {})
    with service_app("tasks").app_context():
        fire_schedule(task="sync-attendance", scheduled_for=clock.now(), kind="sync_attendance", params={}, now=clock.now())
        sql("UPDATE ops.job SET finished_at = now() - interval '91 days', status = 'succeeded' WHERE id <> :id", id=kept)
        assert forget_old_jobs(now=clock.now()) == 1, "a job that a firing still names stays"
        assert old not in {str(row["id"]) for row in sql("SELECT id FROM ops.job")}
        sql("UPDATE ops.schedule_run SET fired_at = now() - interval '91 days'")
        assert forget_old_jobs(now=clock.now()) == 1
    assert [str(row["id"]) for row in sql("SELECT id FROM ops.job")] == [kept]


@pytest.mark.requirement("15.4")
def test_readiness_names_celery_and_answers_in_milliseconds(tasks):
    tasks.get("/readyz")
    started = time.perf_counter()
    answer = tasks.get("/readyz")
    assert time.perf_counter() - started < 0.2
    assert answer.status_code == 503
    assert answer.json["checks"]["celery"] == {"status": "unhealthy", "details": "NoWorker"}
    assert answer.json["checks"]["redis"]["status"] == "healthy"


def test_every_kind_waits_in_a_queue_that_the_worker_reads():
    assert {kind.queue for kind in KINDS.values()} <= {"documents", "mail", "files", "maintenance"}


def test_an_account_has_ten_reports_waiting_however_many_it_orders_at_once(tasks, people, redis_client, as_owner):
    """300 orders of one account were once taken, and everybody else waited behind them."""

    def order_one(_number):
        return tasks.application.test_client().post("/api/v1/reports", json=ORDER, headers=people.staff()).status_code

    with ThreadPoolExecutor(8) as crowd:
        codes = list(crowd.map(order_one, range(16)))

    assert sorted(codes) == [202] * 10 + [429] * 6
    refused = tasks.post("/api/v1/reports", json=ORDER, headers=people.staff())
    assert (refused.json["code"], refused.headers["Retry-After"]) == ("reports_waiting", "30")
    assert tasks.post("/api/v1/reports", json=ORDER, headers=people.staff(user_id=8)).status_code == 202
    as_owner("UPDATE ops.job SET status = 'succeeded' WHERE id = (SELECT id FROM ops.job WHERE requested_by = 2 LIMIT 1)")
    assert tasks.post("/api/v1/reports", json=ORDER, headers=people.staff()).status_code == 202
