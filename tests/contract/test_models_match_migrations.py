"""Models and migrations say the same: fourteen outages of the legacy system were a column that only one of them knew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from libs.contracts.services import SCHEMAS
from libs.data.db import db


@pytest.mark.parametrize("service", SCHEMAS, ids=lambda service: service.name)
def test_a_migrated_schema_is_exactly_its_models(service, service_app):
    app = service_app(service.name)

    with app.app_context(), db.engine.connect() as connection:
        arguments = {**app.extensions["migrate"].configure_args, "compare_server_default": False}
        differences = compare_metadata(MigrationContext.configure(connection, opts=arguments), db.metadata)

    assert differences == [], "write what differs as a migration in <service>/migrations/versions, or as a model"


@pytest.mark.parametrize("service", SCHEMAS, ids=lambda service: service.name)
def test_every_model_is_found_without_being_named(service, service_app):
    service_app(service.name)
    root = Path(__file__).resolve().parents[2] / service.package / "models"
    written = {name for path in root.glob("*.py") for name in re.findall(r'__tablename__ = "(\w+)"', path.read_text("utf-8"))}

    assert written, "each schema has tables"
    assert {f"{service.schema}.{name}" for name in written} <= set(db.metadata.tables)


@pytest.mark.parametrize("service", SCHEMAS, ids=lambda service: service.name)
def test_no_foreign_key_leaves_its_schema(service, service_app):
    service_app(service.name)

    for table in db.metadata.tables.values():
        if table.schema == service.schema:
            assert {key.column.table.schema for key in table.foreign_keys} <= {service.schema}
