"""A real sockets process on loopback, real clients, and the stream they hear of."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
import websocket

from cli.local.ports import free_port
from cli.testing.plugin import TEST_KEY
from libs import clock
from libs.config import Env, Settings, load
from libs.contracts import events
from libs.contracts.principal import Principal
from libs.events import streams
from libs.ids import uuid7
from libs.web.tokens import issue_access_token
from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 10.0

ADMIN = Principal(1, "admin", "admin", session_id="sid-1")
STAFF = Principal(2, "staff", "staff", ("Instructor",), staff_id=1, session_id="sid-2")


def cadet(cadet_id: int) -> Principal:
    return Principal(1000 + cadet_id, f"cadet{cadet_id}", "cadet", cadet_id=cadet_id, session_id=f"sid-{1000 + cadet_id}")


class Client:
    """A browser's socket."""

    def __init__(self, url: str, **options: Any) -> None:
        self.ws = websocket.create_connection(url, timeout=PATIENCE, **options)

    def next(self) -> dict[str, Any]:
        """Return the next message."""
        opcode, payload = self.ws.recv_data()
        assert opcode == websocket.ABNF.OPCODE_TEXT, (opcode, payload)
        return json.loads(payload)

    def next_of(self, kind: str) -> dict[str, Any]:
        """Return the next message of this type, passing over others."""
        while True:
            message = self.next()
            if message["type"] == kind:
                return message

    def send(self, message: Any) -> None:
        self.ws.send(message if isinstance(message, str) else json.dumps(message))

    def closing(self) -> tuple[int, str]:
        """Return code and reason of the close frame, passing over what comes before it."""
        while True:
            opcode, payload = self.ws.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(payload[:2], "big"), payload[2:].decode()

    def close(self) -> None:
        self.ws.close()


@dataclass
class Sockets:
    """A running sockets process."""

    process: subprocess.Popen
    settings: Settings
    stack: ExitStack

    @property
    def base(self) -> str:
        return f"127.0.0.1:{self.settings.port}"

    def ready(self) -> dict[str, Any] | None:
        try:
            answer = requests.get(f"http://{self.base}/readyz", timeout=5)
        except requests.ConnectionError:
            return None
        return answer.json() if answer.status_code == 200 else None

    def stream_state(self) -> dict[str, Any]:
        return until(self.ready)["checks"]["stream"]

    def token(self, principal: Principal, *, life: timedelta = timedelta(minutes=15)) -> str:
        issued: datetime = clock.now() - timedelta(minutes=15) + life
        return issue_access_token(self.settings, principal, issued)

    def url(self, feed: str = "updates", **query: str) -> str:
        return f"ws://{self.base}/ws/{feed}/?" + "&".join(f"{name}={value}" for name, value in query.items())

    def connect(
        self, principal: Principal, feed: str = "updates", *, options: dict[str, Any] | None = None, **query: str
    ) -> Client:
        """Return a connected client that has read its first frame, `connection.ready`, into `.hello`."""
        client = Client(self.url(feed, **({"token": self.token(principal)} | query)), **(options or {}))
        self.stack.callback(client.close)
        client.hello = client.next()
        assert client.hello["type"] == "connection.ready", client.hello
        return client

    def open(self, feed: str = "updates", **query: str) -> Client:
        """Return a client that has read nothing yet."""
        client = Client(self.url(feed, **query))
        self.stack.callback(client.close)
        return client


def start_sockets(redis_url: str, stack: ExitStack, **variables: str) -> Sockets:
    port = free_port()
    environment = {
        "RGMS_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "CORS_ALLOWED_ORIGINS": "https://front.example.org",
        **variables,
    }
    command = [sys.executable, "-m", "gevent.monkey", "--module", "cli.process", "sockets"]
    process = subprocess.Popen(command, cwd=ROOT, env={**Env.of_process().values, **environment})
    running = Sockets(process, load("sockets", environment), stack)
    stack.callback(stop, process)
    until(running.ready)
    return running


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def _shared_sockets(redis_url: str) -> Iterator[Sockets]:
    with ExitStack() as stack:
        yield start_sockets(redis_url, stack)


@pytest.fixture
def sockets(_shared_sockets: Sockets, redis_client: redis.Redis, stream: streams.EventStream) -> Iterator[Sockets]:
    """The running sockets process, caught up with an emptied Redis."""
    catch_up(_shared_sockets, stream)
    with ExitStack() as stack:
        _shared_sockets.stack = stack
        yield _shared_sockets
    until(lambda: _shared_sockets.stream_state()["connections"] == 0)


@pytest.fixture
def own_sockets(redis_client: redis.Redis, redis_url: str) -> Iterator[Callable[..., Sockets]]:
    """A function (**variables) -> a sockets process of this test alone."""
    with ExitStack() as stack:
        yield lambda **variables: start_sockets(redis_url, stack, **variables)


@pytest.fixture
def stream(redis_url: str, redis_client: redis.Redis) -> Iterator[streams.EventStream]:
    client = streams.connect(redis_url)
    yield streams.EventStream(client)
    client.close()


def catch_up(running: Sockets, stream: streams.EventStream) -> None:
    """Publish an event nobody hears and wait until the process has read it."""
    publish(
        stream, events.auth.ACCOUNT_CREATED, events.auth.account_created_data(user_id=1, role="cadet", cadet_id=1, staff_id=None)
    )
    tail = str(stream.tail())
    until(lambda: running.stream_state()["position"] == tail)


def publish(stream: streams.EventStream, kind: str, data: dict[str, Any], *, schema: str = "grading") -> str:
    """Publish one event as a relay does and return its id."""
    event_id = str(uuid7())
    body = {"id": event_id, "type": kind, "data": data, "occurred_at": "2026-03-07T01:30:00Z", "schema": schema}
    stream.publish(schema, [(event_id, kind, json.dumps(body).encode())])
    return event_id


def publish_term(stream: streams.EventStream, number: int) -> str:
    return publish(stream, events.grading.TERM_UPDATED, events.grading.term_data({"id": number}))


def small_buffers() -> dict[str, Any]:
    """Socket options of a client whose machine takes in little."""
    return {"sockopt": ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)}
