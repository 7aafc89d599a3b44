"""The Celery application of the worker and beat processes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import Celery, Task, signals

from libs import config, log
from libs.contracts.tasks import KINDS, TaskKind
from task_service.celery_settings import celery_conf
from task_service.heartbeat import Heartbeat
from task_service.job_runner import JobFailed, Retry, Work, do_job
from task_service.tasks import WORK
from task_service.worker_app import process_app


def make_celery(conf: Callable[[], dict[str, Any]]) -> Celery:
    """Return a Celery application with one task per kind of job; `conf` is called when Celery first needs it."""
    app = Celery("rgms")
    app.add_defaults(conf)
    for name, work in WORK.items():
        _register(app, KINDS[name], work)
    app.steps["worker"].add(Heartbeat)
    return app


def _register(app: Celery, kind: TaskKind, work: Work) -> None:
    # The number of retries is decided by the job's row, which also counts workers that were killed.
    @app.task(bind=True, name=kind.task, max_retries=None, throws=(JobFailed,))
    def run(task: Task, job_id: str) -> Any:
        with process_app().app_context():
            try:
                return do_job(UUID(job_id), work)
            except Retry as again:
                raise task.retry(countdown=again.seconds, exc=again) from again


@signals.setup_logging.connect
def _configure_logs(**_kwargs: Any) -> None:
    # Connected, this keeps Celery from configuring logging itself: its lines come out as JSON like all others.
    log.configure("worker", config.load("worker").log_level)
    # Our own lines tell of each job, with its request id; Celery would say the same beside them.
    logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
    logging.getLogger("celery.worker.strategy").setLevel(logging.WARNING)


@signals.beat_init.connect
def _name_beat(**_kwargs: Any) -> None:
    log.configure("beat", config.load("beat").log_level)


celery = make_celery(celery_conf)
