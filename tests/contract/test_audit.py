"""Every change of a row in the audited services is kept with its author; nothing that is written can forget it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from libs.data.db import reading

AUDITED = ("auth", "roster", "grading", "media")
# A table of these services without entries of its own, and why that is right.
EXEMPT = {
    "alembic_version": "written by migrations",
    "audit_entry": "the entries themselves",
    "outbox": "events on their way, each told of by what changed",
    "idempotency_key": "copies of answers",
    "consumer_offset": "a place in a stream",
    "parked_event": "an event and why it failed",
    "revision": "tokens of lists",
    "auth.login_attempt": "a log of its own (16.4)",
    "auth.security_event": "a log of its own (16.3)",
    "auth.session": "told by security events",
    "auth.refresh_token": "told by security events of its session",
    "auth.security_step": "a step under way, told by security events",
    "auth.password_reset": "told by security events",
    "grading.record": "a log of its own: each record names its author and is never changed",
    "grading.mark": "made of records",
    "grading.score": "made of records",
    "grading.grade": "made of records",
    "grading.cadet_ref": "a copy of the roster's",
}
TABLES = text(
    """SELECT c.relname, EXISTS (
           SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_is_audited' AND t.tgenabled = 'O'
       ) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND c.relkind IN ('r', 'p')"""
)


@pytest.mark.parametrize("service", AUDITED)
def test_every_table_is_audited_or_says_why_not(service, service_app):
    with service_app(service).app_context(), reading() as connection:
        tables = dict(map(tuple, connection.execute(TABLES, {"schema": service})))
    for table, audited in tables.items():
        reason = EXEMPT.get(table) or EXEMPT.get(f"{service}.{table}")
        assert audited != bool(reason), f"{service}.{table}: call audit_triggers.watch in a migration, or exempt it with a reason"
