"""Gzip of JSON, in one place. flask-compress would rewrite the ETags that If-Match is compared with.

Nothing is compressed that holds a secret beside words of somebody else's choosing (BREACH): the writes of the services that hand
out tokens, codes and tickets are left as they are, and no answer is given on a cookie that a foreign page could send along.
"""

from __future__ import annotations

import zlib

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

# Below it the packet is no shorter on the wire.
MIN_BYTES = 1024
# For one answer to one reader; a body that is kept for many is worth a closer look.
LEVEL, LEVEL_KEPT = 1, 6
SECRETIVE = frozenset({"auth", "realtime"})
_GZIP = 16 + zlib.MAX_WBITS


def compress(body: bytes, level: int = LEVEL) -> bytes:
    """Return `body` as gzip."""
    return zlib.compress(body, level, _GZIP)


def decompress(packed: bytes) -> bytes:
    """Return what `compress` was given."""
    return zlib.decompress(packed, _GZIP)


def takes_gzip() -> bool:
    """Return whether the running request's client reads gzip."""
    accepted = request.headers.get("Accept-Encoding", "")
    if "gzip" not in accepted.lower():
        return False
    return "q=" not in accepted or parse_accept_header(accepted).quality("gzip") > 0


def install(app: Flask, service: str) -> None:
    """Compress the JSON answers of `app`, the application of `service`."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype != "application/json" or response.is_streamed or "Content-Encoding" in response.headers:
            return response
        if request.method not in {"GET", "HEAD"} and service in SECRETIVE:
            return response
        body = response.get_data()
        if len(body) < MIN_BYTES:
            return response
        response.vary.add("Accept-Encoding")
        if takes_gzip():
            response.set_data(compress(body))
            response.headers["Content-Encoding"] = "gzip"
        return response
