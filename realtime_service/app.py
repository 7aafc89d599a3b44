"""The realtime API process: notifications and tickets. The sockets process is `realtime_service.sockets.app`."""

from __future__ import annotations

from flask import Flask

from libs import config
from libs.config import Settings
from libs.events import outbox
from libs.web import idempotency
from libs.web.app import build_app
from realtime_service.models import IdempotencyKey, Outbox
from realtime_service.routes import ALL


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of the realtime API; settings come from the environment when they are not given.

    Raises:
        ConfigError: the environment does not allow a safe start.
    """
    app = build_app("realtime_service", settings or config.load("realtime"), mounts=ALL, schema="messaging")
    idempotency.register(app, IdempotencyKey)
    outbox.install(app, "messaging", Outbox)
    return app
