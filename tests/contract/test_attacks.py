"""What somebody with a valid token and bad intentions tries on every route: extra fields, the ids of others, SQL in values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.route_rules import OWN_LISTS, RULES
from tests.contract.seeded_service import USER_IDS, SeededService, seeded_service
from tests.contract.test_hostile_input import VALID, operations
from tests.contract.test_schemathesis import SERVICES, headers_for

POWERS = {"is_superuser": True, "password_hash": "x", "recorded_at": "2020-01-01T00:00:00Z", "updated_by": 1}
OTHERS = [
    f"user_id={USER_IDS['cadet']}",
    f"requested_by={USER_IDS['cadet']}",
    f"owner_user_id={USER_IDS['cadet']}",
    "cadet_id=1",
    "role=admin",
    "page_size=100",
    "page_size=100&sort=-id&fields=id,user_id",
    "search=%25",
    "cursor=WzBd",
]
MARKER = "zq7'); DROP TABLE x; --"


@pytest.fixture
def seeded(service_app, people, request) -> SeededService:
    """The service that the test is about, with data in it."""
    return seeded_service(request.param, service_app(request.param), people)


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_no_body_takes_a_field_it_does_not_name(seeded):
    """Mass assignment: the legacy registration took the role, and merits the issuer, from the body (D2, D20)."""
    tried = 0
    for method, path, _, operation, headers in operations(seeded):
        if "application/json" not in operation.get("requestBody", {}).get("content", {}):
            continue
        tried += 1
        answer = seeded.client.open(path, method=method, json=POWERS, headers=headers)
        assert answer.status_code == 422, f"{method} {path}: {answer.status_code}"
        assert set(POWERS) <= set(answer.json["details"]), f"{method} {path}: {answer.json['details']}"
    assert tried or seeded.app.config["RGMS"].service == "media"


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("seeded", ("grading", "realtime"), indirect=True)
def test_no_item_of_a_body_takes_a_field_it_does_not_name(seeded):
    """A mark with a field that we do not know was stored as if the field were not there."""
    schemas = seeded.client.get("/openapi.json").json["components"]["schemas"]
    tried = 0
    for method, path, _, operation, headers in operations(seeded):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        properties = schemas[body["$ref"].rpartition("/")[2]]["properties"] if "$ref" in body else {}
        for name in (name for name, field in properties.items() if "$ref" in field.get("items", {})):
            tried += 1
            answer = seeded.client.open(path, method=method, json={name: [POWERS]}, headers=headers)
            assert answer.status_code == 422, f"{method} {path}: {answer.status_code}"
            assert set(POWERS) <= set(answer.json["details"][name]["0"]), f"{method} {path}: {answer.json['details']}"
    assert tried


@pytest.mark.parametrize(
    ("seeded", "route"),
    [pytest.param(service, route, id=route) for service in OWN_LISTS for route in OWN_LISTS[service]],
    indirect=["seeded"],
)
def test_no_question_makes_a_list_of_ones_own_show_anothers(seeded, route):
    method, path = route.split(" ")
    hidden = {row["id"] for row in seeded.send("cadet", method, path).json["data"]}
    assert hidden

    for question in OTHERS:
        answer = seeded.send("other", method, path, query_string=question)
        assert answer.status_code in {200, 422}, question
        if answer.status_code == 200:
            assert not hidden & {row["id"] for row in answer.json["data"]}, question


@pytest.mark.parametrize(
    ("seeded", "route"),
    [
        pytest.param("roster", "GET /api/v1/cadets/me", id="cadets/me"),
        pytest.param("grading", "GET /api/v1/grading/me", id="grading/me"),
    ],
    indirect=["seeded"],
)
def test_no_question_makes_me_somebody_else(seeded, route):
    method, path = route.split(" ")
    mine, theirs = (seeded.send(role, method, path).json for role in ("other", "cadet"))
    assert mine != theirs

    for question in (*OTHERS, f"cadet_id={seeded.cadets['cadet']}", f"id={seeded.cadets['cadet']}&user={USER_IDS['cadet']}"):
        answer = seeded.send("other", method, path, query_string=question)
        assert answer.status_code == 422 or answer.json == mine, question


CLOSED = [
    pytest.param(service, route, id=route)
    for service, rules in RULES.items()
    for route, rule in rules.items()
    if service != "gateway" and rule.cadet == 403 and "<" not in route
]


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize(("seeded", "route"), CLOSED, indirect=["seeded"])
def test_no_question_opens_a_closed_door_for_a_cadet(seeded, route):
    """D6: any cadet read everyone. Neither the own id, nor a filter, sort, field or cursor makes a difference."""
    method, path = route.split(" ")
    for question in (*OTHERS, "me=1", f"cadet_id={seeded.cadets['cadet']}", "term_id=1&training_day_id=1"):
        assert seeded.send("cadet", method, path, query_string=question).status_code == 403, question


@pytest.mark.requirement("13.5", "20.4")
@pytest.mark.parametrize("seeded", ["auth", "roster", "grading", "realtime", "tasks"], indirect=True)
def test_no_value_of_a_request_becomes_part_of_a_statement(seeded, count_queries):
    with count_queries(seeded.app) as statements:
        for method, path, _, operation, headers in operations(seeded):
            for parameter in [*operation.get("parameters", []), *operation["shared"]]:
                if parameter["in"] == "query":
                    needed = {"term_id": seeded.values.get("term_id"), "training_day_id": seeded.values.get("day_id")}
                    asked = {name: value for name, value in needed.items() if value} | {parameter["name"]: MARKER}
                    seeded.client.open(path, method=method, query_string=asked, headers=headers)
        for service, method, path, body, within in VALID:
            if service == seeded.app.config["RGMS"].service:
                _write(seeded, method, path, body, within)
    assert statements
    assert not [statement for statement in statements if "zq7" in statement or "DROP TABLE" in statement]


def _write(seeded: SeededService, method: str, path: str, body: dict[str, Any], within: str | None) -> None:
    service = seeded.app.config["RGMS"].service
    headers = headers_for(seeded, service, method, path.replace("1001", "{user_id}"))
    known = {"term_id": "term_id", "cadet_id": "cadet_id", "training_day_id": "day_id"}
    body = body | {field: seeded.values[name] for field, name in known.items() if service == "grading" and field in body}
    for field, value in body.items():
        if isinstance(value, str):
            hostile = body | {field: MARKER}
            seeded.client.open(path, method=method, json={within: [hostile]} if within else hostile, headers=headers)
