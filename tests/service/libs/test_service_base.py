"""What every service inherits from the factory, shown on a small service of its own over real PostgreSQL and Redis."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import current_app, request
from flask_smorest import Blueprint
from marshmallow import fields
from sqlalchemy import text

from libs.data.db import db, on_commit, reading, transaction
from libs.web import idempotency
from libs.web.app import build_app
from libs.web.auth import AUTHENTICATED, PUBLIC, Mount
from libs.web.errors import Conflict, Invalid
from libs.web.idempotency import IdempotencyMixin, idempotent
from libs.web.jsonio import json_response
from libs.web.schemas import Schema
from tests.support.waiting import until


class SampleKey(IdempotencyMixin, db.Model):
    __table_args__ = {"schema": "sample"}  # noqa: RUF012 - SQLAlchemy's own form


@pytest.fixture
def sample_service(make_settings, redis_client, as_owner):
    """A function (**variables) -> application of the sample service."""
    made = []

    def make(**variables):
        settings = make_settings("roster", **variables)
        app = build_app("sample", settings, mounts=[Mount(public(), PUBLIC, AUTHENTICATED)], schema="roster")
        idempotency.register(app, SampleKey)
        made.append(app)
        as_owner("DROP SCHEMA IF EXISTS sample CASCADE; CREATE SCHEMA sample; GRANT ALL ON SCHEMA sample TO PUBLIC")
        with app.app_context(), transaction() as session:
            session.execute(text("CREATE TABLE sample.thing (name text PRIMARY KEY)"))
            SampleKey.__table__.create(session.connection())
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def public() -> Blueprint:
    blueprint = Blueprint("things", __name__, url_prefix="/api/v1/things")

    @blueprint.route("/boom")
    def boom():
        raise RuntimeError("the password is hunter2")

    @blueprint.route("/sql")
    def sql():
        with reading() as connection:
            return json_response(connection.execute(text("SELECT 1/0")).scalar())

    @blueprint.route("/", methods=["POST"])
    @idempotent
    def create():
        name = (request.get_json(silent=True) or {}).get("name")
        if not name:
            raise Invalid(details={"name": ["Missing."]})
        if hold := current_app.extensions.get("hold_write"):
            hold()
        with transaction() as session:
            if session.execute(text("SELECT 1 FROM sample.thing WHERE name = :n"), {"n": name}).first():
                raise Conflict()
            session.execute(text("INSERT INTO sample.thing VALUES (:n)"), {"n": name})
        return json_response({"name": name}, 201)

    @blueprint.route("/careless", methods=["POST"])
    @blueprint.response(200, Name)
    @idempotent
    def careless():
        return {"name": "Ana", "password_hash": "x"}

    return blueprint


class Name(Schema):
    """What of a thing may be seen."""

    name = fields.String()


@pytest.mark.parametrize("key", ["", "k1"])
def test_a_view_that_would_keep_more_than_may_be_seen_is_refused(sample_service, people, key, capsys):
    answer = sample_service().test_client().post("/api/v1/things/careless", headers=people.admin() | {"Idempotency-Key": key})

    assert answer.status_code == 500
    assert "password_hash" not in answer.text
    assert "idempotent stands above response" in capsys.readouterr().out


@pytest.mark.requirement("25.2")
@pytest.mark.parametrize("path", ["/api/v1/things/boom", "/api/v1/things/sql"])
def test_an_unexpected_exception_shows_nothing_of_itself(sample_service, path):
    answer = sample_service().test_client().get(path)

    assert answer.status_code == 500
    assert set(answer.json) == {"error", "message", "code", "details", "request_id"}
    assert "hunter2" not in answer.text
    assert "division" not in answer.text
    assert answer.headers["X-Request-ID"] == answer.json["request_id"]


@pytest.mark.requirement("16.2")
def test_an_error_is_logged_with_time_service_message_and_stack_trace(sample_service, capsys):
    sample_service().test_client().get("/api/v1/things/boom", headers={"X-Request-ID": "req-12345678"})

    line = [part for part in capsys.readouterr().out.splitlines() if "unhandled exception" in part][-1]
    assert all(f'"{key}"' in line for key in ("timestamp", "service", "message", "stack_trace"))
    assert "req-12345678" in line


def test_errors_of_every_kind_have_the_one_shape(sample_service, people):
    client = sample_service().test_client()

    for answer, status, code in [
        (client.get("/nowhere"), 404, "not_found"),
        (client.put("/api/v1/things/boom"), 405, "method_not_allowed"),
        (client.post("/api/v1/things/"), 401, "unauthenticated"),
        (client.post("/api/v1/things/", headers=people.admin(), data="{"), 422, "invalid_fields"),
    ]:
        assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_repeated_write_with_its_key_returns_the_first_answer(sample_service, people):
    client = sample_service().test_client()
    headers = people.admin() | {"Idempotency-Key": "k1"}

    first = client.post("/api/v1/things/", headers=headers, json={"name": "a"})
    again = client.post("/api/v1/things/", headers=headers, json={"name": "a"})
    other = client.post("/api/v1/things/", headers=headers, json={"name": "b"})
    without = client.post("/api/v1/things/", headers=people.admin(), json={"name": "a"})

    assert (first.status_code, first.json) == (again.status_code, again.json) == (201, {"name": "a"})
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert without.status_code == 409


def test_a_key_of_one_person_is_not_the_key_of_another(sample_service, people):
    client = sample_service().test_client()

    mine = client.post("/api/v1/things/", headers=people.admin() | {"Idempotency-Key": "k"}, json={"name": "a"})
    yours = client.post("/api/v1/things/", headers=people.staff() | {"Idempotency-Key": "k"}, json={"name": "b"})

    assert (mine.json, yours.json) == ({"name": "a"}, {"name": "b"})


def test_a_twin_that_arrives_during_the_write_waits_for_its_answer(sample_service, people):
    app = sample_service()
    entered, release = [], threading.Event()

    def hold() -> None:
        entered.append(1)
        release.wait(10)

    app.extensions["hold_write"] = hold

    def post():
        headers = people.admin() | {"Idempotency-Key": "twin"}
        return app.test_client().post("/api/v1/things/", headers=headers, json={"name": "t"})

    def somebody_waits() -> bool:
        with app.app_context(), reading() as connection:
            return connection.execute(text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).first()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post)
        until(lambda: entered, "the first is at its write")
        twin = pool.submit(post)
        until(lambda: len(entered) > 1 or somebody_waits(), "the twin waits, or writes too")
        release.set()
        answers = [first.result(), twin.result()]

    assert len(entered) == 1
    assert [(answer.status_code, answer.json) for answer in answers] == [(201, {"name": "t"})] * 2
    assert ["Idempotent-Replay" in answer.headers for answer in answers] == [False, True]


def test_a_failed_write_keeps_no_key(sample_service, people):
    client = sample_service().test_client()
    headers = people.admin() | {"Idempotency-Key": "k"}

    assert client.post("/api/v1/things/", headers=headers, json={}).status_code == 422
    assert client.post("/api/v1/things/", headers=headers, json={"name": "now"}).status_code == 201


def test_an_inner_transaction_joins_the_outer_one_and_callbacks_wait_for_its_commit(sample_service):
    app, told = sample_service(), []

    with app.app_context():
        with pytest.raises(Conflict), transaction() as session:
            on_commit(lambda: told.append("never"))
            with transaction():
                session.execute(text("INSERT INTO sample.thing VALUES ('x')"))
            raise Conflict()
        with transaction(), transaction():
            on_commit(lambda: told.append("once"))
            assert told == []
        with reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM sample.thing")).scalar() == 0

    assert told == ["once"]


@pytest.mark.requirement("1.5", "1.6")
def test_readiness_names_each_dependency(sample_service):
    assert sample_service().test_client().get("/readyz").json["checks"].keys() == {"database", "redis"}

    broken = sample_service(REDIS_URL="redis://127.0.0.1:1/0").test_client().get("/readyz")

    assert broken.status_code == 503
    assert broken.json["checks"]["redis"]["status"] == "unhealthy"
    assert broken.json["checks"]["database"]["status"] == "healthy"


def test_the_description_names_no_error_shape_but_ours(sample_service):
    """Under Python 3.13 a status has another name, and flask-smorest's own shape stayed in the description."""
    components = sample_service().test_client().get("/openapi.json").json["components"]

    assert {name.rstrip("0123456789") for name in components["responses"]} == {"Problem"}
    assert "Error" not in components["schemas"]
