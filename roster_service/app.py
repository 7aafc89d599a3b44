"""The roster process."""

from __future__ import annotations

from flask import Flask

from libs import config
from libs.clients.auth import AuthClient
from libs.clients.grading import GradingClient
from libs.config import Settings
from libs.events import outbox
from libs.memory import share_one_arena
from libs.web import idempotency
from libs.web.app import build_app
from roster_service.domain.imports.limits import MAX_BYTES
from roster_service.models import AuditEntry, IdempotencyKey, Outbox
from roster_service.routes import ALL

# Besides the workbook itself a multipart body carries headers.
ENVELOPE = 64 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of the roster service; settings come from the environment when they are not given."""
    share_one_arena()
    settings = settings or config.load("roster")
    app = build_app("roster_service", settings, mounts=ALL, schema="roster", max_body=MAX_BYTES + ENVELOPE, audited=AuditEntry)
    app.extensions["roster_auth"] = AuthClient(settings)
    app.extensions["roster_grading"] = GradingClient(settings)
    idempotency.register(app, IdempotencyKey)
    outbox.install(app, "roster", Outbox)
    return app
