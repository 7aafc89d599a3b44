"""What only a run behind a pooler can show; `rgms test pooler` runs these beside the tests of the services."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg2
import pytest
from sqlalchemy import text

from cli.testing.pooler import POOL_SIZE
from libs.contracts.services import SCHEMAS
from libs.data.db import db, reading, transaction

pytestmark = pytest.mark.pooled


def pools(url: str) -> dict[str, str]:
    """Return role -> pool mode, as PgBouncer itself has it."""
    address, _, database = url.rpartition("/")
    with closing(psycopg2.connect(f"{address}/pgbouncer")) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SHOW POOLS")
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["user"]: row["pool_mode"] for row in rows if row["database"] == database}


@pytest.mark.requirement("1.5", "24.1")
@pytest.mark.parametrize("service", SCHEMAS, ids=lambda service: service.name)
def test_a_service_migrates_and_serves_through_a_pooler_in_transaction_mode(service, service_app, postgres_url):
    app = service_app(service.name)

    assert app.test_client().get("/readyz").json["checks"]["database"]["status"] == "healthy"
    with app.app_context(), reading() as connection:
        role = connection.execute(text("SELECT current_user")).scalar()
    assert pools(postgres_url)[role] == "transaction"


def test_start_up_options_are_refused_as_a_hosting_provider_refuses_them(postgres_url):
    with pytest.raises(psycopg2.OperationalError, match="unsupported startup parameter"):
        psycopg2.connect(postgres_url, options="-c statement_timeout=1000")


def test_more_connections_than_the_pooler_has_take_turns(service_app):
    app = service_app("roster")

    def work(_number: int) -> int:
        with app.app_context():
            with transaction() as session:
                session.execute(text("SELECT pg_advisory_xact_lock_shared(1), pg_sleep(0.05)"))
            with reading() as connection:
                return connection.execute(text("SELECT 1")).scalar()

    with ThreadPoolExecutor(3 * POOL_SIZE) as threads:
        assert list(threads.map(work, range(3 * POOL_SIZE))) == [1] * 3 * POOL_SIZE


def test_nothing_is_left_in_a_server_connection_for_the_next_who_gets_it(service_app, postgres_url):
    """Every server connection of the role, whoever used it before, has the role's settings and no lock."""
    app = service_app("grading")
    query = text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('TimeZone')")
    with app.app_context(), ExitStack() as stack:
        held = [stack.enter_context(db.engine.connect()) for _ in range(POOL_SIZE)]
        assert {tuple(connection.execute(query).one()) for connection in held} == {("15s", "5s", "UTC")}
    with app.app_context(), reading() as connection:
        left = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database"
        assert connection.execute(text(f"{left} WHERE datname = current_database())")).scalar() == 0
