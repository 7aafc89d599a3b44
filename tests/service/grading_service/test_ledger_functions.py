"""The functions of the ledger in the database are the files of `ledger/sql`: nothing older, nothing beside them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from grading_service.ledger.functions import NAMES, apply
from libs.data.db import db

_FUNCTIONS = """SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'grading' AND p.prorettype <> 'trigger'::regtype ORDER BY p.proname"""


@pytest.fixture
def connection(service_app):
    app = service_app("grading")
    with app.app_context(), db.engine.connect() as connection:
        yield connection
        connection.rollback()


def test_every_function_of_the_schema_has_its_file(connection):
    assert sorted(name for name, _ in connection.execute(text(_FUNCTIONS))) == list(NAMES)


def test_the_migrated_functions_say_what_the_files_say(connection):
    migrated = connection.execute(text(_FUNCTIONS)).all()

    apply(connection, *NAMES)

    # A difference means that a file was changed without a migration that applies it.
    assert connection.execute(text(_FUNCTIONS)).all() == migrated


def test_a_file_checked_by_postgresql_is_sound(connection):
    apply(connection, *NAMES)
    connection.execute(text("SET LOCAL check_function_bodies = on"))

    for _name, definition in connection.execute(text(_FUNCTIONS)).all():
        connection.exec_driver_sql(definition)
