"""Every route x every role: the answer is declared, and a new route without a declared answer fails."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from gateway.app import create_app as create_gateway
from gateway.route_table import LINK, OPTIONAL, PREFIX, PUBLIC, ROUTES, TOKEN, RouteTable
from libs.contracts.principal import PASSWORD_DUE
from libs.contracts.services import LISTENING
from tests.contract.route_rules import OPEN_WHILE_DUE, OWN_LISTS, RULES
from tests.contract.seeded_service import ROLES, SeededService, seeded_service

SERVICES = tuple(service.name for service in LISTENING)
# Open on every process, and the only paths besides /api, /internal and /ws; the gateway also serves the web client.
OPERATIONAL = {"GET /livez", "GET /readyz", "GET /openapi.json"}
WEB_CLIENT = {"GET /", "GET /<path>"}
CONVERTER = re.compile(r"<[^<>]*:")
PLACEHOLDERS = {"name": "swagger-ui.css", "service": "nothing"}


PROXIED = {f"{method} /api/v1/<path>" for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}
"""What the gateway passes on: the service behind it decides, and its route table who must show a token at all."""


@pytest.fixture
def app_of(service_app, make_settings):
    """A function service -> its application."""
    return lambda service: create_gateway(make_settings("gateway")) if service == "gateway" else service_app(service)


@pytest.fixture
def seeded(app_of, people, request) -> SeededService:
    """The service that the test is about, with data in it."""
    return seeded_service(request.param, app_of(request.param), people)


def routes_of(app: Flask) -> set[str]:
    """Return "METHOD /path/<parameter>" of every route."""
    return {
        f"{method} {CONVERTER.sub('<', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def path_of(route: str, seeded: SeededService) -> str:
    """Return the path of a route about something that is there."""
    values = PLACEHOLDERS | seeded.values
    return re.sub(r"<(\w+)>", lambda match: str(values[match.group(1)]), route.partition(" ")[2])


@pytest.mark.requirement("1.4", "9.4")
@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_a_declared_answer_for_every_role(app_of, service):
    found = routes_of(app_of(service))
    allowed = OPERATIONAL | (WEB_CLIENT | PROXIED if service == "gateway" else set())
    api = {route for route in found if " /api/" in route} - allowed
    odd = {route for route in found - api - allowed if not re.match(r"\w+ /(internal|ws)/", route)}

    assert odd == set(), "only /api, /internal, /ws and the operational paths exist"
    assert api - set(RULES[service]) == set(), (
        "run ./rgms openapi; a route about one thing that a cadet may ask for is declared in tests/contract/route_rules.py"
    )
    assert set(RULES[service]) - api == set(), "these are described or declared, and do not exist: run ./rgms openapi"


CASES = [pytest.param(service, route, id=route) for service in SERVICES for route in RULES[service]]


@pytest.mark.requirement("9.2", "9.3", "9.4")
@pytest.mark.parametrize(("seeded", "route"), CASES, indirect=["seeded"])
def test_each_role_gets_the_declared_answer(seeded, route):
    """Legacy defects D6, D7 and D19: any cadet read everyone, approved his own excuse, and staff edited one another."""
    service = next(name for name in SERVICES if route in RULES[name])
    rule = RULES[service][route]
    method = route.partition(" ")[0]
    sent: dict[str, Any] = {"json": {}} if method in {"POST", "PUT", "PATCH"} else {}
    query = rule.query.format(**seeded.values)

    got = {role: seeded.send(role, method, path_of(route, seeded), query_string=query, **sent) for role in ROLES}

    wanted = {role: getattr(rule, role) for role in ROLES}
    assert {role: answer.status_code for role, answer in got.items()} == wanted, (
        "if its permission is right and the route answers by more, declare it in tests/contract/route_rules.py"
    )
    if rule.nobody == 401:
        another_service = seeded.people.service("tasks", seeded.app.config["RGMS"].service)
        answer = seeded.client.open(path_of(route, seeded), method=method, headers=another_service, query_string=query, **sent)
        assert answer.status_code == 401, "a service is no person"
    for answer in got.values():
        # Nothing here needs a cookie; one of a service would leave the gateway Secure and HttpOnly all the same.
        assert "Set-Cookie" not in answer.headers
        if answer.status_code in {401, 403, 404}:
            assert set(answer.json) == {"error", "message", "code", "details", "request_id"}


@pytest.mark.parametrize("seeded", SERVICES, indirect=True)
def test_who_has_a_password_that_was_given_to_them_does_nothing_before_choosing_their_own(seeded):
    service = "gateway" if seeded.app.name == "gateway" else seeded.app.config["RGMS"].service
    bound = seeded.people.headers(replace(seeded.principal("admin"), due=PASSWORD_DUE))
    for route, rule in RULES[service].items():
        if rule.nobody != 401:
            continue
        method = route.partition(" ")[0]
        sent: dict[str, Any] = {"json": {}} if method in {"POST", "PUT", "PATCH"} else {}
        answer = seeded.client.open(path_of(route, seeded), method=method, headers=bound, **sent)
        if route in OPEN_WHILE_DUE:
            assert answer.status_code != 403, route
        else:
            assert answer.status_code in {403, 404}, route


@pytest.mark.parametrize(
    ("seeded", "route"),
    [pytest.param(service, route, id=route) for service in OWN_LISTS for route in OWN_LISTS[service]],
    indirect=["seeded"],
)
def test_a_list_of_ones_own_holds_nothing_of_another(seeded, route):
    method, path = route.split(" ")
    mine, theirs = (seeded.send(role, method, path).json["data"] for role in ("cadet", "other"))

    assert len(mine) == 1
    assert mine[0] not in theirs
    assert mine[0]["id"] not in {row["id"] for row in theirs}


INTERNAL = [service for service in SERVICES if service not in {"gateway", "sockets"}]


@pytest.mark.parametrize("seeded", INTERNAL, indirect=True)
def test_internal_routes_answer_services_only_and_only_those_that_mean_them(seeded):
    service = seeded.app.config["RGMS"].service
    routes = sorted(route for route in routes_of(seeded.app) if " /internal/" in route)
    assert routes
    for route in routes:
        method, path = route.partition(" ")[0], path_of(route, seeded)
        sent: dict[str, Any] = {"json": {}} if method == "POST" else {}
        for role in ROLES:
            assert seeded.send(role, method, path, **sent).status_code == 401, (role, route)
        foreign = seeded.client.open(path, method=method, headers=seeded.people.service("tasks", "gateway"), **sent)
        meant = seeded.client.open(path, method=method, headers=seeded.people.service("tasks", service), **sent)
        assert foreign.status_code == 401, route
        assert meant.status_code not in {401, 403}, route


@pytest.mark.parametrize("service", [service for service in SERVICES if service != "gateway"])
def test_operational_paths_are_open_to_the_platform(app_of, service):
    client = Client(app_of(service))

    assert client.get("/livez").status_code == 200
    assert client.get("/openapi.json").status_code == 200
    # Not every dependency runs in this test; what counts is that no token is asked for.
    assert client.get("/readyz").status_code in {200, 503}


@pytest.mark.requirement("1.4")
def test_the_gateway_leads_every_public_route_to_its_service_and_asks_for_a_token_where_one_is_needed():
    table = RouteTable()
    filled = {"session_id": "0190f3a0-0000-7000-8000-000000000001"}
    led = set()
    for service, rules in RULES.items():
        for route, rule in rules.items():
            path = re.sub(r"<(\w+)>", lambda match: str(filled.get(match.group(1), 1)), route.partition(" ")[2])
            if not path.startswith(PREFIX):
                continue
            entry = table.find(path)
            assert entry is not None, f"{route} cannot be reached: add a Route to gateway/route_table.py"
            assert entry.upstream == service, route
            assert entry.auth in ({TOKEN, LINK} if rule.nobody == 401 else {PUBLIC, OPTIONAL}), route
            led.add(entry)

    assert set(ROUTES) - led == set(), "these lead nowhere"


def test_the_gateway_never_leads_to_internal_routes():
    table = RouteTable()

    assert all(not entry.prefix.startswith("internal") for entry in ROUTES)
    assert table.find("/internal/users") is None
    assert table.find(f"{PREFIX}internal/users") is None
    assert table.find(f"{PREFIX}auth/../../internal/users") is None
