"""A small real service for the gateway's tests: it says what reached it, and misbehaves on request."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qs

seen: Counter[str] = Counter()
released = threading.Event()


def app(environ: dict, start_response) -> Iterable[bytes]:
    """Answer one request; `?do=` names a behaviour, `?key=` a counter of requests."""
    path, query = environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"])
    first = {name: values[0] for name, values in query.items()}
    if path == "/readyz":
        body = {
            "status": "ready",
            "checks": {"database": {"status": "healthy", "latency_ms": 1}, "celery": {"status": "healthy"}},
        }
        return answer(start_response, body)
    if path == "/openapi.json":
        return answer(start_response, {"paths": {"/api/v1/cadets": {"get": {"responses": {}}}, "/internal/cadets": {"get": {}}}})
    if path == "/count":
        return answer(start_response, seen[first["key"]])
    seen[first.get("key", "")] += 1
    return BEHAVIOURS.get(first.get("do", ""), echo)(environ, start_response, first)


def answer(start_response, value: object, status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()) -> list[bytes]:
    """Answer with JSON."""
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers])
    return [body]


def echo(environ: dict, start_response, first: dict) -> list[bytes]:
    """Say what arrived."""
    body = environ["wsgi.input"].read()
    headers = {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")}
    told = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "raw": environ["RAW_URI"],
        "query": environ["QUERY_STRING"],
        "headers": headers,
        "type": environ.get("CONTENT_TYPE", ""),
        "length": len(body),
        "sha": hashlib.sha256(body).hexdigest(),
        "process": id(seen),
    }
    return answer(start_response, told, first.get("status", "200 OK"))


def large(_environ: dict, start_response, first: dict) -> Iterable[bytes]:
    """Stream `size` bytes: measured, or chunked with chunked=1."""
    size = int(first["size"])
    headers = [("Content-Type", "application/octet-stream")]
    if "chunked" not in first:
        headers.append(("Content-Length", str(size)))
    start_response("200 OK", headers)
    return (b"x" * min(65536, size - sent) for sent in range(0, size, 65536))


def broken(_environ: dict, start_response, _first: dict) -> Iterable[bytes]:
    """Announce more than is sent."""
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", "3000000")])
    yield b"x" * 2_000_000
    raise OSError("broken on purpose")


def held(_environ: dict, start_response, _first: dict) -> list[bytes]:
    """Answer only after somebody asked for `release`."""
    released.wait(30)
    return answer(start_response, "late")


def release(_environ: dict, start_response, _first: dict) -> list[bytes]:
    """Let the held requests go."""
    released.set()
    return answer(start_response, "released")


def dressed(_environ: dict, start_response, _first: dict) -> list[bytes]:
    """Send headers that the gateway must not pass on as they are."""
    return answer(
        start_response,
        "dressed",
        headers=[
            ("Set-Cookie", "a=b; Path=/"),
            ("X-Powered-By", "echo"),
            ("Access-Control-Allow-Origin", "*"),
            ("X-Frame-Options", "ALLOWALL"),
            ("ETag", '"7"'),
            ("Location", "/api/v1/cadets/7"),
        ],
    )


def packed(environ: dict, start_response, _first: dict) -> list[bytes]:
    """Answer as a kept list does: compressed if the caller reads that, and not at all if the caller has it."""
    headers = [("ETag", 'W/"9"'), ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding")]
    if environ.get("HTTP_IF_NONE_MATCH") == 'W/"9"':
        start_response("304 Not Modified", headers)
        return [b""]
    body = b'{"data":[]}'
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body = gzip.compress(body)
        headers.append(("Content-Encoding", "gzip"))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers])
    return [body]


def redirecting(_environ: dict, start_response, _first: dict) -> list[bytes]:
    """Redirect, which the gateway must hand on and not follow."""
    return answer(start_response, "moved", "302 Found", [("Location", "/api/v1/cadets?key=followed")])


def refused(environ: dict, start_response, first: dict) -> Iterable[bytes]:
    """Refuse the first `times` requests and ask to have them again after `after` seconds."""
    if seen[first["key"]] > int(first["times"]):
        return echo(environ, start_response, first)
    headers = [("Retry-After", "1"), ("X-Ask-Again", first["after"])]
    return answer(start_response, {"code": "sign_in_busy"}, "503 Service Unavailable", headers)


def empty(_environ: dict, start_response, first: dict) -> list[bytes]:
    """Answer without a body."""
    start_response(first["status"], [])
    return [b""]


BEHAVIOURS = {
    "large": large,
    "broken": broken,
    "held": held,
    "release": release,
    "dressed": dressed,
    "packed": packed,
    "redirect": redirecting,
    "refused": refused,
    "empty": empty,
}
