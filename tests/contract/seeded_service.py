"""A little data in each service, so that every route has something to answer about, and the people who ask."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from flask import Flask
from openpyxl import Workbook
from sqlalchemy import text
from werkzeug.test import Client

from cli.testing.plugin import People
from grading_service.app import HANDLERS
from libs.contracts.events.roster import CADETS_IMPORTED
from libs.contracts.principal import Principal
from libs.data.db import transaction
from tests.support.from_gateway import from_gateway

ROLES = ("nobody", "cadet", "other", "staff", "command", "admin")
USER_IDS = {"admin": 1, "staff": 2, "command": 3, "cadet": 1001, "other": 1002}
SESSIONS = {role: uuid5(UUID(int=0), role) for role in USER_IDS}
SOME_UUID = "0190f3a0-0000-7000-8000-000000000001"


@dataclass
class SeededService:
    """One service with data in it.

    Attributes:
        client: calls the service as the gateway would.
        people: makes tokens.
        values: what stands for each parameter of a path, and for those that a question needs.
        cadets: the roster ids of `cadet` and `other`.
    """

    app: Any
    client: Client
    people: People
    values: dict[str, Any] = field(default_factory=dict)
    cadets: dict[str, int] = field(default_factory=lambda: {"cadet": 1, "other": 2})

    def principal(self, role: str) -> Principal:
        """Return the person of a role; `cadet` owns what the data tells of, `other` is another cadet."""
        if role in self.cadets:
            kind, more = "cadet", {"cadet_id": self.cadets[role]}
        elif role == "admin":
            kind, more = "admin", {}
        else:
            positions = ("Commandant",) if role == "command" else ("Instructor",)
            kind, more = "staff", {"staff_id": USER_IDS[role], "positions": positions}
        return Principal(USER_IDS[role], f"contract-{role}", kind, session_id=str(SESSIONS[role]), **more)

    def headers(self, role: str) -> dict[str, str]:
        """Return the headers with which a role asks."""
        sent = from_gateway(self.app.config["RGMS"].service, "203.0.113.7")
        return sent if role == "nobody" else sent | self.people.headers(self.principal(role))

    def send(self, role: str, method: str, path: str, **sent: Any):
        """Ask as a role."""
        return self.client.open(path, method=method, headers=self.headers(role), **sent)

    def made(self, method: str, path: str, *, role: str = "admin", **sent: Any) -> Any:
        """Ask as an administrator for something that must succeed; return its JSON."""
        answer = self.send(role, method, path, **sent)
        assert answer.status_code < 300, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json

    def internal(self, caller: str, audience: str, method: str, path: str, **sent: Any) -> Any:
        """Ask as another service for something that must succeed; return its JSON."""
        answer = self.client.open(path, method=method, headers=self.people.service(caller, audience), **sent)
        assert answer.status_code < 300, (path, answer.status_code, answer.get_data(as_text=True))
        return answer.json


def auth(seeded: SeededService) -> None:
    """Store the accounts and sessions behind the principals, and one more account."""
    with seeded.app.app_context(), transaction() as session:
        for role, user_id in USER_IDS.items():
            who = seeded.principal(role)
            facts = {
                "id": user_id,
                "username": who.username,
                "role": who.role,
                "cadet_id": who.cadet_id,
                "staff_id": who.staff_id,
            }
            session.execute(
                text(
                    'INSERT INTO auth."user" (id, username, role, cadet_id, staff_id)'
                    " VALUES (:id, :username, :role, :cadet_id, :staff_id)"
                ),
                facts,
            )
            session.execute(
                text(
                    "INSERT INTO auth.session (id, user_id, created_at, last_used_at, expires_at, address, user_agent)"
                    " VALUES (:sid, :id, now(), now(), now() + interval '7 days', '203.0.113.7', 'test')"
                ),
                {"sid": SESSIONS[role], "id": user_id},
            )
        waiting = session.execute(
            text(
                "INSERT INTO auth.email_change (user_id, old_email, new_email, state, proposed_at)"
                " VALUES (:id, 'old@unit.ph', 'new@unit.ph', 'waiting', now()) RETURNING id"
            ),
            {"id": USER_IDS["cadet"]},
        ).scalar()
        passkey = session.execute(
            text(
                "INSERT INTO auth.passkey (user_id, credential_id, public_key, sign_count, name, created_at)"
                " VALUES (:id, 'x', 'y', 0, 'phone', now()) RETURNING id"
            ),
            {"id": USER_IDS["cadet"]},
        ).scalar()
    seeded.values = {
        "ids": "1,2",
        "user_id": USER_IDS["other"],
        "session_id": SESSIONS["cadet"],
        "change_id": waiting,
        "passkey_id": passkey,
    }


def roster(seeded: SeededService) -> None:
    """Add two cadets, a member of staff and a previewed import; a battalion is there from the start."""
    for number, role in enumerate(("cadet", "other"), start=1):
        body = {"student_id": f"2024-{number}", "first_name": "Juan", "last_name": f"Cruz{number}", "cadet_course": "MS1"}
        seeded.cadets[role] = seeded.made("POST", "/api/v1/cadets", json=body)["id"]
    staff = seeded.made("POST", "/api/v1/staff", json={"first_name": "Ana", "last_name": "Reyes", "position": "Instructor"})
    unit = seeded.made("GET", "/api/v1/units")["data"][0]
    preview = seeded.made("POST", "/api/v1/cadets/imports", data={"file": (io.BytesIO(workbook()), "roster.xlsx")})
    seeded.values = {
        "cadet_id": seeded.cadets["cadet"],
        "staff_id": staff["id"],
        "unit_id": unit["id"],
        "import_id": preview["id"],
    }


def workbook() -> bytes:
    """Return a roster of one cadet."""
    book = Workbook()
    book.active.append(["Student ID", "First Name", "Last Name", "Company"])
    book.active.append(["2025-9", "Pedro", "Santos", "Bravo"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def media(seeded: SeededService) -> None:
    """Store a file of the cadet."""
    facts = {"id": SOME_UUID, "name": "sheet.txt", "owner_user_id": USER_IDS["cadet"], "purpose": "upload", "access": "owner"}
    path, sent = "/internal/files", {"data": b"a small document", "content_type": "text/plain"}
    seeded.internal("tasks", "media", "POST", path, query_string=facts, **sent)
    seeded.values = {"file_id": SOME_UUID}


def realtime(seeded: SeededService) -> None:
    """Store a notification for the cadet."""
    note = {"id": SOME_UUID, "user_id": USER_IDS["cadet"], "message": "Formation at 0600", "kind": "announcement"}
    seeded.internal("tasks", "realtime", "POST", "/internal/notifications", json={"notifications": [note]})
    seeded.values = {"notification_id": SOME_UUID}


def tasks(seeded: SeededService) -> None:
    """Store a job of the cadet."""
    job = {"id": SOME_UUID, "kind": "process_file", "params": {"file_id": SOME_UUID}, "requested_by": USER_IDS["cadet"]}
    seeded.internal("media", "tasks", "POST", "/internal/jobs", json=job)
    seeded.values = {"task_id": SOME_UUID}


def grading(seeded: SeededService) -> None:
    """Add two cadets, a term, a training day, a mark and a merit."""
    cadets = [
        {
            "id": seeded.cadets[role],
            "student_id": f"2024-{number}",
            "first_name": "Juan",
            "last_name": f"Cruz{number}",
            "company": "Alpha",
        }
        | {"middle_name": "", "suffix_name": "", "platoon": "1", "cadet_course": "MS1", "status": "Ongoing", "email": None}
        | {"is_archived": False, "version": 1, "username": f"cruz{number}"}
        for number, role in enumerate(("cadet", "other"), start=1)
    ]
    with seeded.app.app_context(), transaction() as session:
        HANDLERS[CADETS_IMPORTED](session, {"type": CADETS_IMPORTED, "data": {"cadets": cadets}})
    dates = {"starts_on": "2026-06-01", "ends_on": "2026-12-01"}
    body = {"name": "First", "school_year": "2026-2027", "semester": "1st Semester", **dates}
    term = seeded.made("POST", "/api/v1/terms", json=body)
    day = seeded.made("POST", "/api/v1/training-days", json={"term_id": term["id"], "date": "2026-06-06", "title": "Drill"})
    merit = {"id": SOME_UUID, "term_id": term["id"], "cadet_id": seeded.cadets["cadet"], "kind": "merit", "points": 2}
    merit |= {"reason": "Early at muster", "occurred_at": "2026-06-06T07:00:00+08:00"}
    stored = seeded.made("POST", "/api/v1/merits/records", json={"records": [merit]})
    assert stored["stored"] == [SOME_UUID], stored
    days = {"day_id": day["id"], "training_day_id": day["id"]}
    seeded.values = {"term_id": term["id"], **days, "record_id": SOME_UUID, "cadet_id": seeded.cadets["cadet"]}


SEEDS: dict[str, Callable[[SeededService], None]] = {
    "auth": auth,
    "roster": roster,
    "media": media,
    "realtime": realtime,
    "tasks": tasks,
    "grading": grading,
}


def seeded_service(service: str, app: Flask, people: People) -> SeededService:
    """Return a service with data in it."""
    seeded = SeededService(app, Client(app), people)
    SEEDS.get(service, lambda _seeded: None)(seeded)
    return seeded
