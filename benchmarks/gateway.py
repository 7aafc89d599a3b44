"""What the gateway itself costs, and each of its packages, in front of nginx serving 3 kB."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks import gateway_parts, load, nginx
from benchmarks.load import Request
from benchmarks.processes import cpu_seconds, listening
from benchmarks.report import Line, show
from benchmarks.unit import UNLIMITED
from cli.local.config import ROOT
from cli.local.ports import free_port
from cli.local.redis import LocalRedis
from libs import clock
from libs.config import load as load_settings
from libs.contracts.principal import Principal
from libs.contracts.services import LISTENING
from libs.ids import new_token
from libs.web.tokens import issue_access_token

SIZE = 3_000
ROUNDS = 3


def run(seconds: float) -> None:
    """Measure the gateway, nginx proxy_pass and the bare upstream, in turns, and print them."""
    if not nginx.available():
        raise SystemExit("this benchmark needs nginx as upstream and as limit")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rgms-bench-")))
        folder.chmod(0o711)
        redis = LocalRedis(folder / "redis", durable=False)
        redis_url = redis.start()
        stack.callback(redis.stop)
        upstream, proxied = free_port(), free_port()
        servers = {upstream: nginx.fixed(SIZE), proxied: nginx.proxy("upstream")}
        limit = stack.enter_context(nginx.running(folder, servers, {"upstream": upstream}))
        env = _environment(redis_url, upstream, folder)
        built = {way: _started(stack, way, env) for way in gateway_parts.WAYS}
        principal = Principal(1, "bench", "admin", session_id="bench")
        token = issue_access_token(load_settings("gateway", env), principal, clock.now())
        request = Request("GET", "/api/v1/cadets", {"Authorization": f"Bearer {token}"})
        foreign = replace(request, headers={**request.headers, "Origin": gateway_parts.ORIGIN})
        whole = built[gateway_parts.WAYS[-1]]
        ways = {name: (at, pid, request) for name, (at, pid) in built.items()} | {
            "the same, asked by another origin": (*whole, foreign),
            "nginx proxy_pass": (proxied, limit.pid, request),
            "the upstream itself": (upstream, limit.pid, request),
        }
        for connections in (32, 1):
            best: dict[str, Line] = {}
            for _ in range(ROUNDS):
                for name, (at, pid, asked) in ways.items():
                    line = _once(name, f"http://127.0.0.1:{at}", pid, asked, connections, seconds / ROUNDS)
                    if name not in best or line.cpu["itself"] < best[name].cpu["itself"]:
                        best[name] = line
            show(
                f"The gateway hop, {SIZE} bytes, {connections} connections",
                "800 µs of the gateway's CPU a request at 32 connections, all in",
                best.values(),
            )


def _once(name: str, base: str, pid: int, request: Request, connections: int, seconds: float) -> Line:
    load.run(base, request, connections=connections, seconds=1)
    before = cpu_seconds(pid)
    outcome = load.run(base, request, connections=connections, seconds=max(1, seconds))
    return Line(name, outcome, {"itself": (cpu_seconds(pid) - before) / max(1, outcome.requests) * 1e6})


def _started(stack: ExitStack, way: str, env: dict[str, str]) -> tuple[int, int]:
    """Start one way of building the gateway; return its port and the id of its process."""
    port = free_port()
    arguments = [sys.executable, "-m", "gevent.monkey", "--module", "benchmarks.gateway_parts", way]
    process = subprocess.Popen(arguments, cwd=ROOT, env=env | {"PORT": str(port)})
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    listening(port, process)
    return port, process.pid


def _environment(redis_url: str, upstream: int, folder: Path) -> dict[str, str]:
    urls = {service.url_variable: f"http://127.0.0.1:{upstream}" for service in LISTENING}
    return urls | {
        "RGMS_ENV": "development",
        "SECRET_KEY": new_token(48),
        "REDIS_URL": redis_url,
        "CORS_ALLOWED_ORIGINS": gateway_parts.ORIGIN,
        "RGMS_DATA_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
        "RATE_LIMIT_USER": UNLIMITED,
        "RATE_LIMIT_ADDRESS": UNLIMITED,
        "PYTHONPATH": str(ROOT),
    }
