"""What the tests of grading say to the service, and how."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from cli.testing.plugin import People
from grading_service.operations.cadets import store_cadets
from libs.data.db import reading, transaction
from libs.ids import uuid7

EARLIER = datetime.now(UTC) - timedelta(days=1)


def cadet_row(cadet_id: int, **more: Any) -> dict[str, Any]:
    """Return a cadet as the roster describes one."""
    return {
        "id": cadet_id,
        "student_id": f"2026-{cadet_id:04}",
        "first_name": f"First{cadet_id:04}",
        "middle_name": None,
        "last_name": f"Last{cadet_id:04}",
        "suffix_name": None,
        "email": None,
        "company": "Alpha" if cadet_id % 2 else "Bravo",
        "platoon": "1st Platoon",
        "cadet_course": "MS1",
        "status": "Ongoing",
        "is_archived": False,
        "version": 1,
        "username": f"cadet{cadet_id}",
        **more,
    }


def at(minutes: float = 0) -> str:
    """Return an instant of yesterday, `minutes` later, as a device writes it."""
    return (EARLIER + timedelta(minutes=minutes)).isoformat()


@dataclass
class GradingApi:
    """The service and what a test needs to say to it."""

    app: Flask
    client: FlaskClient
    people: People
    staff: dict[str, str] = field(init=False)
    command: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.staff, self.command = self.people.staff(), self.people.command()

    def cadets(self, *ids: int, **more: Any) -> None:
        """Have the roster tell of these cadets."""
        with self.app.app_context(), transaction() as session:
            store_cadets(session, [cadet_row(cadet_id, **more) for cadet_id in ids])

    def call(self, method: str, path: str, *, as_: dict[str, str] | None = None, expect: int = 200, **more: Any) -> Any:
        """Return the JSON of a call that must answer `expect`."""
        if more.get("json") is not None:
            # The standard module also writes what our own refuses: NaN and huge numbers.
            more |= {"data": json.dumps(more.pop("json")), "content_type": "application/json"}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=as_ or self.command, **more)
        assert answer.status_code == expect, answer.get_data(as_text=True)
        return answer.get_json() if answer.data else None

    def get(self, path: str, **more: Any) -> Any:
        """GET with an expected status."""
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """POST with an expected status."""
        return self.call("POST", path, json=body, **more)

    def term(self, **more: Any) -> int:
        """Create a term and return its id."""
        body = {"name": "MS1", "school_year": "2026-2027", "semester": "1st Semester", "starts_on": "2026-08-01"}
        return self.post("/terms", body | {"ends_on": "2026-12-31"} | more, expect=201)["id"]

    def days(self, term_id: int, count: int = 3) -> list[int]:
        """Create weekly training days and return their ids."""
        body = {"term_id": term_id, "starts_on": "2026-08-01", "count": count}
        return [day["id"] for day in self.post("/training-days/series", body, expect=201)["created"]]

    def mark(self, day_id: int, cadet_id: int, status: str = "present", **more: Any) -> Any:
        """Send one mark and return the outcome."""
        return self.post("/attendance/marks", {"marks": [mark_of(day_id, cadet_id, status, **more)]}, as_=self.staff)

    def points(self, term_id: int, cadet_id: int, kind: str = "merit", points: int = 1, **more: Any) -> Any:
        """Send one merit or demerit and return the outcome."""
        record = points_of(term_id, cadet_id, kind, points, **more)
        return self.post("/merits/records", {"records": [record]}, as_=self.staff)

    def score(self, term_id: int, cadet_id: int, exam: str, value: Any, **more: Any) -> Any:
        """Send one score and return the outcome."""
        return self.post("/exams/scores", {"scores": [score_of(term_id, cadet_id, exam, value, **more)]}, as_=self.staff)

    def row(self, term_id: int, cadet_id: int) -> dict[str, Any]:
        """Return a cadet's gradebook row."""
        rows = self.get(f"/grading/gradebook?term_id={term_id}&page_size=100", as_=self.staff)["data"]
        return next(row for row in rows if row["cadet_id"] == cadet_id)

    def grade(self, term_id: int, cadet_id: int, **params: str) -> dict[str, Any]:
        """Return a cadet's explained grade."""
        return self.get(f"/grading/cadets/{cadet_id}/grade", query_string={"term_id": term_id, **params}, as_=self.staff)


def mark_of(day_id: Any, cadet_id: Any, status: Any = "present", **more: Any) -> dict[str, Any]:
    """Return a mark as a device sends it."""
    fact = {"id": str(uuid7()), "training_day_id": day_id, "cadet_id": cadet_id, "status": status}
    return fact | {"occurred_at": at(), "device_id": "phone-1", "device_seq": 1} | more


def points_of(term_id: Any, cadet_id: Any, kind: Any = "merit", points: Any = 1, **more: Any) -> dict[str, Any]:
    """Return a merit or demerit as a device sends it."""
    fact = {"id": str(uuid7()), "term_id": term_id, "cadet_id": cadet_id, "kind": kind, "points": points}
    return fact | {"reason": "Drill", "occurred_at": at()} | more


def score_of(term_id: Any, cadet_id: Any, exam: Any, value: Any, **more: Any) -> dict[str, Any]:
    """Return a score as a device sends it."""
    fact = {"id": str(uuid7()), "term_id": term_id, "exam": exam, "cadet_id": cadet_id, "value": value}
    return fact | {"occurred_at": at()} | more


def told(grading_api: GradingApi, *types: str) -> list[tuple[str, Any]]:
    """Return (type, data) of the outbox in order, of all types or of these."""
    with grading_api.app.app_context(), reading() as connection:
        rows = connection.execute(text("SELECT type, data FROM grading.outbox ORDER BY id")).all()
    return [(row.type, row.data) for row in rows if not types or row.type in types]
