"""The tasks process over HTTP, and real Celery workers and beats as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cli.testing.plugin import environment
from libs.config import Env
from libs.contracts.tasks import WORKER_ALIVE_KEY
from libs.data.db import reading, transaction
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[3]


class CeleryProcess:
    """A worker or beat, started as `rgms serve` starts it, with its log in a file."""

    def __init__(self, name: str, variables: dict[str, str], log: Path) -> None:
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.process", name],
            cwd=ROOT,
            env={"PATH": Env.of_process().values["PATH"]} | variables,
            stdout=log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self, words: str) -> bool:
        """Return whether the log holds `words`."""
        return words in self.log.read_text()

    def kill(self) -> None:
        """Kill the process and its children as a crash would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end; kill what does not."""
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture
def tasks(client_of):
    """A test client of the tasks process, its tables empty."""
    return client_of("tasks")


@pytest.fixture
def celery_process(service_app, postgres_url, redis_url, redis_client, tmp_path) -> Iterator[Callable[..., CeleryProcess]]:
    """A function (name, **variables) -> a running worker or beat; all are ended after the test."""
    service_app("tasks")
    running: list[CeleryProcess] = []

    def start(name: str, **variables: str) -> CeleryProcess:
        quick = {"JOB_RETRY_SECONDS": "0", "RGMS_DATA_DIR": str(tmp_path), "LOG_LEVEL": "INFO", "DB_POOL_SIZE": "2"}
        process = CeleryProcess(
            name, environment(postgres_url, redis_url, **(quick | variables)), tmp_path / f"{name}-{len(running)}.log"
        )
        running.append(process)
        return process

    yield start
    for process in running:
        # Nothing is lost by it, and a polite end takes three seconds.
        process.kill()


@pytest.fixture
def worker(celery_process, redis_client) -> Callable[..., CeleryProcess]:
    """A function (**variables) -> a worker that consumes."""

    def start(**variables: str) -> CeleryProcess:
        redis_client.delete(WORKER_ALIVE_KEY)
        process = celery_process("worker", **variables)
        until(lambda: redis_client.exists(WORKER_ALIVE_KEY), f"a worker that consumes\n{process.log.read_text()}")
        return process

    return start


@pytest.fixture
def order(tasks, people) -> Callable[..., str]:
    """A function (kind, params, user) -> the id of a job ordered over the internal door."""

    def send(kind: str, params: dict, requested_by: int | None = 2) -> str:
        body = {"kind": kind, "params": params, "requested_by": requested_by}
        answer = tasks.post("/internal/jobs", json=body, headers=people.service("media", "tasks"))
        assert answer.status_code == 202, answer.text
        return answer.json["task_id"]

    return send


@pytest.fixture
def job(tasks, people) -> Callable[[str], dict]:
    """A function (id) -> the job as an admin sees it."""
    return lambda job_id: tasks.get(f"/api/v1/tasks/{job_id}", headers=people.admin()).json


@pytest.fixture
def ended(job) -> Callable[[str], dict]:
    """A function (id) -> the job once it has succeeded or failed."""

    def wait(job_id: str, seconds: float = 30.0) -> dict:
        until(lambda: job(job_id)["status"] in {"succeeded", "failed"}, f"the end of job {job_id}", seconds)
        return job(job_id)

    return wait


@pytest.fixture
def sql(service_app) -> Callable[..., list[dict]]:
    """A function (statement, **values) -> rows; a statement that changes something is committed."""
    app = service_app("tasks")

    def run(statement: str, **values: Any) -> list[dict]:
        with app.app_context():
            if statement.lstrip().upper().startswith("SELECT"):
                with reading() as connection:
                    return [dict(row) for row in connection.execute(text(statement), values).mappings()]
            with transaction() as session:
                session.execute(text(statement), values)
        return []

    return run
