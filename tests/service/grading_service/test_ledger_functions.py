"""The functions of the ledger in the database are the files of `ledger/sql`: nothing older, nothing beside them."""

from __future__ import annotations

import json

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from grading_service.ledger.functions import NAMES, apply, digest_of
from tests.service.grading_service.grading_api import mark_of

_FUNCTIONS = """SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'grading' AND p.prorettype <> 'trigger'::regtype ORDER BY p.proname"""


@pytest.fixture
def connection(service_app):
    """A connection under the role that owns the functions; what is done on it is undone."""
    owner = create_engine(service_app("grading").config["RGMS"].database_url, poolclass=NullPool)
    with owner.connect() as connection:
        yield connection


def test_every_function_of_the_schema_has_its_file(connection):
    assert [name for name, _ in connection.execute(text(_FUNCTIONS))] == list(NAMES)


def test_the_migrated_functions_say_what_the_files_say(connection):
    migrated = connection.execute(text(_FUNCTIONS)).all()

    apply(connection, NAMES)

    assert connection.execute(text(_FUNCTIONS)).all() == migrated


def test_a_changed_text_comes_with_a_migration_that_applies_it(service_app):
    history = ScriptDirectory(service_app("grading").extensions["migrate"].directory)
    applied = {}
    for revision in reversed(list(history.walk_revisions())):
        applied |= getattr(revision.module, "functions", {})

    stale = {name: digest_of(name) for name in NAMES if applied.get(name) != digest_of(name)}
    assert stale == {}, f"write a migration with functions = {stale} that calls apply(op.get_bind(), functions)"


def test_every_body_is_sound(connection):
    connection.execute(text("SET LOCAL check_function_bodies = on"))

    for _name, definition in connection.execute(text(_FUNCTIONS)).all():
        connection.exec_driver_sql(definition)


def test_a_fact_reads_its_own_records_and_not_those_of_the_whole_term(grading_api, connection):
    """A plan that joined what a fact names by its term read every record of it for each fact: 0.3 s for a batch."""
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    facts = [mark_of(day, 1 + number % 4) | {"kind": "attendance", "reason": "", "actor_id": 2} for number in range(50)]
    term_records = """INSERT INTO grading.record (id, kind, term_id, cadet_id, points, occurred_at, recorded_at, actor_id)
        SELECT gen_random_uuid(), 'merit', :term, 1 + n % 4, 1, now(), now(), 2 FROM generate_series(1, 2000) AS n"""
    connection.execute(text(term_records), {"term": term})
    read = text("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = 'grading.record'::regclass")

    before = connection.execute(read).scalar_one()
    connection.execute(text("SELECT * FROM grading.insert_records(CAST(:facts AS json), now())"), {"facts": json.dumps(facts)})

    assert connection.execute(read).scalar_one() - before <= len(facts)
