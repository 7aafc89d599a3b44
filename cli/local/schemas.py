"""What a database needs before the processes start: the newest migrations, found without starting one, and the roles."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psycopg2
from alembic.script import ScriptDirectory
from psycopg2 import errors, sql

from cli.local.errors import LocalError
from libs.contracts.services import SCHEMAS, Service
from libs.data import roles
from libs.data.roles import Serving


def outdated(database_url: str, root: Path) -> list[str]:
    """Return the names of the services whose schema is missing or behind their newest migration.

    Args:
        database_url: a PostgreSQL URL, with or without the name of a driver.
        root: the project's folder.

    Raises:
        LocalError: the database does not answer.
    """
    with contextlib.closing(_connect(database_url)) as connection:
        return [service.name for service in SCHEMAS if not _current(connection, service, root)]


def prepare_roles(database_url: str, secret_key: str, secret_key_previous: str = "") -> list[Serving]:
    """Give each service its database role as `migrate` does, and return who serves in the order of the services.

    At each start: the data may be of a release that knew no roles, and the key another one than last time.

    Raises:
        LocalError: the database does not answer.
    """
    try:
        return [roles.prepare(database_url, service.name, secret_key, secret_key_previous) for service in SCHEMAS]
    except psycopg2.Error as error:
        raise LocalError(f"The database roles could not be made: {error}") from error


def has_accounts(database_url: str) -> bool:
    """Return whether somebody already has an account in this database.

    Raises:
        LocalError: the database does not answer.
    """
    with contextlib.closing(_connect(database_url)) as connection, connection.cursor() as cursor:
        cursor.execute('SELECT EXISTS (SELECT FROM auth."user")')
        return cursor.fetchone() == (True,)


def _connect(database_url: str) -> psycopg2.extensions.connection:
    dsn = "postgresql://" + database_url.partition("://")[2]
    try:
        connection = psycopg2.connect(dsn, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise LocalError(f"The database of DATABASE_URL does not answer: {error}") from error
    connection.autocommit = True
    return connection


def _current(connection: psycopg2.extensions.connection, service: Service, root: Path) -> bool:
    directory = root / service.package / "migrations"
    if not directory.is_dir():
        return False
    wanted = set(ScriptDirectory(str(directory)).get_heads())
    query = sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(service.schema or "", "alembic_version"))
    with connection.cursor() as cursor:
        try:
            cursor.execute(query)
        except errors.UndefinedTable:
            return not wanted
        return {row[0] for row in cursor.fetchall()} == wanted
