"""Redis dies, also with all that it held: what was acknowledged is done all the same, by the same worker."""

from __future__ import annotations

import shutil

import pytest

from cli.local.redis import LocalRedis
from libs.web.app import start_background, stop_background
from task_service.api import create_app
from tests.support.waiting import until

EMAIL = {
    "template": "activation",
    "to": "nino@example.com",
    "name": "Niño",
    "values": {"username": "nino", "code": "ABCD-2345", "expires_at": "2026-11-27T04:00:00+00:00", "link": None},
}


@pytest.fixture
def own_redis(tmp_path):
    """A Redis that the test may kill."""
    server = LocalRedis(tmp_path / "redis", durable=False)
    server.start()
    yield server
    server.stop()


@pytest.mark.requirement("3.1", "3.3", "11.4")
def test_a_worker_goes_on_after_redis_died_with_all_its_data(
    own_redis, service_app, make_settings, celery_process, people, tmp_path
):
    service_app("tasks")
    app = create_app(make_settings("tasks", REDIS_URL=own_redis.url))
    client, internal = app.test_client(), people.service("auth", "tasks")
    worker = celery_process("worker", REDIS_URL=own_redis.url)

    def ready() -> bool:
        return client.get("/readyz").status_code == 200

    def order() -> str:
        answer = client.post("/internal/jobs", json={"kind": "email", "params": EMAIL}, headers=internal)
        assert answer.status_code == 202, answer.text
        return answer.json["task_id"]

    def done(job_id: str) -> bool:
        return client.get(f"/api/v1/tasks/{job_id}", headers=people.admin()).json["status"] == "succeeded"

    start_background(app)
    try:
        until(ready, f"a worker\n{worker.log.read_text()}")
        before = order()
        until(lambda: done(before), "a job before")
        own_redis.kill9()
        during = order()
        for path in (tmp_path / "redis").glob("appendonly*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        own_redis.start()
        after = order()
        until(lambda: done(during) and done(after), f"the jobs ordered without Redis\n{worker.log.read_text()[-3000:]}", 90)
        until(ready, "the worker is seen again")
    finally:
        stop_background(app)
    assert worker.process.poll() is None, "the worker never had to be restarted"
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3
