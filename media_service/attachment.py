"""The response that hands out a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from media_service.domain.names import content_disposition
from media_service.operations.files import read_content


def attachment(row: Mapping[str, Any]) -> Response:
    """Return the bytes of `row` as a download; ranges and If-None-Match are honoured."""
    kind = row["content_type"]
    response = Response(read_content(row), content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    response.headers.update(
        {
            "Content-Disposition": content_disposition(row["name"]),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-cache",
        }
    )
    response.content_length = row["size"]
    response.set_etag(row["sha256"])
    response.make_conditional(request, accept_ranges=True, complete_length=row["size"])
    return response
