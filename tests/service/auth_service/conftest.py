"""An auth service with people in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.serving import make_server

from auth_service.hashing import hashing
from auth_service.models import SecurityEvent, User
from libs.clients.tasks import TasksClient
from libs.config import Settings
from libs.data.db import db, reading, transaction
from libs.web import devices
from libs.web.devices import Device
from tests.support.from_gateway import from_gateway

PASSWORD = "ang bayan kong sinilangan"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@dataclass
class AuthApi:
    """The service, a client, and shortcuts in the words of the tests."""

    app: Flask
    client: FlaskClient
    numbers: Any

    def add_user(self, username: str, *, role: str = "staff", password: str | None = PASSWORD, **more: Any) -> int:
        """Store an account and return its id; a cadet gets a cadet id of their own."""
        if role == "cadet":
            more.setdefault("cadet_id", next(self.numbers))
        with self.app.app_context(), transaction() as session:
            digest = more.pop("password_hash", None) or (hashing().hash(password) if password else None)
            user = User(username=username, role=role, password_hash=digest, positions=more.pop("positions", []), **more)
            session.add(user)
            session.flush()
            return user.id

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        address: str = HOME,
        agent: str = "phone",
        device: Device | None = None,
    ):
        """POST JSON to /api/v1/auth from a device."""
        known = {devices.HEADER: devices.sign(self.app.config["RGMS"], device)} if device else {}
        return self.client.post(f"/api/v1/auth{path}", json=body, headers=headers(token, address, agent) | known)

    def get(self, path: str, *, token: str | None = None, address: str = HOME):
        """GET from /api/v1/auth."""
        return self.client.get(f"/api/v1/auth{path}", headers=headers(token, address))

    def login(self, username: str, password: str = PASSWORD, **origin: Any):
        """Try to sign in."""
        return self.post("/login", {"username": username, "password": password}, **origin)

    def signed_in(self, username: str, password: str = PASSWORD, **origin: Any) -> dict[str, Any]:
        """Sign in and return the answer."""
        answer = self.login(username, password, **origin)
        assert answer.status_code == 200, answer.json
        return answer.json

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Read rows straight from the database."""
        with self.app.app_context(), reading() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    def run(self, sql: str, **values: Any) -> None:
        """Change rows straight in the database, as the passing of time would."""
        with self.app.app_context(), transaction() as session:
            session.execute(text(sql), values)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the security events of a kind, oldest first."""
        with self.app.app_context(), reading() as connection:
            query = select(SecurityEvent.__table__).where(SecurityEvent.kind == kind).order_by(SecurityEvent.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    @contextmanager
    def limits(self, **changes: Any) -> Iterator[None]:
        """Run with other sign-in limits."""
        before = self.app.extensions["auth_settings"]
        self.app.extensions["auth_settings"] = replace(before, limits=replace(before.limits, **changes))
        try:
            yield
        finally:
            self.app.extensions["auth_settings"] = before


def headers(token: str | None, address: str, agent: str = "phone") -> dict[str, str]:
    """Return the headers of a request that came through the gateway."""
    made = from_gateway("auth", address) | {"User-Agent": agent}
    return made | ({"Authorization": f"Bearer {token}"} if token else {})


@pytest.fixture
def auth_api(service_app: Callable[[str], Flask]) -> Iterator[AuthApi]:
    """The auth service, empty."""
    app = service_app("auth")
    yield AuthApi(app, app.test_client(), count(101))
    with app.app_context():
        db.session.remove()


@dataclass
class Neighbour:
    """Another service of RGMS, answering on a real socket."""

    name: str
    app: Flask
    url: str

    def settings_of(self, app: Flask) -> Settings:
        """Return the settings of `app` with the address of this neighbour."""
        settings: Settings = app.config["RGMS"]
        return replace(settings, urls={**settings.urls, self.name: self.url})


@pytest.fixture
def serve(service_app: Callable[[str], Flask]) -> Iterator[Callable[[str], Neighbour]]:
    """A function service -> that service on a free port, until the test ends."""
    with ExitStack() as stack:

        def start(name: str) -> Neighbour:
            app = service_app(name)
            server = make_server("127.0.0.1", 0, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return Neighbour(name, app, f"http://127.0.0.1:{server.server_port}")

        yield start


@pytest.fixture
def mails(auth_api, serve, as_owner, monkeypatch):
    """The mails that the tasks service was asked to send, on the real service."""
    tasks = serve("tasks")
    monkeypatch.setitem(auth_api.app.extensions, "auth_tasks", TasksClient(tasks.settings_of(auth_api.app)))

    def sent():
        auth_api.app.extensions["auth_background_queue"].settle(10)
        return [params for (params,) in as_owner("SELECT params FROM ops.job WHERE kind = 'email' ORDER BY created_at")]

    return sent


def token_of(mail):
    """Return the token of the link in a mail."""
    return mail["values"]["link"].split("#token=")[1]
