"""The one place where an exception becomes JSON. Never a stack trace, never an HTML page."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from libs.web import errors
from libs.web.errors import AppError, error_body
from libs.web.jsonio import json_response

_BY_STATUS = {
    cls.status: cls
    for cls in (
        errors.BadRequest,
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.Conflict,
        errors.StaleVersion,
        errors.TooLarge,
        errors.UnsupportedMedia,
        errors.Invalid,
        errors.RateLimited,
        errors.UpstreamDown,
    )
}
# Read and kept by the gateway.
AGAIN_HEADER = "X-Ask-Again"
log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer every exception of `app` in the one error shape."""
    app.register_error_handler(AppError, respond)
    app.register_error_handler(HTTPException, lambda error: respond(_from_http(error)))
    app.register_error_handler(Exception, unexpected)


def respond(error: AppError) -> Response:
    """Return `error` as a response."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if error.again is not None:
        headers[AGAIN_HEADER] = f"{error.again:.3f}"
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(error_body(error, g.get("request_id", "")), error.status, headers)


def _from_http(error: HTTPException) -> AppError:
    status = error.code or 500
    if status == 422:
        return errors.Invalid(details=_fields(getattr(error, "data", None) or {}))
    if status == 413:
        return errors.TooLarge()
    cls = _BY_STATUS.get(status)
    if cls is not None:
        return cls()
    app_error = AppError(error.description if status < 500 else None, code=f"http_{status}")
    app_error.status, app_error.title = status, error.name
    return app_error


def _fields(data: dict) -> dict:
    """Flatten webargs' {location: {field: [messages]}} to {field: [messages]}."""
    fields: dict = {}
    for location in (data.get("messages") or {}).values():
        fields.update(location if isinstance(location, dict) else {"body": location})
    return fields


def unexpected(error: Exception) -> Response:
    """Return what is told of an error that nobody foresaw: that there was one."""
    log.error("unhandled exception", exc_info=error, extra={"path": request.path, "method": request.method})
    return respond(AppError())
