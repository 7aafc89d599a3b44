"""Optimistic concurrency: a version becomes an ETag, If-Match must name the current one."""

from __future__ import annotations

from flask import request

from libs.web.errors import StaleVersion


def etag_for(version: int) -> str:
    """Return the strong ETag of a row's version."""
    return f'"{version}"'


def check_if_match(version: int) -> None:
    """Refuse an update based on another version; a request without If-Match passes.

    Raises:
        StaleVersion: If-Match names another version.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return
    if etag_for(version) not in {tag.strip().removeprefix("W/") for tag in given.split(",")}:
        raise StaleVersion(details={"current": etag_for(version)})
