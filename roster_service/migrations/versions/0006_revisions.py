"""The state of each list that is kept: a trigger renews a token in the transaction that changes the list.

Nobody waits for another's token, as two writers of cadets did for the one there was: a writer takes one that is free, or makes
one. The old one is dropped at once: no installation with data runs the release before.
"""

import sqlalchemy as sa
from alembic import op
from alembic.script import ScriptDirectory

revision = "0006_revisions"
down_revision = "0005_events_as_written"

# Once in a transaction is enough: what this transaction has renewed already bears its number.
RENEW = """
CREATE FUNCTION roster.renew_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    _list text := TG_ARGV[0];
BEGIN
    -- Two conditions in one would look for the changed rows of a TRUNCATE, which has none.
    IF TG_OP <> 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM changed) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF EXISTS (SELECT FROM roster.revision WHERE list = _list AND xmin = pg_current_xact_id()::xid) THEN
        RETURN NULL;
    END IF;
    UPDATE roster.revision SET token = gen_random_uuid() WHERE id = (
        SELECT id FROM roster.revision WHERE list = _list ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    );
    IF NOT FOUND THEN
        INSERT INTO roster.revision (list) VALUES (_list);
    END IF;
    RETURN NULL;
END $$
"""
TABLES = {"cadet": "cadets", "staff": "staff", "unit": "units", "course": "courses"}
CHANGES = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    """Give every list its tokens."""
    op.execute("DROP TRIGGER cadet_renews_revision ON roster.cadet")
    op.execute("DROP FUNCTION roster.renew_revision()")
    op.drop_table("revision", schema="roster")
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        comment="seeded",
        schema="roster",
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("ix_revision_list", "revision", ["list"], unique=False, schema="roster")
    op.execute(RENEW)
    for table, name in TABLES.items():
        call = f"FOR EACH STATEMENT EXECUTE FUNCTION roster.renew_revisions('{name}')"
        for change, rows in CHANGES.items():
            op.execute(
                f"CREATE TRIGGER {change.lower()}_renews_revisions AFTER {change} ON roster.{table}"
                f" REFERENCING {rows} TABLE AS changed {call}"
            )
        op.execute(f"CREATE TRIGGER truncate_renews_revisions AFTER TRUNCATE ON roster.{table} {call}")
    op.execute("INSERT INTO roster.revision (list) SELECT unnest(ARRAY['cadets', 'staff', 'units', 'courses'])")


def downgrade() -> None:
    """Go back to one token for the cadets."""
    for table in TABLES:
        for change in (*CHANGES, "TRUNCATE"):
            op.execute(f"DROP TRIGGER {change.lower()}_renews_revisions ON roster.{table}")
    op.execute("DROP FUNCTION roster.renew_revisions()")
    op.drop_table("revision", schema="roster")
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_revision_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        schema="roster",
    )
    history = ScriptDirectory.from_config(op.get_context().config)
    for earlier in ("0002_revision", "0004_revision_once"):
        history.get_revision(earlier).module.upgrade()
