"""The database's half of `libs.data.audit`, for migrations: frozen, since a migration must do tomorrow what it did today."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# What a row is compared without, and whose values never leave it, are the arguments of each table's trigger.
_KEEP = """
CREATE FUNCTION {schema}.keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    _acting jsonb := coalesce(nullif(current_setting('rgms.acting', true), ''), '{{}}')::jsonb;
    _idle text[] := TG_ARGV[1]::text[];
    _secret text[] := TG_ARGV[2]::text[];
    _old jsonb := '{{}}';
    _new jsonb := '{{}}';
    _row jsonb;
    _before jsonb;
    _after jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        _row := to_jsonb(OLD);
        _old := jsonb_strip_nulls(_row - _idle);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        _row := to_jsonb(NEW);
        _new := jsonb_strip_nulls(_row - _idle);
    END IF;
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(_secret) THEN '"(not shown)"' ELSE value END), '{{}}') INTO _before
        FROM jsonb_each(_old) WHERE value IS DISTINCT FROM _new -> key;
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(_secret) THEN '"(not shown)"' ELSE value END), '{{}}') INTO _after
        FROM jsonb_each(_new) WHERE value IS DISTINCT FROM _old -> key;
    IF _before = '{{}}' AND _after = '{{}}' THEN
        RETURN NULL;
    END IF;
    INSERT INTO {schema}.audit_entry (actor_id, actor, action, object, object_id, before, after, request_id, address) VALUES (
        (_acting ->> 'actor_id')::integer, coalesce(_acting ->> 'actor', ''),
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
        TG_TABLE_NAME, coalesce(_row ->> TG_ARGV[0], ''), _before, _after,
        coalesce(_acting ->> 'request_id', ''), coalesce(_acting ->> 'address', '')
    );
    RETURN NULL;
END $$
"""
_REFUSE = """
CREATE OR REPLACE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{schema}.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def create(schema: str) -> None:
    """Make `<schema>.audit_entry`, which can only be added to, and the function that adds to it."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=63), nullable=False),
        sa.Column("object_id", sa.Text(), server_default="", nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("request_id", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        schema=schema,
    )
    op.create_index("ix_audit_entry_object", "audit_entry", ["object", "object_id", "id"], schema=schema)
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "id"], schema=schema)
    op.execute(_KEEP.format(schema=schema))
    op.execute(_REFUSE.format(schema=schema))
    op.execute(
        f"CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_entry"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change()"
    )


def watch(schema: str, table: str, *, key: str = "id", idle: Sequence[str] = (), secret: Sequence[str] = ()) -> None:
    """Have every change of a row of `table` kept.

    Args:
        key: the column that names a row.
        idle: columns that are bookkeeping: a change of nothing else is none.
        secret: columns of which only the change is told, never the value.
    """
    arguments = ", ".join(f"'{text}'" for text in (key, _array(idle), _array(secret)))
    op.execute(
        f'CREATE TRIGGER {table}_is_audited AFTER INSERT OR UPDATE OR DELETE ON {schema}."{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION {schema}.keep_audit({arguments})"
    )


def drop(schema: str, tables: Sequence[str]) -> None:
    """Undo `create` and `watch`; `refuse_change` may serve others and stays."""
    for table in tables:
        op.execute(f'DROP TRIGGER {table}_is_audited ON {schema}."{table}"')
    op.execute(f"DROP FUNCTION {schema}.keep_audit()")
    op.drop_table("audit_entry", schema=schema)


def _array(columns: Sequence[str]) -> str:
    return "{" + ",".join(columns) + "}"
