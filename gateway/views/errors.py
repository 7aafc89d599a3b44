"""Errors of the gateway's own views in the one JSON shape; libs.web.error_handlers does not serve: it imports the database."""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from libs.web.errors import AppError, MethodNotAllowed, NotFound, error_body
from libs.web.jsonio import json_response

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every exception of `app` in the one error shape."""
    app.register_error_handler(AppError, respond)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _unexpected)


def respond(error: AppError) -> Response:
    """Return `error` as a response."""
    headers = {"Cache-Control": "no-store"}
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(error_body(error, request.headers.get("X-Request-ID", "")), error.status, headers)


def _from_http(error: HTTPException) -> Response:
    if error.code == 405:
        return respond(MethodNotAllowed())
    if error.code == 404:
        return respond(NotFound())
    app_error = AppError(error.description, code=f"http_{error.code}")
    app_error.status, app_error.title = error.code or 500, error.name
    return respond(app_error)


def _unexpected(error: Exception) -> Response:
    log.error("unhandled exception", exc_info=error, extra={"path": request.path, "method": request.method})
    return respond(AppError())
