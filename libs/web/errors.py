"""The anticipated errors of RGMS and their one JSON shape.

A function raises one of these; `libs.web.error_handlers` is the only place that turns it into a response.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class AppError(Exception):
    """An anticipated failure with the HTTP status and the stable code a client may rely on.

    Args:
        message: one sentence for a person: what happened, what was kept, what to do.
        code: stable snake_case code; the class has a default.
        details: machine-readable facts, for example `{field: [messages]}`.
        retry_after: whole seconds after which another try makes sense.
        again: seconds after which the gateway may ask once more for the caller, who sees nothing but the wait; nothing was done.
    """

    status = 500
    title = "Internal error"
    code = "internal_error"
    message = "Something went wrong on our side. Nothing was changed; please try again."

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
        again: float | None = None,
    ) -> None:
        self.message = message or self.message
        self.code = code or self.code
        self.details = dict(details or {})
        self.retry_after = retry_after
        self.again = again
        super().__init__(self.message)


class BadRequest(AppError):
    status, title, code = 400, "Bad request", "bad_request"
    message = "The request could not be read."


class Unauthenticated(AppError):
    status, title, code = 401, "Not signed in", "unauthenticated"
    message = "Please sign in."


class Forbidden(AppError):
    status, title, code = 403, "Access denied", "forbidden"
    message = "Your account is not allowed to do this."


class NotFound(AppError):
    status, title, code = 404, "Not found", "not_found"
    message = "There is nothing here that you can see."


class MethodNotAllowed(AppError):
    status, title, code = 405, "Method not allowed", "method_not_allowed"
    message = "This address does not take that method."


class Conflict(AppError):
    status, title, code = 409, "Conflict", "conflict"
    message = "This clashes with something that is already stored."


class StaleVersion(AppError):
    status, title, code = 412, "Changed since", "stale_version"
    message = "Someone changed this since you opened it. Nothing was saved; reload to see both."


class TooLarge(AppError):
    status, title, code = 413, "Too large", "too_large"
    message = "This is larger than allowed."


class UnsupportedMedia(AppError):
    status, title, code = 415, "Unsupported type", "unsupported_media_type"
    message = "This kind of content is not accepted here."


class Invalid(AppError):
    """Fields that were understood and refused; `details` maps each field to its messages."""

    status, title, code = 422, "Invalid fields", "invalid_fields"
    message = "Some fields need mending. Nothing was saved."


class RateLimited(AppError):
    status, title, code = 429, "Too many requests", "rate_limited"
    message = "Too many requests. Please wait a moment."


class UpstreamDown(AppError):
    """A service or dependency we need did not answer; nothing was changed."""

    status, title, code = 503, "Temporarily unavailable", "upstream_unavailable"
    message = "A part of RGMS is not answering. Nothing was lost; please try again shortly."

    def __init__(self, message: str | None = None, *, retry_after: int | None = 2, **more: Any) -> None:
        super().__init__(message, retry_after=retry_after, **more)


def error_body(error: AppError, request_id: str) -> dict[str, Any]:
    """Return the one error shape: error, message, code, details, request_id."""
    return {
        "error": error.title,
        "message": error.message,
        "code": error.code,
        "details": error.details,
        "request_id": request_id,
    }
