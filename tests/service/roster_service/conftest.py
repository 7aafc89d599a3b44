"""A roster service with people in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cli.testing.plugin import People
from libs import clock
from libs.clients.auth import AuthClient
from libs.clients.grading import GradingClient
from libs.data.db import reading, transaction
from roster_service.models import Cadet, Course, Outbox, Staff, Unit
from tests.support.served import served
from tests.support.workbooks import roster


@dataclass
class RosterApi:
    """The service, a client and shortcuts in the words of the tests. Requests are the admin's unless told otherwise."""

    app: Flask
    client: FlaskClient
    people: People
    used: dict[str, int] = field(default_factory=lambda: {"cadet": 0, "staff": 0})

    def call(
        self, method: str, path: str, *, by: dict[str, str] | None = None, headers: dict[str, str] | None = None, **more: Any
    ):
        """Send a request to /api/v1 as `by`."""
        sent = {**(self.people.admin() if by is None else by), **(headers or {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)

    def get(self, path: str, **more: Any):
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any):
        return self.call("POST", path, json=body, **more) if body is not None else self.call("POST", path, **more)

    def patch(self, path: str, body: Any, **more: Any):
        return self.call("PATCH", path, json=body, **more)

    def put(self, path: str, body: Any, **more: Any):
        return self.call("PUT", path, json=body, **more)

    def delete(self, path: str, **more: Any):
        return self.call("DELETE", path, **more)

    def add_cadet(self, **values: Any) -> int:
        """Store a cadet as the migration of old data would, without an event; return the id."""
        self.used["cadet"] += 1
        number = self.used["cadet"]
        now = clock.now()
        cadet = {
            "student_id": f"2025-{number:05d}",
            "username": f"2025{number:05d}",
            "first_name": "Ana",
            "last_name": f"Reyes{number:03d}",
            "rank": "CDT",
            "status": "Ongoing",
            "company": "Alpha",
            "platoon": "1st Platoon",
            "created_at": now,
            "updated_at": now,
            **values,
        }
        return self._add(Cadet(**cadet))

    def add_staff(self, **values: Any) -> int:
        """Store a member of staff without an event; return the id."""
        self.used["staff"] += 1
        person = {"first_name": "Rey", "last_name": f"Cruz{self.used['staff']:03d}", "position": "Instructor", **values}
        return self._add(Staff(**person))

    def _add(self, row: Any) -> int:
        with self.app.app_context(), transaction() as session:
            session.add(row)
            session.flush()
            return row.id

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the recorded events in order, as (type, data)."""
        with self.app.app_context(), reading() as connection:
            return [tuple(row) for row in connection.execute(select(Outbox.type, Outbox.data).order_by(Outbox.id))]

    def cadets(self) -> dict[int, dict[str, Any]]:
        """Return every stored cadet by id, without version and times."""
        columns = [column for column in Cadet.__table__.c if column.name not in {"version", "updated_at", "created_at"}]
        with self.app.app_context(), reading() as connection:
            return {row["id"]: dict(row) for row in connection.execute(select(*columns)).mappings()}

    def forget_cadets(self) -> None:
        """Delete every cadet, for the next example of a property."""
        with self.app.app_context(), transaction() as session:
            session.execute(delete(Cadet))

    def upload(self, data: bytes, filename: str = "roster.xlsx", **more: Any):
        """Preview a workbook."""
        return self.call("POST", "/cadets/imports", data={"file": (_file(data), filename)}, **more)

    def preview(self, *rows: Any, **more: Any) -> dict[str, Any]:
        """Preview rows under the usual headers and return the answer."""
        answer = self.upload(roster(*rows, **more))
        assert answer.status_code == 201, answer.json
        return answer.json

    def apply(self, import_id: int, **more: Any):
        """Apply an import."""
        return self.post(f"/cadets/imports/{import_id}/apply", **more)

    def undo(self, import_id: int, **more: Any):
        """Undo an import."""
        return self.post(f"/cadets/imports/{import_id}/undo", **more)


def _file(data: bytes):
    return io.BytesIO(data)


@pytest.fixture
def neighbours(roster_api, service_app, monkeypatch) -> Iterator[dict[str, Flask]]:
    """The real auth and grading services behind the roster's clients, for an undo that asks them."""
    apps = {name: service_app(name) for name in ("auth", "grading")}
    settings = roster_api.app.config["RGMS"]
    with served(apps["auth"]) as auth, served(apps["grading"]) as grading:
        urls = {**settings.urls, "auth": auth, "grading": grading}
        monkeypatch.setitem(roster_api.app.extensions, "roster_auth", AuthClient(replace(settings, urls=urls)))
        monkeypatch.setitem(roster_api.app.extensions, "roster_grading", GradingClient(replace(settings, urls=urls)))
        yield apps


@pytest.fixture
def roster_api(service_app, people) -> Iterator[RosterApi]:
    """The roster service, empty but for the standard unit tree."""
    app = service_app("roster")
    with app.app_context(), reading() as connection:
        known = set(connection.execute(select(Unit.id)).scalars())
        courses = set(connection.execute(select(Course.id)).scalars())
    yield RosterApi(app, app.test_client(), people)
    with app.app_context(), transaction() as session:
        session.execute(delete(Cadet))
        session.execute(delete(Unit).where(Unit.id.not_in(known)))
        session.execute(delete(Course).where(Course.id.not_in(courses)))
