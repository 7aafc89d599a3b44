"""The short way of one statement: the rows and the errors of the long one, and nobody who listens goes without."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, ProgrammingError

from libs.data.db import db, fetch_rows, in_transaction, reading, transaction

STATEMENT = "SELECT n, %(word)s || n FROM generate_series(1, 3) AS n"
ROWS = [(1, "a1"), (2, "a2"), (3, "a3")]


@pytest.fixture
def roster(service_app):
    with service_app("roster").app_context():
        yield


@pytest.mark.parametrize("heard", [False, True])
def test_rows_are_the_same_whether_or_not_somebody_listens(roster, heard):
    statements = []

    def listen(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    with reading() as connection:
        if heard:
            event.listen(db.engine, "before_cursor_execute", listen)
        try:
            rows = fetch_rows(connection, STATEMENT, {"word": "a"})
        finally:
            if heard:
                event.remove(db.engine, "before_cursor_execute", listen)

    assert [tuple(row) for row in rows] == ROWS
    assert statements == ([STATEMENT] if heard else [])


def test_an_error_has_the_class_of_the_long_way_and_leaves_the_connection_whole(roster):
    with reading() as connection:
        with pytest.raises(ProgrammingError):
            fetch_rows(connection, "SELECT 1 FROM nobody.nothing WHERE 'a' = %(word)s", {"word": "a"})
        assert [tuple(row) for row in fetch_rows(connection, STATEMENT, {"word": "a"})] == ROWS


def test_a_connection_that_ends_meanwhile_says_so_and_is_not_used_again(roster):
    with pytest.raises(DBAPIError) as told, reading() as connection:
        fetch_rows(connection, "SELECT pg_terminate_backend(pg_backend_pid()) WHERE 'a' = %(word)s", {"word": "a"})
    assert told.value.connection_invalidated
    with reading() as connection:
        assert [tuple(row) for row in fetch_rows(connection, STATEMENT, {"word": "a"})] == ROWS


def test_a_read_makes_no_session(roster):
    db.session.remove()
    with reading() as connection:
        fetch_rows(connection, STATEMENT, {"word": "a"})
    assert not db.session.registry.has()
    with transaction():
        assert in_transaction()
    assert not in_transaction()
