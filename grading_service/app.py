"""The grading process."""

from __future__ import annotations

from flask import Flask

from grading_service.models import AuditEntry, IdempotencyKey, Outbox
from grading_service.operations.cadets import cadet_changed, cadets_imported, reconcile_cadets
from grading_service.routes import ALL
from libs import config
from libs.config import Settings
from libs.contracts import events
from libs.events import consumer, outbox
from libs.web import idempotency
from libs.web.app import build_app

HANDLERS = {
    events.roster.CADET_CREATED: cadet_changed,
    events.roster.CADET_UPDATED: cadet_changed,
    events.roster.CADET_ARCHIVED: cadet_changed,
    events.roster.CADET_RESTORED: cadet_changed,
    events.roster.CADETS_IMPORTED: cadets_imported,
}


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application of the grading service; settings come from the environment when they are not given."""
    settings = settings or config.load("grading")
    app = build_app("grading_service", settings, mounts=ALL, schema="grading", audited=AuditEntry)
    idempotency.register(app, IdempotencyKey)
    outbox.install(app, "grading", Outbox)
    consumer.install(app, "grading", handlers=HANDLERS, reconcile=reconcile_cadets)
    return app
