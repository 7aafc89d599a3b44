"""A request with a token, at a small service of its own: every way not to be let in is a 401 in the one error shape."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import jwt
import pytest
from flask.testing import FlaskClient
from flask_jwt_extended import jwt_required
from flask_smorest import Blueprint

from cli.testing.plugin import TEST_KEY
from libs import clock
from libs.contracts.principal import Principal
from libs.web.app import build_app
from libs.web.auth import AUTHENTICATED, PUBLIC, SERVICE, Mount, calling_service, current_principal, revoked_key
from libs.web.jsonio import json_response
from libs.web.request_context import SESSION_HEADER
from libs.web.tokens import ACCESS_LIFE, issue_access_token, service_token
from tests.support.from_gateway import from_gateway

SOMEBODY = Principal(7, "c.reyes", "cadet", cadet_id=3, session_id="sid-7")
PEOPLE, DECORATED, SERVICES = "/api/v1/people/", "/api/v1/decorated/", "/internal/services/"


@pytest.fixture
def settings(make_settings):
    return make_settings("roster")


@pytest.fixture
def door(settings, redis_client) -> Callable[..., FlaskClient]:
    """A function () -> client of a service with a door for people, one with the library's own decorator, one for services."""
    people = Blueprint("people", __name__, url_prefix=PEOPLE)
    people.get("")(lambda: json_response({"id": current_principal().user_id}))
    decorated = Blueprint("decorated", __name__, url_prefix=DECORATED)
    decorated.get("")(jwt_required()(lambda: json_response({})))
    services = Blueprint("services", __name__, url_prefix=SERVICES)
    services.get("")(lambda: json_response({"service": calling_service()}))
    mounts = [Mount(people, AUTHENTICATED, AUTHENTICATED), Mount(decorated, PUBLIC, PUBLIC), Mount(services, SERVICE, SERVICE)]
    return lambda: build_app("sample", settings, mounts=mounts).test_client()


def ask(client: FlaskClient, header: str, path: str = PEOPLE):
    return client.get(path, headers={"Authorization": header} if header else {})


def signed(**changes: object) -> str:
    """Return a header whose token has the claims that tokens had before flask-jwt-extended, with `changes`; None drops one."""
    now = int(time.time())
    claims = {
        "sub": "7",
        "username": "c.reyes",
        "role": "cadet",
        "positions": [],
        "cadet_id": 3,
        "staff_id": None,
        "sid": "sid-7",
    }
    claims |= {"typ": "access", "iat": now, "exp": now + 900} | changes
    return "Bearer " + jwt.encode({k: v for k, v in claims.items() if v is not None}, TEST_KEY, algorithm="HS256")


@pytest.mark.requirement("9.2")
def test_a_good_token_signs_its_person_in(door, settings):
    client = door()

    for _ in range(3):
        answer = ask(client, f"Bearer {issue_access_token(settings, SOMEBODY, clock.now())}")
        assert (answer.status_code, answer.json) == (200, {"id": 7})


def test_tokens_of_the_release_before_go_on_working_during_deployment(door):
    client = door()
    now = int(time.time())
    service = {"typ": "service", "svc": "grading", "aud": "rgms:roster", "iat": now, "exp": now + 60}

    assert ask(client, signed()).json == {"id": 7}
    assert ask(client, "Bearer " + jwt.encode(service, TEST_KEY), SERVICES).json == {"service": "grading"}


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer ", "bEaReR  "])
def test_the_scheme_has_no_case_as_http_says(door, scheme):
    token = signed().removeprefix("Bearer ")
    assert ask(door(), f"{scheme} {token}").status_code == 200


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize("path", [PEOPLE, DECORATED])
@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "unauthenticated"),
        (signed(exp=1), "token_expired"),
        (signed(exp=None), "token_invalid"),
        (signed(iat=None), "token_invalid"),
        (signed(typ="service"), "token_invalid"),
        (signed(typ=None), "token_invalid"),
        (signed(sub=7), "token_invalid"),
        (signed(sub="nobody"), "token_invalid"),
        (signed(role="general"), "token_invalid"),
        (signed(exp="soon"), "token_invalid"),
        (signed()[:-3] + "abc", "token_invalid"),
        ("Bearer rubbish", "token_invalid"),
        ("Bearer a b", "token_invalid"),
        ("Bearer \xff.\xff.\xff", "token_invalid"),
        ("Bearer " + jwt.encode({"sub": "7", "typ": "access", "exp": 2**31}, None, algorithm="none"), "token_invalid"),
        ("Bearer " + base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.x", "token_invalid"),
        ("Bearer " + base64.urlsafe_b64encode(b'{"alg":["HS256"]}').decode() + ".e30.x", "token_invalid"),
    ],
)
def test_anything_else_is_refused_in_the_one_shape(door, header, code, path):
    client = door()

    for _ in range(2):
        answer = ask(client, header, path)
        assert (answer.status_code, answer.json["code"]) == (401, code), answer.text
        assert set(answer.json) == {"error", "message", "code", "details", "request_id"}
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [", ,", ",", "Basic YTpi", "Bearer", "Bearer ", "Basic x, Bearer y", "Bearer ,"])
def test_a_header_without_a_bearer_token_is_no_error_of_ours(door, header):
    assert ask(door(), header).status_code == 401


def test_options_sign_nobody_in(door):
    assert door().options(PEOPLE).status_code == 401


def test_a_remembered_token_dies_with_its_session(door, redis_client):
    client, header = door(), signed()
    assert ask(client, header).status_code == 200

    redis_client.set(revoked_key("sid-7"), "1", ex=int(ACCESS_LIFE.total_seconds()))

    for path in (PEOPLE, DECORATED):
        assert ask(client, header, path).json["code"] == "session_revoked"


def test_a_token_of_the_previous_key_is_good_during_rotation(make_settings, settings, door):
    old = f"Bearer {issue_access_token(settings, SOMEBODY, clock.now())}"
    rotated = make_settings("roster", SECRET_KEY=base64.b64encode(bytes(range(90, 122))).decode(), SECRET_KEY_PREVIOUS=TEST_KEY)
    people = Blueprint("people", __name__, url_prefix=PEOPLE)
    people.get("")(lambda: json_response({}))
    client = build_app("sample", rotated, mounts=[Mount(people, AUTHENTICATED, AUTHENTICATED)]).test_client()

    assert [ask(client, old).status_code for _ in range(2)] == [200, 200]
    assert ask(client, f"Bearer {issue_access_token(rotated, SOMEBODY, clock.now())}").status_code == 200
    assert ask(door(), f"Bearer {issue_access_token(rotated, SOMEBODY, clock.now())}").json["code"] == "token_invalid"


def test_a_service_is_let_in_by_a_token_for_it_and_by_nothing_else(door, settings):
    client = door()

    good = "Bearer " + service_token(settings, "grading", "roster", SOMEBODY)
    assert [ask(client, good, SERVICES).json for _ in range(2)] == [{"service": "grading"}] * 2
    assert ask(client, good).json["code"] == "token_invalid"
    for header in (signed(), "Bearer " + service_token(settings, "grading", "media"), signed(typ="service", svc="grading")):
        assert ask(client, header, SERVICES).json["code"] == "token_invalid"


def test_of_an_ended_session_only_the_gateways_signed_word_is_believed(door, settings, redis_client):
    client = door()
    redis_client.set(revoked_key("sid-7"), "1")
    token = {"Authorization": f"Bearer {issue_access_token(settings, SOMEBODY, clock.now())}"}
    claim, signature = {SESSION_HEADER: "sid-7"}, from_gateway("roster", "203.0.113.7")

    # The gateway asked Redis for this request; whoever comes by another way, or with another session, is asked here.
    assert client.get(PEOPLE, headers=token | claim | signature).status_code == 200
    for more in ({}, claim, signature, {SESSION_HEADER: "sid-8"} | signature, claim | from_gateway("grading", "203.0.113.7")):
        assert client.get(PEOPLE, headers=token | more).get_json()["code"] == "session_revoked"
