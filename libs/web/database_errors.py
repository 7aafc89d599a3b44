"""What the database refuses, in the words of `libs.web.errors`; apart, because not every process has a database."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from psycopg2 import errorcodes
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from libs.data import db
from libs.web import errors
from libs.web.error_handlers import respond, unexpected

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every exception of the database in the one error shape."""
    app.register_error_handler(PoolTimeout, lambda _error: respond(errors.UpstreamDown(code="database_busy")))
    app.register_error_handler(DBAPIError, _from_database)


def _from_database(error: DBAPIError) -> Response:
    code = db.sqlstate(error)
    if isinstance(error, IntegrityError):
        # Operations answer the clashes they expect; what arrives here lost a race on a constraint.
        log.warning("a constraint refused a write", extra={"sqlstate": code})
        return respond(errors.Conflict())
    if code in {
        errorcodes.NUMERIC_VALUE_OUT_OF_RANGE,
        errorcodes.CHARACTER_NOT_IN_REPERTOIRE,
        errorcodes.UNTRANSLATABLE_CHARACTER,
    }:
        return respond(errors.Invalid())
    if isinstance(error, OperationalError) or error.connection_invalidated or code in {db.SERIALIZATION_FAILURE, db.DEADLOCK}:
        log.error("the database is not answering", extra={"sqlstate": code, "path": request.path})
        return respond(errors.UpstreamDown(code="database_unavailable"))
    return unexpected(error)
