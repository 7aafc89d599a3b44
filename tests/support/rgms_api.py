"""The running system as its HTTP users know it: a thin caller for system and browser tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import urllib3

from libs import clock
from libs.ids import uuid7

ADMIN, PASSWORD = "test.admin", "Drill-field-2026"


@dataclass
class Answer:
    """What came back: status, JSON body, headers."""

    status: int
    body: Any
    headers: Any

    def ok(self) -> Any:
        """Return the body of a 2xx answer; fail with the answer otherwise."""
        assert 200 <= self.status < 300, f"{self.status}: {self.body}"
        return self.body


class RgmsApi:
    """Calls the gateway at `base` as one signed-in person."""

    def __init__(self, base: str, *, timeout: float = 10.0) -> None:
        self.base, self.timeout, self.token = base, timeout, ""
        self.pool = urllib3.PoolManager(retries=False, maxsize=4)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send one request; `body` becomes JSON."""
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        raw = None if body is None else json.dumps(body, default=str).encode()
        if raw is not None:
            headers["Content-Type"] = "application/json"
        answer = self.pool.request(method, self.base + path, body=raw, headers=headers, timeout=self.timeout, redirect=False)
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return Answer(answer.status, json.loads(answer.data) if is_json and answer.data else answer.data, answer.headers)

    def get(self, path: str) -> Answer:
        """GET `path`."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST `body` to `path`."""
        return self.call("POST", path, {} if body is None else body, **headers)

    def upload(self, path: str, name: str, content: bytes, content_type: str) -> Answer:
        """POST one file as multipart field `file`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        fields = {"file": (name, content, content_type)}
        answer = self.pool.request("POST", self.base + path, fields=fields, headers=headers, timeout=60)
        return Answer(answer.status, json.loads(answer.data), answer.headers)

    def sign_in(self, username: str = ADMIN, password: str = PASSWORD) -> dict:
        """Sign in and keep the token; return the whole answer."""
        body = self.post("/api/v1/auth/login", {"username": username, "password": password}).ok()
        self.token = body["token"]
        return body

    def term(self, name: str = "First semester", days: int = 3) -> tuple[int, list[int]]:
        """Create a term with weekly training days; return its id and theirs."""
        starts = clock.today_manila() - timedelta(days=7 * days)
        term = self.post(
            "/api/v1/terms",
            {
                "name": f"{name} {uuid7().hex[-6:]}",
                "school_year": "2026-2027",
                "semester": "1st Semester",
                "starts_on": str(starts),
                "ends_on": str(starts + timedelta(days=150)),
            },
        ).ok()
        series = self.post(
            "/api/v1/training-days/series",
            {
                "term_id": term["id"],
                "starts_on": str(starts),
                "count": days,
                "title_pattern": "Training day {n}",
            },
        ).ok()
        return term["id"], [day["id"] for day in series["created"]]

    def cadet(self, number: int, company: str = "Alpha", platoon: str = "1st Platoon") -> dict:
        """Create a made-up cadet."""
        return self.post(
            "/api/v1/cadets",
            {
                "student_id": f"2026-{number:05d}",
                "first_name": f"Given{number}",
                "last_name": f"Surname{number}",
                "company": company,
                "platoon": platoon,
                "cadet_course": "MS1",
            },
        ).ok()


def mark(training_day_id: int, cadet_id: int, status: str = "present", seq: int = 1) -> dict:
    """Return one attendance mark as a phone makes it."""
    return {
        "id": str(uuid7()),
        "training_day_id": training_day_id,
        "cadet_id": cadet_id,
        "status": status,
        "occurred_at": clock.now().isoformat(),
        "device_id": "test-phone",
        "device_seq": seq,
    }
