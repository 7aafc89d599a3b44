"""The database: one engine per process, one door for writes, one for reads. The only place that commits.

Works through a transaction-mode pooler: no session state, no SET search_path, no start-up options. Time-outs and time zone come
with the database role, or with the transaction where there is one role for all; `connections` sees to both.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, ClassVar, cast

import psycopg2
from flask import current_app, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, MetaData, Result, Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from libs.config import Settings
from libs.web.jsonio import dumps, loads

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# SQLSTATEs of a transaction that PostgreSQL undid whole and that may simply be run again.
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """The declarative base of every model, with named constraints."""

    metadata = MetaData(naming_convention=NAMING)
    __table__: ClassVar[Table]


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def engine_options(settings: Settings) -> dict:
    """Return the pool settings: reuse, bounded size, a bounded wait (criterion 24); `connections` closes what lies idle."""
    return {
        "pool_size": settings.db_pool_size,
        "max_overflow": settings.db_pool_overflow,
        "pool_timeout": settings.db_pool_timeout,
        # The youngest first, so that those which a busy hour left over grow old and are closed.
        "pool_use_lifo": True,
        # Its look at the server's extensions costs each new connection three round trips.
        "use_native_hstore": False,
        # A statement that fails is logged without its values: they are names, hashes and tokens.
        "hide_parameters": True,
        # The standard module takes five times as long over an event of a hundred rows.
        "json_serializer": _json_text,
        "json_deserializer": loads,
        "connect_args": {
            "connect_timeout": 5,
            "application_name": f"rgms-{settings.service}",
        },
    }


def _json_text(value: object) -> str:
    return dumps(value).decode()


@contextmanager
def transaction(*, audited: bool = True) -> Iterator[Session]:
    """Yield the session inside one transaction; the outermost block commits, an inner one joins it.

    An exception rolls everything back and passes on. Callbacks of `on_commit` run after a successful commit.

    Args:
        audited: whether the database is told who acts (`libs.data.audit`); without it, where nothing audited is written, one
            statement less.
    """
    session = db.session()
    depth = session.info.get("depth", 0)
    if depth == 0:
        session.info["audited"] = audited
    session.info["depth"] = depth + 1
    try:
        yield session
        if depth == 0:
            session.commit()
    except BaseException:
        if depth == 0:
            session.info.pop("on_commit", None)
            session.rollback()
        raise
    finally:
        session.info["depth"] = depth
    if depth == 0:
        for callback in session.info.pop("on_commit", ()):
            _run(callback)


def _run(callback: Callable[[], object]) -> None:
    # The commit stands: a failing nudge may be late, never an error to the caller.
    try:
        callback()
    except Exception:
        log.exception("a callback after commit failed")


def on_commit(callback: Callable[[], object]) -> None:
    """Run `callback` once the running transaction has committed; the same callback is kept once."""
    waiting = db.session().info.setdefault("on_commit", [])
    if callback not in waiting:
        waiting.append(callback)


@contextmanager
def reading() -> Iterator[Connection]:
    """Yield a Core connection in autocommit for queries: no BEGIN, no ROLLBACK, no session.

    Inside `transaction()` it yields that transaction's own connection, so that a query sees what was just written.
    """
    if in_transaction():
        session = db.session()
        session.flush()
        yield session.connection()
        return
    with db.engine.connect() as connection, _autocommit(connection.connection.dbapi_connection):
        yield connection


@contextmanager
def _autocommit(dbapi: Any) -> Iterator[None]:
    # Not by SQLAlchemy's isolation level: to go there and back that costs two more statements on the wire.
    dbapi.autocommit = True
    try:
        yield
    finally:
        if not dbapi.closed:
            dbapi.autocommit = False


def fetch_rows(connection: Connection, statement: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """Return the rows of a driver's own SQL text, as `exec_driver_sql` would, without the objects it makes for each statement.

    They cost an eighth of answering a list from the cache, and nearly every GET sends this one statement. Where somebody listens
    for statements (one role's limits, Sentry, a test), it goes the long way and is heard.

    Args:
        values: what the statement's `%(name)s` stand for.

    Raises:
        DBAPIError: PostgreSQL refuses it, or is gone.
    """
    if not (connection.dispatch.before_cursor_execute or connection.dispatch.after_cursor_execute):
        # The long way meets the same error again, gives it its class and takes a dead connection out of the pool.
        with suppress(psycopg2.Error), closing(connection.connection.cursor()) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
    return connection.exec_driver_sql(statement, dict(values)).all()


def in_transaction() -> bool:
    """Whether this thread is inside `transaction()`."""
    # A read needs no session, and to make one only to ask it costs a tenth of the read.
    return db.session.registry.has() and bool(db.session().info.get("depth", 0))


def refuse_inside_transaction(what: str) -> None:
    """Raise when this thread holds a transaction: rows and a connection would wait for whatever is asked.

    Raises:
        RuntimeError: `what` is done inside `transaction()`; do it before, or through `libs.data.outside`.
    """
    if has_app_context() and "sqlalchemy" in current_app.extensions and in_transaction():
        raise RuntimeError(f"inside a transaction: {what}")


def ping() -> None:
    """Raise when the database does not answer."""
    with reading() as connection:
        connection.execute(text("SELECT 1"))


def sqlstate(error: DBAPIError) -> str:
    """Return PostgreSQL's five-letter code of `error`, or an empty string."""
    return getattr(error.orig, "pgcode", None) or ""


def table_of(model: type) -> Table:
    """Return the table of a model; mixins that a model is made of know theirs only through it."""
    return cast(type[Base], model).__table__


def constraint_name(error: DBAPIError) -> str:
    """Return the name of the constraint that `error` tells of, or an empty string."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


def affected(result: Result[Any]) -> int:
    """Return how many rows a statement changed."""
    return cast(CursorResult[Any], result).rowcount
