"""One Alembic history per schema, through Flask-Migrate; `<service>/migrations/env.py` is one call into here."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from alembic import context
from flask import Flask, current_app
from flask_migrate import Migrate
from flask_migrate import upgrade as migrate_upgrade
from sqlalchemy import Connection, NullPool, create_engine, text

from libs.data import roles
from libs.data.db import db
from libs.data.roles import ONE_AT_A_TIME, Serving

# Expanding a table must never queue behind a long query and block the roll call of a whole unit.
MIGRATION_LOCK_TIMEOUT = "4s"


def install(app: Flask, schema: str, package: str) -> None:
    """Give `app` its migration history: folder `<package>/migrations`, version table inside `schema`."""
    home = Path(__file__).resolve().parents[2] / package
    directory = home / "migrations"
    # A model that nobody has imported yet is a table, too.
    for module in sorted((home / "models").glob("[!_]*.py")):
        import_module(f"{package}.models.{module.stem}")
    app.extensions["rgms_schema"] = schema
    Migrate(
        app,
        db,
        directory=str(directory),
        include_schemas=True,
        version_table_schema=schema,
        include_name=lambda name, kind, _parents: name == schema if kind == "schema" else True,
        include_object=lambda item, _name, kind, _reflected, _other: kind != "table" or item.schema == schema,
        compare_type=True,
    )


def upgrade(app: Flask) -> Serving:
    """Bring the schema of `app` to its newest version and its database role to its rights; return which role serves.

    Does nothing when all stands already.
    """
    settings = app.config["RGMS"]
    with app.app_context():
        migrate_upgrade(directory=app.extensions["migrate"].directory)
    return roles.prepare(settings.database_url, settings.service, settings.secret_key, settings.secret_key_previous)


def run() -> None:
    """Run the migrations of the current application in one transaction; two at once wait for each other.

    Under the role of DATABASE_URL, which owns the tables: those that serve may not change them.
    """
    schema = current_app.extensions["rgms_schema"]
    engine = create_engine(current_app.config["RGMS"].database_url, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        _prepare(connection, schema)
        arguments = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def _prepare(connection: Connection, schema: str) -> None:
    # Its turn may take long, as long as the other migration does, and so may a change; only tables in use are not waited for.
    connection.execute(text("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; " + ONE_AT_A_TIME))
    connection.execute(text("SELECT set_config('lock_timeout', :t, true)"), {"t": MIGRATION_LOCK_TIMEOUT})
    # Names of schemas come from our own list of services, never from outside.
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
