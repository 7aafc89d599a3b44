"""A running gateway and a small service for it, as processes of their own on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from cli.local.child import before_exec
from libs import clock
from libs.config import load
from libs.contracts.principal import Principal
from libs.web.tokens import issue_access_token

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


@dataclass
class Process:
    """A child that listens on a port of loopback."""

    name: str
    port: int
    child: subprocess.Popen

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> Process:
        """Return when it accepts connections."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.child.poll() is None, f"{self.name} ended at start"
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not listen in time")

    def stop(self) -> None:
        self.child.terminate()
        self.child.wait(30)

    def kill9(self) -> None:
        self.child.kill()
        self.child.wait(30)


def spawn(name: str, port: int, arguments: list[str], env: dict[str, str]) -> Process:
    child = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **env}, preexec_fn=before_exec())
    return Process(name, port, child)


def echo_service(port: int) -> Process:
    options = ["-k", "gthread", "--threads", "8", "--keep-alive", "75", "--no-control-socket", "--log-level", "critical"]
    where = ["-b", f"127.0.0.1:{port}", "tests.support.echo_service:app"]
    return spawn("echo", port, [sys.executable, "-m", "gunicorn", *options, *where], {})


@dataclass
class Gateway:
    """A running gateway and a way to ask it."""

    process: Process
    env: dict[str, str]
    pool: urllib3.HTTPConnectionPool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = urllib3.HTTPConnectionPool("127.0.0.1", self.process.port, maxsize=20, timeout=20, retries=False)

    @property
    def url(self) -> str:
        return self.process.url

    def ask(self, method: str, path: str, *, as_user: int | None = 1, headers: dict | None = None, **more):
        """Return the answer to one request, never redirected, as user number `as_user` or nobody."""
        own = {} if as_user is None else self.token(as_user)
        return self.pool.request(method, path, headers=own | (headers or {}), redirect=False, **more)

    def token(self, user: int = 1, role: str = "admin", session: str = "") -> dict[str, str]:
        principal = Principal(user, f"u{user}", role, session_id=session or f"sid-{user}")
        return {"Authorization": f"Bearer {issue_access_token(load('gateway', self.env), principal, clock.now())}"}
