"""Errors reach a server that speaks Sentry's protocol, with their context and without the people they happened to."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import sentry_sdk
from flask import Response, request
from flask_smorest import Blueprint
from sqlalchemy import text

from libs.data.db import transaction
from libs.log import JsonFormatter
from libs.web.app import build_app
from libs.web.auth import PUBLIC, Mount
from tests.support.sentry_server import Inbox, sentry_server

BIRTHDAY, EMAIL, PASSWORD = "2005-03-04", "juan.cruz@example.ph", "correct horse battery"
PHONE = "0917 123 4567"
PERSON = {"first_name": "Maristel", "email": EMAIL, "birthdate": BIRTHDAY, "password": PASSWORD, "contact_number": PHONE}


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with sentry_server() as server:
        yield server
        sentry_sdk.get_client().close(timeout=5)
        # Without an address the client of later tests sends nothing.
        sentry_sdk.init(dsn=None)


@pytest.fixture
def client(make_settings, redis_client, inbox):
    """A client of a small service that reports to the inbox."""
    blueprint = Blueprint("broken", __name__, url_prefix="/api/v1/broken")

    @blueprint.post("")
    def lose():
        person = request.get_json()
        raise KeyError(f"nobody is called {person['email']} or has {person['contact_number']}")

    @blueprint.post("/row")
    def refuse_row():
        with transaction() as session:
            return session.execute(text("SELECT CAST(:name AS integer)"), {"name": request.get_json()["first_name"]}).scalar()

    @blueprint.post("/date")
    def misread():
        with transaction() as session:
            return session.execute(text("SELECT :email, CAST(:password AS date)"), PERSON).scalar()

    class Carried(Response):
        def __call__(self, *_request):
            raise StopIteration

    @blueprint.post("/socket")
    def carry():
        return Carried()

    @blueprint.post("/fine")
    def work():
        return {"fine": True}

    app = build_app(
        "broken",
        make_settings("roster", SENTRY_DSN=inbox.dsn, RGMS_VERSION="1.2.3"),
        mounts=[Mount(blueprint, PUBLIC, PUBLIC)],
        schema="roster",
    )
    return app.test_client()


def sent(client, people, path: str = ""):
    headers = people.staff() | {"X-Request-ID": "req-0123456789", "Cookie": "session=s3cret", "X-Client-Address": "203.0.113.7"}
    answer = client.post(f"/api/v1/broken{path}?search=Maristel&signature=abc.def", json=PERSON, headers=headers)
    sentry_sdk.flush(timeout=10)
    return answer, headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.requirement("16.1")
def test_an_unhandled_error_reaches_sentry_with_what_is_needed_to_find_it(client, people, inbox):
    answer, _token = sent(client, people)

    assert answer.status_code == 500
    (event,) = inbox.events
    fault = event["exception"]["values"][-1]
    assert (fault["type"], fault["value"]) == ("KeyError", "'nobody is called [removed] or has [removed]'")
    assert fault["stacktrace"]["frames"][-1]["function"] == "lose"
    assert (event["release"], event["environment"], event["level"]) == ("1.2.3", "test", "error")
    assert event["tags"]["service"] == "roster"
    assert event["tags"]["request_id"] == answer.json["request_id"] == "req-0123456789"
    assert event["request"]["method"] == "POST"
    assert event["request"]["url"].endswith("/api/v1/broken")
    assert event["timestamp"]


@pytest.mark.requirement("16.1")
@pytest.mark.parametrize("path", ["", "/row"])
def test_nothing_of_a_person_leaves_with_an_error(client, people, inbox, path):
    _answer, token = sent(client, people, path)

    assert len(inbox.events) == 1
    for secret in (*PERSON.values(), "s3cret", "203.0.113.7", "abc.def", "staff2", token):
        assert secret not in "".join(inbox.raw), secret
    assert "vars" not in json.dumps(inbox.events)
    assert "breadcrumbs" not in inbox.events[0] or not inbox.events[0]["breadcrumbs"]["values"]


def test_what_goes_well_or_is_the_callers_fault_is_not_reported(client, people, inbox):
    assert sent(client, people, "/fine")[0].status_code == 200
    assert sent(client, people, "/nowhere")[0].status_code == 404

    assert inbox.events == []


def test_a_logged_error_outside_of_a_request_is_reported_too(client, inbox):
    logging.getLogger("rgms.test").error("the relay of %s stopped", EMAIL, extra={"schema": "roster", "rows": [PERSON]})
    sentry_sdk.flush(timeout=10)

    (event,) = inbox.events
    assert event["logentry"]["message"].startswith("the relay of")
    assert event["extra"]["schema"] == "roster"
    assert EMAIL not in "".join(inbox.raw)
    assert "Maristel" not in "".join(inbox.raw)


def test_a_failing_statement_is_logged_without_its_values(client, people, caplog):
    sent(client, people, "/date")

    logged = JsonFormatter("roster").format(next(one for one in caplog.records if one.message == "unhandled exception"))
    assert "InvalidDatetimeFormat" in logged
    assert "LINE 1: [removed]" in logged
    assert EMAIL not in logged
    assert PASSWORD not in logged


def test_the_end_of_a_live_connection_is_no_error(client, people, inbox):
    with pytest.raises(StopIteration):
        sent(client, people, "/socket")
    sentry_sdk.flush(timeout=10)
    assert inbox.events == []
