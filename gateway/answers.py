"""Answers that the gateway gives itself, outside Flask."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from libs.web.errors import AppError, error_body
from libs.web.jsonio import dumps

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
Header = tuple[str, str]
HeaderList = list[Header]


def refuse(start_response: StartResponse, error: AppError, request_id: str, headers: Iterable[Header] = ()) -> list[bytes]:
    """Answer with `error` in the one error shape, plus `headers`."""
    body = dumps(error_body(error, request_id))
    own = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Request-ID", request_id),
        ("Cache-Control", "no-store"),
    ]
    if error.retry_after:
        own.append(("Retry-After", str(error.retry_after)))
    if error.status == 401:
        own.append(("WWW-Authenticate", "Bearer"))
    start_response(f"{error.status} {HTTPStatus(error.status).phrase}", [*own, *headers])
    return [body]
