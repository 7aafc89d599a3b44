"""The media process."""

from __future__ import annotations

import logging

from flask import Flask, Response

from libs import config
from libs.config import Settings
from libs.web import error_handlers, idempotency
from libs.web.app import build_app
from media_service.adapters.storage import storage_error
from media_service.config import MediaSettings, load
from media_service.models import AuditEntry, IdempotencyKey
from media_service.routes import ALL
from media_service.store import open_store

# Besides the file itself a multipart body carries headers and a few text fields.
ENVELOPE = 64 * 1024

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, limits: MediaSettings | None = None) -> Flask:
    """Return the application of the media service; settings come from the environment when they are not given."""
    settings = settings or config.load("media")
    limits = limits or load()
    app = build_app(
        "media_service", settings, mounts=ALL, schema="media", max_body=limits.max_bytes + ENVELOPE, audited=AuditEntry
    )
    idempotency.register(app, IdempotencyKey)
    app.extensions["rgms_store"] = open_store(settings, limits)
    app.register_error_handler(OSError, _disk_failed)
    return app


def _disk_failed(error: OSError) -> Response:
    # A large body is received through a temporary file before any of our code runs, so a full disk can show up here.
    log.error("the disk refused a file", exc_info=error)
    return error_handlers.respond(storage_error(error))
