"""The pool of a service: connections are shared, waited for, closed when idle, and never handed out dead (criterion 24)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
import pytest
from sqlalchemy import event, text

from cli.local.postgres import LocalPostgres
from libs.data import migrations
from libs.data.connections import Reaper
from libs.data.db import db, reading
from libs.ids import uuid7
from roster_service.app import create_app
from tests.support.waiting import until

BACKEND = text("SELECT pg_backend_pid()")


@pytest.fixture
def roster(service_app, make_settings) -> Iterator[Callable]:
    """A function (**variables) -> a roster service with a pool of its own."""
    service_app("roster")
    made = []

    def make(**variables):
        app = create_app(make_settings("roster", **variables))
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def backends(app, count: int) -> set[int]:
    """Have `app` hold `count` connections at once, give them back, and return their processes in the server."""
    with app.app_context(), ExitStack() as stack:
        return {stack.enter_context(db.engine.connect()).execute(BACKEND).scalar() for _ in range(count)}


def alive(url: str, pids: set[int]) -> set[int]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)", (list(pids),))
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.direct
@pytest.mark.requirement("24.1", "24.2")
def test_queries_reuse_a_pooled_connection(roster):
    app = roster(DB_POOL_SIZE="2", DB_POOL_OVERFLOW="0")

    with app.app_context():
        pids = set()
        for _ in range(10):
            with reading() as connection:
                pids.add(connection.execute(BACKEND).scalar())

    assert len(pids) == 1


@pytest.mark.requirement("24.3")
def test_a_request_waits_for_a_connection_of_a_full_pool(roster, people):
    app = roster(DB_POOL_SIZE="1", DB_POOL_OVERFLOW="0", DB_POOL_TIMEOUT="20")

    with app.app_context():
        held = db.engine.connect()
        threading.Timer(0.5, held.close).start()
        started = time.monotonic()
        answer = app.test_client().get("/api/v1/units", headers=people.staff())

    assert answer.status_code == 200
    assert time.monotonic() - started >= 0.4


@pytest.mark.requirement("24.3")
def test_a_request_does_not_wait_for_a_full_pool_for_ever(roster, people):
    """The wait is the one that was set: SQLAlchemy's own would be thirty seconds."""
    app = roster(DB_POOL_SIZE="1", DB_POOL_OVERFLOW="0", DB_POOL_TIMEOUT="1")

    with app.app_context(), db.engine.connect():
        started = time.monotonic()
        answer = app.test_client().get("/api/v1/units", headers=people.staff())
        waited = time.monotonic() - started

    assert (answer.status_code, answer.json["code"]) == (503, "database_busy")
    assert set(answer.json) == {"error", "message", "code", "details", "request_id"}
    assert int(answer.headers["Retry-After"]) > 0
    assert 1 <= waited < 10


@pytest.mark.direct
@pytest.mark.requirement("24.4")
def test_a_connection_that_lies_idle_is_closed_though_nobody_asks_for_one(roster, postgres_url):
    app = roster(DB_POOL_SIZE="4", DB_POOL_IDLE_SECONDS="1")
    reaper = next(worker for worker in app.extensions["rgms_background"] if isinstance(worker, Reaper))
    opened = backends(app, 4)
    reaper.start()
    try:
        assert alive(postgres_url, opened) == opened
        until(lambda: not alive(postgres_url, opened), "the connections are closed", 6)
        assert len(backends(app, 1) - opened) == 1
    finally:
        reaper.stop()


@pytest.mark.direct
@pytest.mark.requirement("24.2", "24.4")
def test_a_connection_in_use_is_not_closed_however_old_it_is(roster, postgres_url):
    app = roster(DB_POOL_SIZE="4", DB_POOL_IDLE_SECONDS="1")
    reaper = next(worker for worker in app.extensions["rgms_background"] if isinstance(worker, Reaper))
    backends(app, 2)
    reaper.start()
    try:
        used = set()
        with app.app_context():
            for _ in range(15):
                with reading() as connection:
                    used.add(connection.execute(BACKEND).scalar())
                time.sleep(0.2)
    finally:
        reaper.stop()

    assert len(used) == 1
    assert alive(postgres_url, used) == used


def test_nobody_gets_a_connection_that_is_just_being_closed(roster):
    app = roster(DB_POOL_SIZE="3", DB_POOL_OVERFLOW="0")
    ended = threading.Event()
    with app.app_context():
        impatient = Reaper(0)
        impatient.watch(db.engine)

    def close() -> int:
        closed = 0
        while not ended.is_set():
            closed += impatient.close_idle()
        return closed

    def read() -> None:
        with app.app_context():
            for _ in range(60):
                with reading() as connection:
                    assert connection.execute(text("SELECT 1")).scalar() == 1

    with ThreadPoolExecutor(5) as threads:
        closing_ = threads.submit(close)
        readers = [threads.submit(read) for _ in range(4)]
        try:
            for reader in readers:
                reader.result()
        finally:
            ended.set()
        assert closing_.result() > 0


def uses(app, people, name: str) -> list[int]:
    """Ask whether `app` is ready, read and write; return the three statuses."""
    client = app.test_client()
    return [
        client.get("/readyz").status_code,
        client.get("/api/v1/units", headers=people.staff()).status_code,
        client.post("/api/v1/courses", json={"name": f"{name} {uuid7()}"}, headers=people.admin()).status_code,
    ]


@pytest.mark.direct
@pytest.mark.parametrize("first", ["/readyz", "/api/v1/units", "write"])
def test_connections_that_the_server_ended_cost_nobody_a_request(roster, people, postgres_url, first):
    app = roster(DB_POOL_SIZE="3")
    dead = backends(app, 3)
    with closing(psycopg2.connect(postgres_url)) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", (list(dead),))
    until(lambda: not alive(postgres_url, dead), "the connections are dead", 5)

    client = app.test_client()
    if first == "write":
        answer = client.post("/api/v1/courses", json={"name": f"First {uuid7()}"}, headers=people.admin())
    else:
        answer = client.get(first, headers=people.staff())

    assert answer.status_code == (201 if first == "write" else 200)
    assert uses(app, people, "Second") == [200, 200, 201]


@pytest.mark.direct
@pytest.mark.requirement("15.2")
def test_an_idle_service_is_well_as_soon_as_its_database_is_back(make_settings, people, tmp_path):
    server = LocalPostgres(tmp_path / "postgres", durable=False)
    try:
        app = create_app(make_settings("roster", DATABASE_URL=server.start()))
        migrations.upgrade(app)
        assert uses(app, people, "Before") == [200, 200, 201]
        backends(app, 4)
        server.kill9()
        broken = app.test_client().get("/readyz")
        assert (broken.status_code, broken.json["checks"]["database"]["status"]) == (503, "unhealthy")
        server.start()

        assert uses(app, people, "After") == [200, 200, 201]
        with app.app_context():
            db.engine.dispose()
    finally:
        server.stop()


def test_looking_after_the_pool_costs_no_statement(roster, people):
    app = roster()
    sent = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
        for _ in range(3):
            with reading() as connection:
                connection.execute(text("SELECT 7"))

    assert sent == ["SELECT 7"] * 3
