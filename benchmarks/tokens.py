"""What verifying a person's token costs a request: flask-jwt-extended as shipped, and as the house uses it, in one run."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager, verify_jwt_in_request

from cli.local.redis import LocalRedis
from libs import clock
from libs.config import load
from libs.contracts.principal import Principal
from libs.ids import new_token
from libs.web import auth, tokens
from libs.web.app import build_app
from libs.web.jsonio import json_response

ROUNDS = 3
PEOPLE = 200
"""Different people ask in turn, so that a memory is used as on a campus."""


def run(seconds: float) -> None:
    """Print the CPU time of one request with each way of verifying, the least of three rounds of `seconds` in all."""
    with tempfile.TemporaryDirectory(prefix="rgms-bench-") as directory:
        redis = LocalRedis(Path(directory), durable=False)
        url = redis.start()
        try:
            lines = _measured(url, seconds)
        finally:
            redis.stop()
    print("\nVerifying a person's token, CPU µs of a request inside one process\n  target: as shipped, less what a memory saves")
    bare = lines[0][1]
    for what, cost in lines:
        print(f"  {what:<58} {cost:>6.0f}  +{cost - bare:.0f}", flush=True)


def _measured(url: str, seconds: float) -> list[tuple[str, float]]:
    settings = load(
        "roster", {"RGMS_ENV": "test", "SECRET_KEY": new_token(32), "REDIS_URL": url, "DATABASE_URL": "postgres://none/none"}
    )
    people = [Principal(number, f"bench.{number}", "cadet", cadet_id=number, session_id=f"s{number}") for number in range(PEOPLE)]
    headers = [f"Bearer {tokens.issue_access_token(settings, person, clock.now())}" for person in people]

    def service(verify: Callable[[], Any], *, ask_redis: bool = True, as_shipped: bool = False) -> Flask:
        app = build_app("bench", settings)
        if not ask_redis:
            auth.install(app, settings).token_in_blocklist_loader(lambda _header, _claims: False)
        if as_shipped:
            app.config["JWT_SECRET_KEY"] = settings.secret_key
            JWTManager(app)
        app.add_url_rule("/", view_func=lambda: (verify(), json_response({}))[1])
        return app

    ways = [
        ("nobody asked", service(lambda: None)),
        ("flask-jwt-extended as shipped", service(verify_jwt_in_request, as_shipped=True)),
        ("verified tokens remembered, and the person looked up", service(auth.current_principal, ask_redis=False)),
        ("the same, and Redis asked for ended sessions", service(auth.current_principal)),
    ]
    share = seconds / ROUNDS / len(ways)
    # Round by round, so that a slow quarter of a minute meets every way alike.
    rounds = [[_cost(app, headers, share) for _, app in ways] for _ in range(ROUNDS)]
    return [(what, min(costs)) for (what, _), costs in zip(ways, zip(*rounds, strict=True), strict=True)]


def _cost(app: Flask, headers: Iterable[str], seconds: float) -> float:
    asked = [_environ(header) for header in headers]
    deadline, count, before = time.monotonic() + seconds, 0, time.process_time()
    while time.monotonic() < deadline:
        for environ in asked:
            for part in app(dict(environ), _start):
                if part != b"{}":
                    raise SystemExit(f"refused: {part!r}")
        count += len(asked)
    return (time.process_time() - before) / count * 1e6


def _start(_status: str, _headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
    return lambda _part: None


def _environ(header: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_AUTHORIZATION": header,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
