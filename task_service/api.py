"""The tasks process: takes orders for background jobs and tells how far they are."""

from __future__ import annotations

from functools import partial

from flask import Flask

from libs import config
from libs.config import Settings
from libs.events import outbox, redis_clients
from libs.web import idempotency
from libs.web.app import build_app
from task_service import dispatch
from task_service.config import TaskSettings, load
from task_service.domain.jobs import Limits
from task_service.heartbeat import worker_alive
from task_service.models import IdempotencyKey, Outbox
from task_service.routes import ALL
from task_service.sweeper import Sweeper


def create_app(settings: Settings | None = None, tasks: TaskSettings | None = None) -> Flask:
    """Return the application of the tasks process; settings come from the environment when they are not given."""
    settings, tasks = settings or config.load("tasks"), tasks or load()
    alive = partial(worker_alive, redis_clients.redis_client(settings.redis_url, max_connections=4))
    app = build_app("task_service", settings, mounts=ALL, schema="ops", checks={"celery": alive})
    idempotency.register(app, IdempotencyKey)
    outbox.install(app, "ops", Outbox)
    dispatch.install(app)
    app.extensions["rgms_background"].append(Sweeper(app, Limits(tasks.max_retries, tasks.time_limit)))
    return app
