"""A real Celery worker process: jobs are done, tried again, given up, and survive what kills their worker."""

from __future__ import annotations

import json
import os
import signal
import threading
import uuid
from io import BytesIO
from pathlib import Path

import pytest

from libs import clock
from libs.web.app import start_background, stop_background
from task_service.domain.jobs import Limits
from task_service.operations.requests import sweep_jobs
from tests.support.media_files import image
from tests.support.served import served
from tests.support.smtp_server import smtp_server
from tests.support.waiting import until

LINK = "https://rgms.example/reset-password#token=T0P-S3CR3T"
EMAIL = {
    "template": "password_reset",
    "to": "nino@example.com",
    "name": "Niño Peñaflor",
    "values": {"link": LINK, "expires_at": "2026-11-20T04:00:00+00:00"},
}
LIMITS = Limits(max_retries=3, time_limit=1800)


@pytest.mark.requirement("3.1", "3.2", "3.3", "3.5", "11.1", "11.4")
def test_an_email_without_a_mail_server_is_written_to_the_outbox_folder(worker, order, ended, redis_client, tmp_path, sql):
    process = worker()
    assert json.loads(redis_client.get("rgms:worker:alive"))["concurrency"] == 2
    job_id = order("email", EMAIL, None)
    job = ended(job_id)
    assert (job["status"], job["progress"], job["attempts"]) == ("succeeded", 100, 1)
    assert job["result"] == {"template": "password_reset", "sent_by": "outbox"}
    (letter,) = (tmp_path / "outbox").glob("*.eml")
    assert LINK in letter.read_text() and oct(letter.stat().st_mode)[-3:] == "600"
    stored = until(lambda: redis_client.get(f"celery-task-meta-{job_id}"), "the result in Redis")
    assert json.loads(stored)["result"] == job["result"]
    assert 0 < redis_client.ttl(f"celery-task-meta-{job_id}") <= 86400
    assert sql("SELECT params FROM ops.job") == [{"params": {}}], "what is secret is dropped at the end"
    log = process.log.read_text()
    assert "no mail server is configured" in log
    assert "T0P-S3CR3T" not in log and "nino@" not in log and "Peñaflor" not in log


@pytest.mark.requirement("16.2")
def test_the_worker_logs_json_with_the_request_id_of_the_order(worker, tasks, people, ended, order):
    process = worker()
    headers = people.service("auth", "tasks") | {"X-Request-ID": "req-of-the-order"}
    body = {"kind": "email", "params": EMAIL, "requested_by": None}
    ended(tasks.post("/internal/jobs", json=body, headers=headers).json["task_id"])
    lines = [json.loads(line) for line in process.log.read_text().splitlines() if line.startswith("{")]
    assert {line["message"] for line in lines if line.get("request_id") == "req-of-the-order"} >= {"job started", "job succeeded"}
    assert all(line["service"] == "worker" for line in lines)


@pytest.mark.requirement("11.1")
def test_an_email_is_handed_to_the_mail_server(worker, order, ended):
    with smtp_server() as server:
        worker(SMTP_HOST="127.0.0.1", SMTP_PORT=str(server.port), SMTP_TLS="none", SMTP_FROM="rgms@example.com")
        assert ended(order("email", EMAIL))["result"]["sent_by"] == "smtp"
    assert server.recipients == ["nino@example.com"]
    assert LINK in server.messages[0].get_content()


@pytest.mark.requirement("3.4", "11.5")
def test_a_job_that_keeps_failing_is_tried_four_times_and_then_marked_failed_and_logged(worker, order, ended, tmp_path):
    with smtp_server(answers={"MAIL": "451 try later"}) as server:
        process = worker(SMTP_HOST="127.0.0.1", SMTP_PORT=str(server.port), SMTP_TLS="none", SMTP_FROM="rgms@example.com")
        job = ended(order("email", EMAIL))
    assert (job["status"], job["attempts"]) == ("failed", 4)
    assert job["error"] == {"code": "mail_later", "message": "The mail server asks to try later (451)."}
    lines = [json.loads(line) for line in process.log.read_text().splitlines() if line.startswith("{")]
    assert [line["level"] for line in lines if line["message"] == "job failed"] == ["error"]


@pytest.mark.requirement("3.4")
def test_a_job_that_cannot_succeed_is_not_tried_again(worker, order, ended):
    with smtp_server(answers={"RCPT": "550 no such user"}) as server:
        worker(SMTP_HOST="127.0.0.1", SMTP_PORT=str(server.port), SMTP_TLS="none", SMTP_FROM="rgms@example.com")
        job = ended(order("email", EMAIL))
    assert (job["status"], job["attempts"], job["error"]["code"]) == ("failed", 1, "mail_refused")


@pytest.mark.requirement("3.7")
def test_a_job_that_runs_too_long_is_ended(worker, order, ended):
    with smtp_server(hang=threading.Event()) as server:
        worker(
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(server.port),
            SMTP_TLS="none",
            SMTP_FROM="rgms@example.com",
            JOB_TIME_LIMIT="3",
            JOB_TIME_GRACE="1",
        )
        job = ended(order("email", EMAIL))
    assert (job["status"], job["error"]["code"]) == ("failed", "time_limit")


def test_a_job_whose_worker_is_killed_is_done_by_another_and_once(worker, order, ended, job, service_app, sql):
    with smtp_server(hang=threading.Event()) as server:
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_TLS": "none", "SMTP_FROM": "rgms@example.com"}
        first = worker(JOB_LEASE_SECONDS="2", **mail)
        job_id = order("email", EMAIL)
        assert server.waiting.wait(20)
        first.kill()
        assert job(job_id)["status"] == "running"
        server.hang.set()
        worker(JOB_LEASE_SECONDS="2", **mail)
        with service_app("tasks").app_context():
            until(lambda: sweep_jobs(limits=LIMITS, now=clock.now()), "the sweeper takes the job back")
        done = ended(job_id)
    assert (done["status"], done["attempts"]) == ("succeeded", 2)
    assert {message["Message-ID"] for message in server.messages} == {f"<{job_id}@rgms>"}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the worker's children in /proc")
def test_a_job_whose_process_is_killed_inside_a_living_worker_is_done_again(worker, order, ended, service_app):
    app = service_app("tasks")
    with smtp_server(hang=threading.Event()) as server:
        mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_TLS": "none", "SMTP_FROM": "rgms@example.com"}
        process = worker(JOB_LEASE_SECONDS="2", **mail)
        job_id = order("email", EMAIL)
        assert server.waiting.wait(20)
        for child in Path(f"/proc/{process.process.pid}/task/{process.process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
        server.hang.set()
        start_background(app)
        try:
            done = ended(job_id, seconds=60)
        finally:
            stop_background(app)
    assert (done["status"], done["attempts"]) == ("succeeded", 2)


@pytest.mark.requirement("10.4", "11.4")
def test_an_uploaded_image_is_processed_in_the_background(worker, service_app, make_settings, people, ended, tasks, client_of):
    media = client_of("media")
    with served(media.application) as media_url:
        worker(MEDIA_URL=media_url)
        part = {"file": (BytesIO(image("PNG", 50, 20)), "photo.png")}
        file_id = media.post("/api/v1/files/upload", data=part, headers=people.staff()).json["id"]
        body = {"kind": "process_file", "params": {"file_id": file_id}, "requested_by": 2}
        job = ended(tasks.post("/internal/jobs", json=body, headers=people.service("media", "tasks")).json["task_id"])
    assert job["result"] == {"file_id": file_id, "intact": True, "width": 50, "height": 20}


def test_a_file_that_is_gone_fails_its_job_at_once(worker, client_of, order, ended):
    with served(client_of("media").application) as media_url:
        worker(MEDIA_URL=media_url)
        job = ended(order("process_file", {"file_id": str(uuid.uuid4())}))
    assert (job["status"], job["attempts"], job["error"]["code"]) == ("failed", 1, "not_found")


@pytest.mark.requirement("15.4")
def test_readiness_is_healthy_while_a_worker_lives(worker, tasks):
    worker()
    answer = tasks.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"]["celery"]["latency_ms"] < 50


@pytest.mark.requirement("15.4", "15.5")
def test_a_worker_that_died_is_noticed_soon(worker, tasks):
    process = worker()
    assert tasks.get("/readyz").status_code == 200

    process.kill()

    until(lambda: tasks.get("/readyz").status_code == 503, "the health report misses the worker", seconds=25)
    assert tasks.get("/readyz").json["checks"]["celery"] == {"status": "unhealthy", "details": "NoWorker"}
