"""The Flask application of a worker process: its database, settings and outbox; it serves no requests."""

from __future__ import annotations

import functools

from flask import Flask

from libs import config
from libs.config import Settings
from libs.web.app import build_app, start_background
from task_service import dispatch
from task_service.config import TaskSettings, load


def build_worker_app(settings: Settings, tasks: TaskSettings) -> Flask:
    """Return an application on which jobs can be done."""
    app = build_app("task_worker", settings, schema="ops")
    app.config["RGMS_TASKS"] = tasks
    dispatch.install(app)
    return app


@functools.cache
def process_app() -> Flask:
    """Return the application of this process with its background work, made at the first job, after the fork."""
    app = build_worker_app(config.load("worker"), load())
    start_background(app)
    return app
