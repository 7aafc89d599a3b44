"""Errors sent to Sentry: what broke, where and in which request, and nothing about the people it broke for."""

from __future__ import annotations

import re
from typing import Any, cast

import sentry_sdk

from libs import log
from libs.config import Settings

# What a value in a message may give away: e-mail addresses, tokens, and numbers as long as a phone's or a student's.
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]{16,}\.[\w.-]{16,}|\+?\d[\d -]{5,}\d")
_LONGEST = 300
_DATABASE = ("sqlalchemy", "psycopg2")
_HEADERS = frozenset({"Content-Type", "Content-Length", "X-Request-Id"})


def install(settings: Settings) -> None:
    """Send the unhandled errors of this process, and what is logged as an error, to SENTRY_DSN if there is one."""
    if not settings.sentry_dsn:
        return
    sentry_sdk.init(
        settings.sentry_dsn,
        environment=settings.environment,
        release=settings.version,
        # Local variables hold passwords and names, request bodies hold whole people, breadcrumbs hold statements and addresses.
        include_local_variables=False,
        max_request_body_size="never",
        before_breadcrumb=lambda _crumb, _hint: None,
        before_send=cast(Any, without_people),
        auto_session_tracking=False,
        # How a WSGI application tells gunicorn that a connection was used up: a live connection that ended is no error.
        ignore_errors=[StopIteration],
    )
    sentry_sdk.set_tag("service", settings.service)


def without_people(event: dict[str, Any], _hint: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return `event` with its request id, and without what could name a person: query, headers, address, values."""
    event.pop("user", None)
    event.setdefault("tags", {})["request_id"] = log.request_id.get()
    request = event.get("request")
    if request:
        kept = {name: value for name, value in request.get("headers", {}).items() if name in _HEADERS}
        path = str(request.get("url", "")).partition("?")[0]
        event["request"] = {"url": path, "method": request.get("method", ""), "headers": kept}
    for exception in event.get("exception", {}).get("values", ()):
        exception["value"] = _cleaned_value(exception)
    if message := event.get("logentry"):
        # The message with its parameters in it is the same text again.
        event["logentry"] = {"message": _masked(message.get("message") or message.get("formatted") or "")}
    extra = event.get("extra", {}).items()
    event["extra"] = {name: _masked(str(value)) for name, value in extra if isinstance(value, (str, int, float))}
    return event


def _cleaned_value(exception: dict[str, Any]) -> str:
    # PostgreSQL repeats the refused row, SQLAlchemy the statement with its values: their class says what went wrong.
    if str(exception.get("module") or "").startswith(_DATABASE):
        return "[removed]"
    return _masked(exception.get("value") or "")


def _masked(text: str) -> str:
    # Cut before it is searched: the search of one endless word would take the square of its length.
    return _PERSONAL.sub("[removed]", text.partition("\n")[0][: 3 * _LONGEST])[:_LONGEST]
