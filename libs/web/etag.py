"""ETags: a row's version, which If-Match must name before a change, and a list's body, which need not be sent twice."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request

from libs.web.error_handlers import respond
from libs.web.errors import StaleVersion

# How the one list shape begins, whoever wrote it.
_LIST = b'{"data":'


def etag_for(version: int) -> str:
    """Return the strong ETag of a row's version."""
    return f'"{version}"'


def if_match() -> str | None:
    """Return If-Match of the request under way, for a route to hand to its operation."""
    return request.headers.get("If-Match")


def check_if_match(version: int, given: str | None) -> None:
    """Refuse an update based on another version.

    Args:
        version: of the row as it is stored.
        given: If-Match as sent; None and `*` pass.

    Raises:
        StaleVersion: it names another version.
    """
    if given is None or given.strip() == "*":
        return
    if etag_for(version) not in {tag.strip().removeprefix("W/") for tag in given.split(",")}:
        raise StaleVersion(details={"current": etag_for(version)})


def install(app: Flask) -> None:
    """Give every list of `app` that has no ETag of its own one of its body, and answer 304 to whoever has that body."""

    @app.after_request
    def revalidate(response: Response) -> Response:
        if request.method not in {"GET", "HEAD"} or response.status_code != 200 or "ETag" in response.headers:
            return response
        if response.mimetype != "application/json" or response.is_streamed:
            return response
        body = response.get_data()
        if not body.startswith(_LIST):
            return response
        response.set_etag(hashlib.blake2b(body, digest_size=16).hexdigest(), weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.make_conditional(request)
        # If-Match on a read: the library answers 412 with the list itself.
        return respond(StaleVersion("This list has changed since you read it.")) if response.status_code == 412 else response
