"""One database role per service: it reads and writes the rows of its own schema, and can change nothing else of the database.

`migrate` makes them where the role of DATABASE_URL may make roles. Where it may not, that one role serves; whoever asks
(`migrate`, the log, `rgms status`) is told so. A password is derived from SECRET_KEY, so that every process can compute its own
and nothing has to be handed out.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

import psycopg2
from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import make_dsn
from sqlalchemy import make_url

from libs.contracts.services import BY_NAME, SCHEMAS, Service

# A web request that waits longer than this for a row or a query has already failed its user.
STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 5_000
LIMITS = {"statement_timeout": f"{STATEMENT_TIMEOUT_MS}", "lock_timeout": f"{LOCK_TIMEOUT_MS}", "TimeZone": "UTC"}
# Migrations and roles change under one lock, which ends with its transaction: a pooler knows no other kind.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('rgms-migrations'))"
LONGEST_NAME = 63
LOGIN_TRIES, LOGIN_PAUSE_SECONDS = 3, 0.5

_MAY_MAKE_ROLES = "SELECT rolcreaterole OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
_STANDING = "SELECT rolcanlogin, rolsuper FROM pg_catalog.pg_roles WHERE rolname = %s"
_APPEND_ONLY = """SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND EXISTS (SELECT FROM pg_catalog.pg_trigger t
                                     WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_is_append_only')"""


@dataclass(frozen=True)
class Serving:
    """Which role a service works under.

    Attributes:
        role: its name in the database.
        separate: whether it is the service's own; False where the role of DATABASE_URL serves.
        reason: why it is not, in a few words.
    """

    role: str
    separate: bool
    reason: str = ""

    def __str__(self) -> str:
        return f"role {self.role}" if self.separate else f"the role of DATABASE_URL ({self.reason})"


def role_of(database_url: str, service: str) -> str:
    """Return the name of the role of `service`: roles belong to a whole server, so the name begins with its database."""
    url = make_url(database_url)
    database = url.database or url.username or ""
    name = f"{database}_{_owner(service).name}"
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"rgms_{hashlib.blake2b(database.encode(), digest_size=12).hexdigest()}_{_owner(service).name}"


def password_of(secret_key: str, role: str) -> str:
    """Return the password of `role` under this SECRET_KEY."""
    return hmac.new(secret_key.encode(), f"database role {role}".encode(), hashlib.sha256).hexdigest()


def passwords(role: str, secret_key: str, secret_key_previous: str) -> tuple[str, ...]:
    """Return the passwords to try, the likeliest first.

    While a previous key is set, the roles keep its password: processes that know only the old key and such that know both
    then run side by side, and nobody is shut out while a deployment goes on.
    """
    return tuple(password_of(key, role) for key in (secret_key_previous, secret_key) if key)


def serving(database_url: str, service: str) -> Serving:
    """Say which role `service` works under, as the database has it now; for `rgms status` and the like.

    Raises:
        psycopg2.Error: the database does not answer.
    """
    with _connected(database_url) as connection, connection.cursor() as cursor:
        return ask(cursor, database_url, service)


def ask(cursor: Cursor, database_url: str, service: str) -> Serving:
    """Do what `serving` does, on a connection that is there."""
    role = role_of(database_url, service)
    cursor.execute(_STANDING, (role,))
    standing = cursor.fetchone()
    if standing and standing[0]:
        return Serving(role, True)
    reason = f"{role} may not log in here" if standing else "migrate has made no other"
    return _one(cursor.connection, reason)


def prepare(database_url: str, service: str, secret_key: str, secret_key_previous: str = "") -> Serving:
    """Make the role of `service` or put it right, and return who serves; may be repeated at any time.

    The schema must stand at its newest version: rights are given table by table.

    Raises:
        psycopg2.Error: the database does not answer.
    """
    role = role_of(database_url, service)
    password = passwords(role, secret_key, secret_key_previous)[0]
    with _connected(database_url) as connection:
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(_MAY_MAKE_ROLES)
                if cursor.fetchone() != (True,):
                    return _one(connection, "it may not make roles")
                cursor.execute(_STANDING, (role,))
                if (standing := cursor.fetchone()) and standing[1]:
                    return _one(connection, f"{role} is a superuser and not ours")
                _make(cursor, role, password, _schema(service), new=standing is None)
        except errors.InsufficientPrivilege as error:
            return _one(connection, (error.diag.message_primary or "it may not make roles").strip())
        # A new password makes a pooler forget what it knows of the role: only where the one that stands is not ours.
        if _may_enter(database_url, role, password):
            return Serving(role, True)
        _run(connection, "ALTER ROLE {} LOGIN PASSWORD {}", role, sql.Literal(password))
        for _ in range(LOGIN_TRIES):
            if _may_enter(database_url, role, password):
                return Serving(role, True)
            time.sleep(LOGIN_PAUSE_SECONDS)
        # A pooler with a fixed list of users, or a server that admits only some: processes must not try it in vain.
        _run(connection, "ALTER ROLE {} NOLOGIN", role)
        return _one(connection, f"{role} may not log in here")


def _make(cursor: Cursor, role: str, password: str, schema: str, *, new: bool) -> None:
    cursor.execute(ONE_AT_A_TIME)
    name, home = sql.Identifier(role), sql.Identifier(schema)
    if new:
        # In the clear, over the connection's own encryption: hosting providers take no hashed password.
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(password)))
    database = sql.Identifier(cursor.connection.info.dbname)
    for setting, value in LIMITS.items():
        # Of the role and not of the session: behind a pooler nobody has a session.
        limit = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
        cursor.execute(limit.format(name, database, sql.Identifier(setting), sql.Literal(value)))
    for command in (
        "GRANT CONNECT ON DATABASE {database} TO {name}",
        "GRANT USAGE ON SCHEMA {home} TO {name}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {home} FROM {name}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {home} TO {name}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {home} TO {name}",
        "REVOKE INSERT, UPDATE, DELETE ON {home}.alembic_version FROM {name}",
    ):
        cursor.execute(sql.SQL(command).format(name=name, home=home, database=database))
    cursor.execute(_APPEND_ONLY, (schema,))
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(schema, table), name))


def _run(connection: Connection, command: LiteralString, role: str, *more: sql.Composable) -> None:
    with connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL(command).format(sql.Identifier(role), *more))


def _one(connection: Connection, reason: str) -> Serving:
    return Serving(connection.info.user, False, reason)


def _may_enter(database_url: str, role: str, password: str) -> bool:
    try:
        with _connected(database_url, user=role, password=password):
            return True
    except psycopg2.OperationalError:
        return False


@contextlib.contextmanager
def _connected(database_url: str, **instead: str) -> Iterator[Connection]:
    address = "postgresql://" + database_url.partition("://")[2]
    dsn = make_dsn(address, connect_timeout=10, application_name="rgms-roles", **instead)
    with contextlib.closing(psycopg2.connect(dsn)) as connection:
        yield connection


def _owner(service: str) -> Service:
    """Return the service whose schema `service` works on: the worker and beat have that of the tasks."""
    package = BY_NAME[service].package
    return next(other for other in SCHEMAS if other.package == package)


def _schema(service: str) -> str:
    schema = _owner(service).schema
    if schema is None:
        raise ValueError(f"{service} has no schema")
    return schema
