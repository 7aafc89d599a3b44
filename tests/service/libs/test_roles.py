"""Each service works under a database role of its own; where none may be made, one role serves and nothing else changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege, RestrictViolation
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cli.testing.plugin import TEST_KEY
from libs.contracts.services import SCHEMAS
from libs.data import migrations, roles
from libs.data.connections import Reaper
from libs.data.db import db, reading, sqlstate, transaction
from libs.ids import uuid7
from roster_service.app import create_app
from tests.support.waiting import until

SETTINGS = (
    "SELECT current_user, current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('TimeZone')"
)
NEW_KEY = "an0ther-Kq9vZ2mXw7Lr5Yb8Nc4Hd6Jf1Gs"


@pytest.fixture
def modest_url(postgres_url: str) -> Iterator[str]:
    """The URL of a database whose owner may not make roles, as some hosting providers hand out."""
    name = f"rgms_modest_{uuid7().hex[-12:]}"
    with closing(psycopg2.connect(postgres_url)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'modest'")
            cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
            yield f"postgresql://{name}:modest@{postgres_url.rpartition('@')[2].rpartition('/')[0]}/{name}"
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute(f"DROP ROLE IF EXISTS {name}_roster")
            cursor.execute(f"DROP ROLE {name}")


@pytest.fixture
def roster(make_settings) -> Iterator[Callable]:
    """A function (**variables) -> a roster service, migrated; its name for who serves is `serving`."""
    made = []

    def make(**variables):
        app = create_app(make_settings("roster", **variables))
        app.serving = migrations.upgrade(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def settings_of(app) -> list[tuple]:
    """Return who asks under which limits: in a read, in a transaction's first statement and in its second."""
    with app.app_context():
        with reading() as connection:
            shown = [tuple(connection.execute(text(SETTINGS)).one())]
        with transaction() as session:
            shown += [tuple(session.execute(text(SETTINGS)).one()) for _ in range(2)]
    return shown


@pytest.mark.parametrize("service", SCHEMAS, ids=lambda service: service.name)
def test_every_service_works_under_its_own_role_and_limits(service, service_app, postgres_url):
    app = service_app(service.name)

    role = roles.role_of(postgres_url, service.name)
    assert settings_of(app) == [(role, "15s", "5s", "UTC")] * 3
    assert roles.serving(postgres_url, service.name) == roles.Serving(role, True)


def test_a_worker_and_the_beat_have_the_role_of_the_tasks():
    url = "postgresql://u@h/rgms"

    assert {roles.role_of(url, name) for name in ("tasks", "worker", "beat")} == {"rgms_tasks"}
    assert len(roles.role_of(f"postgresql://u@h/{'x' * 63}", "grading")) <= 63


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE grading.record ADD COLUMN more text",
        "ALTER TABLE grading.record DISABLE TRIGGER ALL",
        "DROP TRIGGER record_is_append_only ON grading.record",
        "CREATE OR REPLACE FUNCTION grading.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "UPDATE grading.record SET status = 'present'",
        "DELETE FROM grading.record",
        "TRUNCATE grading.record",
        "TRUNCATE grading.grade",
        "UPDATE grading.policy SET name = ''",
        "DELETE FROM grading.policy",
        "DROP TABLE grading.grade",
        "CREATE TABLE grading.other (id int)",
        "UPDATE grading.alembic_version SET version_num = '0'",
        "SET session_replication_role = replica",
        "SELECT * FROM roster.cadet",
        'DELETE FROM auth."user"',
        "CREATE SCHEMA mine",
        "CREATE ROLE friend",
    ],
)
def test_a_service_can_change_nothing_but_the_rows_of_its_own_schema(service_app, statement):
    for other in ("auth", "roster"):
        service_app(other)
    app = service_app("grading")

    with app.app_context(), pytest.raises(DBAPIError) as refused, transaction() as session:
        session.execute(text(statement))

    assert isinstance(refused.value.orig, InsufficientPrivilege)


@pytest.mark.parametrize("statement", ["UPDATE auth.security_event SET kind = 'x'", "DELETE FROM auth.security_event"])
def test_the_audit_trail_is_added_to_and_never_changed(service_app, as_owner, statement):
    """Neither by the service's role nor by the owner of the table."""
    app = service_app("auth")

    with app.app_context(), pytest.raises(DBAPIError) as refused, transaction() as session:
        session.execute(text(statement))
    assert isinstance(refused.value.orig, InsufficientPrivilege)
    with pytest.raises(RestrictViolation):
        as_owner(statement)


def test_where_no_role_may_be_made_one_serves_and_says_so(roster, modest_url, people, capsys):
    app = roster(DATABASE_URL=modest_url)
    client = app.test_client()

    assert (app.serving.separate, app.serving.reason) == (False, "it may not make roles")
    assert str(app.serving) == "the role of DATABASE_URL (it may not make roles)"
    assert not roles.serving(modest_url, "roster").separate
    assert client.post("/api/v1/courses", json={"name": "BSN"}, headers=people.admin()).status_code == 201
    assert client.get("/api/v1/courses", headers=people.staff()).status_code == 200
    assert "one database role serves" in capsys.readouterr().out
    assert settings_of(app) == [(app.serving.role, "15s", "5s", "UTC")] * 3
    # Again, as the next deployment does.
    assert migrations.upgrade(app) == app.serving


def test_a_process_goes_over_to_its_own_role_once_migrate_has_made_it(roster, modest_url, postgres_url, as_owner):
    """A first deployment starts the processes and migrate at once."""
    app = roster(DATABASE_URL=modest_url, DB_POOL_IDLE_SECONDS="1")
    one, role = app.serving.role, roles.role_of(modest_url, "roster")
    assert settings_of(app) == [(one, "15s", "5s", "UTC")] * 3
    as_owner(f"ALTER ROLE {one} CREATEROLE")
    (reaper,) = [worker for worker in app.extensions["rgms_background"] if isinstance(worker, Reaper)]
    reaper.start()
    try:
        assert migrations.upgrade(app) == roles.Serving(role, True)
        until(lambda: settings_of(app) == [(role, "15s", "5s", "UTC")] * 3, "its own role")
    finally:
        reaper.stop()
        with app.app_context():
            db.engine.dispose()


def test_many_rows_at_once_have_limits_too_where_one_role_serves(roster, modest_url):
    app = roster(DATABASE_URL=modest_url)
    with app.app_context():
        with transaction() as session:
            session.connection().exec_driver_sql("CREATE TABLE roster.probe (id int)")
        with transaction() as session:
            session.connection().exec_driver_sql("INSERT INTO roster.probe VALUES (%(id)s)", [{"id": 1}, {"id": 2}])
            assert session.execute(text("SELECT count(*), current_setting('statement_timeout') FROM roster.probe")).one() == (
                2,
                "15s",
            )


def test_a_statement_that_runs_away_is_ended_whoever_serves(roster, modest_url):
    """Really, not by a setting that is shown: in a read and in a transaction, under a role of its own and under the one."""
    own, one = roster(), roster(DATABASE_URL=modest_url)

    def run(app, door) -> tuple[str, float]:
        started = time.monotonic()
        with app.app_context(), pytest.raises(DBAPIError) as ended, door() as connection:
            connection.execute(text("SELECT pg_sleep(40)"))
        return sqlstate(ended.value), time.monotonic() - started

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(run, app, door) for app in (own, one) for door in (reading, transaction)]
        ended = [thread.result() for thread in running]

    assert {code for code, _ in ended} == {"57014"}
    assert all(14 <= seconds < 30 for _, seconds in ended)


@pytest.mark.direct
def test_a_role_that_may_not_log_in_is_not_tried_in_vain(roster, postgres_url, as_owner, people):
    """A pooler with a fixed list of users makes it so; here the role has no connections."""
    role = roles.role_of(postgres_url, "roster")
    roster()
    as_owner(f"ALTER ROLE {role} CONNECTION LIMIT 0")
    try:
        app = roster()
        assert app.serving.reason == f"{role} may not log in here"
        assert roles.serving(postgres_url, "roster").reason == f"{role} may not log in here"
        assert app.test_client().get("/api/v1/courses", headers=people.staff()).status_code == 200
    finally:
        as_owner(f"ALTER ROLE {role} CONNECTION LIMIT -1")

    assert roster().serving == roles.Serving(role, True)


def test_a_new_signing_key_shuts_no_process_out_while_it_is_rolled_out(roster, people):
    def well(app) -> bool:
        with app.app_context():
            db.engine.dispose()
        return app.test_client().get("/readyz").status_code == 200

    before = roster()
    between = roster(SECRET_KEY=NEW_KEY, SECRET_KEY_PREVIOUS=TEST_KEY)
    assert [well(before), well(between)] == [True, True]
    after = roster(SECRET_KEY=NEW_KEY)
    assert [well(between), well(after)] == [True, True]
    # Whoever knows only the old key is out now, and back when migrate has run with it.
    assert not well(before)
    migrations.upgrade(before)
    assert [well(before), well(after)] == [True, False]


def test_a_new_table_is_the_services_as_soon_as_migrate_has_run(roster, as_owner):
    app = roster()
    as_owner("CREATE TABLE roster.newcomer (id int)")
    try:
        migrations.upgrade(app)
        with app.app_context(), transaction() as session:
            session.execute(text("INSERT INTO roster.newcomer VALUES (1)"))
    finally:
        as_owner("DROP TABLE roster.newcomer")
