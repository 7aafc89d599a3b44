"""Who may do what: every route against every role, read from the route table."""

import pytest

READ, OWN, MARK, MERIT, SCORE, TERMS, ANYONE, SERVICE = (
    "grading.read", "grading.own", "grading.mark", "grading.merit", "grading.score", "terms.manage", "anyone", "service"
)  # fmt: skip
RULES = {
    ("GET", "/api/v1/terms"): ANYONE,
    ("POST", "/api/v1/terms"): TERMS,
    ("GET", "/api/v1/terms/<int:term_id>"): ANYONE,
    ("PATCH", "/api/v1/terms/<int:term_id>"): TERMS,
    ("GET", "/api/v1/terms/<int:term_id>/policy"): ANYONE,
    ("GET", "/api/v1/training-days"): ANYONE,
    ("POST", "/api/v1/training-days"): TERMS,
    ("POST", "/api/v1/training-days/series"): TERMS,
    ("GET", "/api/v1/training-days/<int:day_id>"): ANYONE,
    ("PATCH", "/api/v1/training-days/<int:day_id>"): TERMS,
    ("POST", "/api/v1/training-days/<int:day_id>/cancel"): TERMS,
    ("POST", "/api/v1/training-days/<int:day_id>/reinstate"): TERMS,
    ("GET", "/api/v1/attendance"): READ,
    ("POST", "/api/v1/attendance/marks"): MARK,
    ("GET", "/api/v1/merits/records"): READ,
    ("POST", "/api/v1/merits/records"): MERIT,
    ("POST", "/api/v1/merits/records/<uuid:record_id>/void"): MERIT,
    ("GET", "/api/v1/exams/scores"): READ,
    ("POST", "/api/v1/exams/scores"): SCORE,
    ("GET", "/api/v1/grading/gradebook"): READ,
    ("GET", "/api/v1/grading/cadets/<int:cadet_id>/grade"): READ,
    ("GET", "/api/v1/grading/me"): OWN,
    ("GET", "/api/v1/grading/me/attendance"): OWN,
    ("GET", "/api/v1/grading/me/merits"): OWN,
    ("GET", "/internal/terms/<int:term_id>"): SERVICE,
    ("GET", "/internal/gradebook"): SERVICE,
    ("POST", "/internal/sync"): SERVICE,
}
ALLOWED = {
    ANYONE: {"cadet", "staff", "command", "admin"},
    READ: {"staff", "command", "admin"},
    MARK: {"staff", "command", "admin"},
    MERIT: {"staff", "command", "admin"},
    SCORE: {"staff", "command", "admin"},
    TERMS: {"command", "admin"},
    OWN: {"cadet"},
    SERVICE: set(),
}


def test_every_route_has_a_rule(grading):
    routes = {
        (method, rule.rule)
        for rule in grading.app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/internal/"))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == set(RULES)


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize(("method", "rule"), RULES)
def test_only_those_who_may_come_in(grading, method, rule):
    path = rule.replace("<int:term_id>", "1").replace("<int:day_id>", "1").replace("<int:cadet_id>", "1")
    path = path.replace("<uuid:record_id>", "019a0000-0000-7000-8000-000000000000")
    people = grading.people
    doors = {
        "cadet": people.cadet(1), "staff": people.staff(), "command": people.command(), "admin": people.admin(),
        "other service": people.service("auth", "roster"),
    }  # fmt: skip
    assert grading.client.open(path, method=method, json={}).status_code == 401
    allowed = ALLOWED[RULES[method, rule]]
    for role, headers in doors.items():
        status = grading.client.open(path, method=method, json={} if method != "GET" else None, headers=headers).status_code
        if role in allowed:
            assert status not in (401, 403), role
        else:
            assert status in (401, 403), role
    if RULES[method, rule] == SERVICE and method == "GET":
        status = grading.client.open(path, method=method, headers=people.service("tasks", "grading")).status_code
        assert status not in (401, 403)
