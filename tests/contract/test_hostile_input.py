"""Input made to break something: refused in the one error shape or stored as the plain text it is, never a 500."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.route_rules import RULES
from tests.contract.seeded_service import SOME_UUID, SeededService, seeded_service
from tests.contract.test_schemathesis import SERVICES, headers_for

ERROR_FIELDS = {"error", "message", "code", "details", "request_id"}
TEXTS = {
    "a quote": "Robert'); DROP TABLE cadet; --",
    "a union": "' UNION SELECT password_hash FROM auth.user --",
    "a script": "<script>alert(1)</script>",
    "an image": "<img src=x onerror=alert(1)>",
    "a template": "{{7*7}} ${7*7} %s %(a)s {0}",
    "wildcards": "%_\\%",
    "nothing": "",
    "blanks": "   ",
    "NUL": "a\x00b",
    "controls": "a\x07\x1b[31mb",
    "a bidi override": "abc\u202excod.exe",
    "half a character": "a\ud800b",
    "an emoji": "Ñoño 👩🏽‍✈️ é",
    "very much": "A" * 100_000,
}
VALUES: dict[str, Any] = {
    "null": None,
    "a list": [],
    "an object": {},
    "true": True,
    "zero": 0,
    "minus": -1,
    "beyond 32 bits": 2**31,
    "beyond 64 bits": 2**63,
    "beyond everything": 10**400,
    "a fraction": 1.5,
    "not a number": float("nan"),
    "infinity": float("inf"),
    "depth": [[[[[[[[[[]]]]]]]]]],
}
BODIES = {
    "no JSON": (b"{", "application/json"),
    "half a string": (b'{"a": "', "application/json"),
    "not UTF-8": (b"\xff\xfe\x00", "application/json"),
    "an array": (b"[]", "application/json"),
    "a string": (b'"text"', "application/json"),
    "a number": (b"1", "application/json"),
    "null": (b"null", "application/json"),
    "nothing": (b"", "application/json"),
    "a form": (b"a=1&b=2", "application/x-www-form-urlencoded"),
    "XML": (b"<a/>", "application/xml"),
    "no type": (b"{}", ""),
    "a very deep one": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json"),
    "a number of 5,000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "application/json"),
    "a doubled key": (b'{"a": 1, "a": 2}', "application/json"),
}
QUERIES = ("abc", "-1", "0", "1.5", "99999999999999999999", "%00", "%FF", "'--", "[]", "", "2026-99-99", "A" * 2000)


@pytest.fixture
def seeded(service_app, people, request) -> SeededService:
    """The service that the test is about, with data in it."""
    return seeded_service(request.param, service_app(request.param), people)


def operations(seeded: SeededService) -> list[tuple[str, str, str, dict[str, Any], dict[str, str]]]:
    """Return (method, path of something there, path in OpenAPI, operation, headers of one who may) of every operation."""
    document = seeded.client.get("/openapi.json").json
    service = seeded.app.config["RGMS"].service
    found = []
    for path, item in document["paths"].items():
        concrete = path
        for name, value in seeded.values.items():
            concrete = concrete.replace(f"{{{name}}}", str(value))
        for method in {"get", "post", "put", "patch", "delete"} & set(item):
            headers = headers_for(seeded, service, method, path)
            found.append((method.upper(), concrete, path, item[method] | {"shared": item.get("parameters", [])}, headers))
    assert len(found) >= len(RULES[service])
    return found


def check(answer: Any, what: str, documented: dict[str, Any] | None = None) -> None:
    """Assert that an answer is no 500, documented, and in the one error shape when it is an error."""
    assert answer.status_code != 500, what
    if documented is not None:
        assert str(answer.status_code) in documented, f"{what}: {answer.status_code}"
    if answer.status_code >= 400:
        assert set(answer.json) == ERROR_FIELDS, what
        assert "Traceback" not in answer.get_data(as_text=True), what


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_a_body_that_is_no_json_object_is_refused_everywhere(seeded):
    for method, path, _, operation, headers in operations(seeded):
        if method in {"GET", "DELETE"}:
            continue
        for what, (body, content_type) in BODIES.items():
            sent = {"Content-Type": content_type} if content_type else {}
            answer = seeded.client.open(path, method=method, data=body, headers=headers | sent)
            check(answer, f"{method} {path} with {what}", operation["responses"])


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_every_query_parameter_bears_nonsense(seeded):
    """Legacy defect D18: ?year_level=abc, ?search=%00 and the like were a 500."""
    asked = 0
    for method, path, _, operation, headers in operations(seeded):
        for parameter in [*operation.get("parameters", []), *operation["shared"]]:
            if parameter["in"] != "query":
                continue
            for value in QUERIES:
                asked += 1
                query = f"{parameter['name']}={value}" + _needed(operation, parameter["name"], seeded)
                answer = seeded.client.open(path, method=method, query_string=query, headers=headers)
                check(answer, f"{method} {path}?{query}", operation["responses"])
    assert asked or seeded.app.config["RGMS"].service in {"tasks"}


def _needed(operation: dict[str, Any], besides: str, seeded: SeededService) -> str:
    known = {"term_id": seeded.values.get("term_id"), "training_day_id": seeded.values.get("day_id")}
    names = [entry["name"] for entry in operation.get("parameters", []) if entry.get("required") and entry["in"] == "query"]
    return "".join(f"&{name}={known[name]}" for name in names if name != besides and known.get(name))


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_every_path_parameter_bears_nonsense(seeded):
    nonsense = ("abc", "0", "-1", "2147483648", "9" * 30, "%00", "..%2f..", "' OR 1=1", SOME_UUID[:-1], "{}")
    for method, _, template, operation, headers in operations(seeded):
        if "{" not in template:
            continue
        for value in nonsense:
            path = "/".join(value if part.startswith("{") else part for part in template.split("/"))
            answer = seeded.client.open(path, method=method, headers=headers, json={} if method != "GET" else None)
            check(answer, f"{method} {path}", operation["responses"])


MERIT = {"id": SOME_UUID[:-1] + "9", "kind": "merit", "points": 2, "reason": "Early", "occurred_at": "2026-06-06T07:00:00+08:00"}
TERM = {"name": "T", "school_year": "2026-2027", "semester": "1st Semester", "starts_on": "2027-01-01", "ends_on": "2027-05-01"}
CADET = {"student_id": "S-1", "first_name": "Juan", "last_name": "Cruz", "middle_name": "A", "email": "a@b.ph", "username": "jcx"}
CADET |= {"address": "Naawan", "contact_number": "0917", "religion": "none", "course": "BSIT", "company": "Alpha", "rank": "Cdt"}
STAFF = {"first_name": "Ana", "last_name": "Reyes", "email": "r@b.ph", "position": "Instructor"}
NOTE = {"id": SOME_UUID[:-1] + "8", "user_id": 1, "message": "Hi", "kind": "announcement", "data": {"a": "b"}}
VALID: list[tuple[str, str, str, dict[str, Any], str | None]] = [
    ("auth", "POST", "/api/v1/auth/login", {"username": "ana", "password": "some password"}, None),
    ("auth", "POST", "/api/v1/auth/activate", {"code": "22222-22222", "username": "ana", "password": "some password"}, None),
    ("auth", "POST", "/api/v1/auth/activation-codes", {"company": "Alpha"}, None),
    ("auth", "PATCH", "/api/v1/auth/users/1001", {"is_active": True, "positions": []}, None),
    ("roster", "POST", "/api/v1/cadets", CADET, None),
    ("roster", "POST", "/api/v1/staff", STAFF, None),
    ("roster", "POST", "/api/v1/courses", {"name": "BSIT"}, None),
    ("roster", "POST", "/api/v1/cadets/archive", {"ids": [1]}, None),
    ("grading", "POST", "/api/v1/terms", TERM, None),
    ("grading", "POST", "/api/v1/training-days", {"term_id": 0, "date": "2026-07-04", "title": "Drill"}, None),
    ("grading", "POST", "/api/v1/merits/records", {"term_id": 0, "cadet_id": 0, **MERIT}, "records"),
    ("grading", "POST", "/api/v1/attendance/marks", {"training_day_id": 0, "cadet_id": 0, "status": "late", "device_id": "d"}
     | {"device_seq": 1, "id": MERIT["id"], "occurred_at": MERIT["occurred_at"]}, "marks"),
    ("grading", "POST", "/api/v1/exams/scores", {"term_id": 0, "cadet_id": 0, "exam": "final", "value": "50"}
     | {"id": MERIT["id"], "occurred_at": MERIT["occurred_at"]}, "scores"),
    ("realtime", "POST", "/internal/notifications", NOTE, "notifications"),
    ("tasks", "POST", "/api/v1/reports", {"kind": "grade_sheet", "term_id": 1, "format": "xlsx", "company": "Alpha"}, None),
]  # fmt: skip


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    ("seeded", "method", "path", "body", "within"),
    [pytest.param(*case, id=f"{case[1]} {case[2]}") for case in VALID],
    indirect=["seeded"],
)
def test_every_field_of_a_valid_body_bears_hostile_text_and_values_of_other_kinds(seeded, method, path, body, within):
    service = seeded.app.config["RGMS"].service
    headers = headers_for(seeded, service, method, path.replace("1001", "{user_id}"))
    known = {"term_id": "term_id", "cadet_id": "cadet_id", "training_day_id": "day_id"}
    body = body | {field: seeded.values[name] for field, name in known.items() if service == "grading" and field in body}
    for field in body:
        for what, value in [*TEXTS.items(), *VALUES.items()]:
            hostile = body | {field: value}
            sent = {within: [hostile]} if within else hostile
            answer = seeded.client.open(path, method=method, json=sent, headers=headers)
            check(answer, f"{method} {path} with {what} as {field}")


@pytest.mark.requirement("20.3", "20.5")
@pytest.mark.parametrize("seeded", ["roster"], indirect=True)
@pytest.mark.parametrize(
    "text", [TEXTS[name] for name in ("a quote", "a union", "a script", "an image", "a template", "an emoji")]
)
def test_hostile_text_is_stored_and_found_as_the_plain_text_it_is(seeded, text):
    made = seeded.made("POST", "/api/v1/cadets", json={"student_id": "S-1", "first_name": text[:60], "last_name": "Cruz"})

    answer = seeded.send("admin", "GET", f"/api/v1/cadets/{made['id']}")
    found = seeded.send("admin", "GET", "/api/v1/cadets", query_string={"search": text[:60]})

    assert answer.json["first_name"] == text[:60]
    assert answer.content_type == "application/json"
    assert found.status_code == 200
