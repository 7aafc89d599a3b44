"""Fixtures on real PostgreSQL and Redis: one server pair per run, one database per worker, empty tables per test."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from cli.local.postgres import LocalPostgres
from cli.local.redis import LocalRedis
from cli.testing.pooler import LocalPooler
from libs import clock
from libs.config import Env, Settings, load
from libs.contracts.principal import Principal
from libs.contracts.services import BY_NAME, SCHEMAS
from libs.data import migrations
from libs.data.db import db
from libs.data.roles import role_of
from libs.ids import uuid7
from libs.web.tokens import issue_access_token, service_token

# A key for tests only: nothing outside a test process accepts RGMS_ENV=test with it.
TEST_KEY = "t3sts-0nly.Kq9vZ2mXw7Lr5Yb8Nc4Hd6Jf1Gs"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the path of a PgBouncer through which the tests of the database are to run."""
    parser.addoption("--pooler", metavar="PGBOUNCER", help="run the tests of the database through this PgBouncer, and no others")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Behind a pooler, leave out what needs no database and what speaks to the server's own processes."""
    if config.getoption("--pooler"):
        left_out = [item for item in items if "postgres_url" not in _fixtures(item) or item.get_closest_marker("direct")]
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what can only be shown behind a pooler, where there is none."""
    if item.get_closest_marker("pooled") and not item.config.getoption("--pooler"):
        pytest.skip("PgBouncer is not installed")


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of its own, on RGMS_TEST_DATABASE_URL's server or a packaged one, pooled with --pooler."""
    given = Env.of_process().text("RGMS_TEST_DATABASE_URL")
    server = None if given else LocalPostgres(Path(tempfile.mkdtemp(prefix="rgms-pg-")), durable=False)
    base = server.start() if server else given
    name = f"rgms_test_{uuid7().hex[-12:]}"
    admin = psycopg2.connect(base)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    program = request.config.getoption("--pooler")
    pooler = LocalPooler(Path(tempfile.mkdtemp(prefix="rgms-pooler-")), program, base) if program else None
    url = (pooler.start() if pooler else base).rpartition("/")[0] + "/" + name
    yield url
    for app in _apps.values():
        if app.extensions.get("rgms_schema"):
            with app.app_context():
                db.engine.dispose()
    _apps.clear()
    for connection in _owners.values():
        connection.close()
    _owners.clear()
    if pooler:
        pooler.stop()
        shutil.rmtree(pooler.data_dir)
    with admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for service in SCHEMAS:
            cursor.execute(f'DROP ROLE IF EXISTS "{role_of(url, service.name)}"')
    admin.close()
    if server:
        server.stop()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis that tests may flush."""
    given = Env.of_process().text("RGMS_TEST_REDIS_URL")
    server = None if given else LocalRedis(Path(tempfile.mkdtemp(prefix="rgms-redis-")), durable=False)
    yield server.start() if server else given
    if server:
        server.stop()


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client on the test Redis, emptied before and after the test."""
    client = redis.Redis.from_url(redis_url)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def environment(postgres_url: str, redis_url: str, **more: str) -> dict[str, str]:
    """Return the environment variables of a test process."""
    return {
        "RGMS_ENV": "test",
        "SECRET_KEY": TEST_KEY,
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "BCRYPT_COST": "4",
        "LOG_LEVEL": "WARNING",
        **more,
    }


@pytest.fixture
def make_settings(postgres_url: str, redis_url: str, tmp_path: Path) -> Callable[..., Settings]:
    """A function (service, **variables) -> Settings of a test process."""

    def make(service: str, **variables: str) -> Settings:
        return load(service, environment(postgres_url, redis_url, RGMS_DATA_DIR=str(tmp_path), **variables))

    return make


# The owner of the tables, by database: the services' own roles may neither empty them nor set their triggers aside.
_owners: dict[str, psycopg2.extensions.connection] = {}


def owner_of(database_url: str) -> psycopg2.extensions.connection:
    """Return the run's one connection under the role that owns the tables."""
    if database_url not in _owners:
        _owners[database_url] = psycopg2.connect("postgresql://" + database_url.partition("://")[2])
    return _owners[database_url]


@pytest.fixture
def as_owner(postgres_url: str) -> Callable[[str], list[tuple]]:
    """A function statement -> its rows, if any; runs and commits it under the role that owns the tables."""

    def run(statement: str) -> list[tuple]:
        with owner_of(postgres_url) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run


# One application per service and run: building and migrating is paid once, tables are emptied between tests.
_apps: dict[str, Flask] = {}


@pytest.fixture
def service_app(
    postgres_url: str, redis_url: str, redis_client: redis.Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """A function service -> its application, migrated, its tables and Redis empty, background threads not started."""
    used: set[str] = set()

    def get(service: str) -> Flask:
        if service not in _apps:
            data = tmp_path_factory.mktemp(f"data-{service}")
            settings = load(service, environment(postgres_url, redis_url, RGMS_DATA_DIR=str(data)))
            module, factory = BY_NAME[service].app.split(":")
            app = getattr(importlib.import_module(module), factory)(settings)
            if BY_NAME[service].schema:
                migrations.upgrade(app)
            _apps[service] = app
        if service not in used:
            used.add(service)
            empty_tables(_apps[service])
        return _apps[service]

    yield get


def empty_tables(app: Flask) -> None:
    """Delete every row of the schema of `app`: 13 ms where a truncate takes 64; triggers and foreign keys are set aside.

    Rows that a migration put there are kept when its table carries the comment `seeded`.
    """
    schema = app.extensions.get("rgms_schema")
    if not schema:
        return
    with app.app_context():
        db.session.remove()
    with owner_of(app.config["RGMS"].database_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'"
            " AND obj_description(c.oid) IS DISTINCT FROM 'seeded'",
            (schema,),
        )
        tables = [row[0] for row in cursor.fetchall()]
        deletes = "".join(f'DELETE FROM "{schema}"."{table}";' for table in tables)  # noqa: S608 - names come from the catalogue
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletes}")


@dataclass
class People:
    """Made-up principals and their Authorization headers."""

    settings: Settings
    made: list[Principal] = field(default_factory=list)

    def headers(self, principal: Principal) -> dict[str, str]:
        """Return the Authorization header of `principal`, who gave the password just now unless they say otherwise."""
        now = clock.now()
        principal = replace(principal, proved_at=principal.proved_at or int(now.timestamp()))
        return {"Authorization": f"Bearer {issue_access_token(self.settings, principal, now)}"}

    def principal(self, role: str, *, user_id: int = 0, **more: Any) -> Principal:
        """Return a made-up principal; ids default to small fixed numbers per role."""
        defaults = {"admin": 1, "staff": 2, "cadet": 3}
        user_id = user_id or defaults[role]
        return Principal(user_id, more.pop("username", f"{role}{user_id}"), role, session_id=f"sid-{user_id}", **more)

    def admin(self, **more: Any) -> dict[str, str]:
        """Return headers of an admin."""
        return self.headers(self.principal("admin", **more))

    def staff(self, **more: Any) -> dict[str, str]:
        """Return headers of an instructor."""
        return self.headers(self.principal("staff", staff_id=more.pop("staff_id", 1), positions=("Instructor",), **more))

    def command(self, **more: Any) -> dict[str, str]:
        """Return headers of a member of the command group."""
        return self.headers(self.principal("staff", staff_id=more.pop("staff_id", 2), positions=("Commandant",), **more))

    def cadet(self, cadet_id: int = 1, **more: Any) -> dict[str, str]:
        """Return headers of the cadet with `cadet_id`."""
        return self.headers(self.principal("cadet", cadet_id=cadet_id, user_id=more.pop("user_id", 1000 + cadet_id), **more))

    def service(self, caller: str, audience: str) -> dict[str, str]:
        """Return headers of an internal call."""
        return {"Authorization": f"Bearer {service_token(self.settings, caller, audience)}"}


@pytest.fixture
def people(make_settings: Callable[..., Settings]) -> People:
    """Headers for an admin, staff, command group, cadets and services."""
    return People(make_settings("auth"))


@pytest.fixture
def client_of(service_app: Callable[[str], Flask]) -> Callable[[str], FlaskClient]:
    """A function service -> its test client."""
    return lambda service: service_app(service).test_client()


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the SQL statements that `app` sends inside the block."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def count_queries() -> Callable:
    """`with count_queries(app) as statements:` collects the SQL sent inside the block."""
    return counted_queries
