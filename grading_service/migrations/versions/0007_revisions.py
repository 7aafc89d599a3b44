"""The state of each list that is kept: a trigger renews a token in the transaction that changes the list.

A cadet's grade renews `grades:<term>` alone, so that a mark lets the pages of its own term go and no other. Nobody waits for
another's token: a writer takes one that is free, or makes one.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Once in a transaction is enough: what this transaction has renewed already bears its number.
RENEW = """
CREATE FUNCTION grading.renew_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    _lists text[];
    _list text;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        _lists := ARRAY(SELECT DISTINCT list FROM grading.revision);
    ELSIF TG_TABLE_NAME = 'grade' THEN
        _lists := ARRAY(SELECT DISTINCT 'grades:' || term_id FROM changed);
    ELSIF TG_TABLE_NAME = 'term' THEN
        _lists := ARRAY(SELECT 'grades:' || id FROM changed UNION ALL SELECT 'terms' WHERE EXISTS (SELECT FROM changed));
    ELSE
        _lists := ARRAY(SELECT TG_ARGV[0] WHERE EXISTS (SELECT FROM changed));
    END IF;
    FOREACH _list IN ARRAY _lists LOOP
        CONTINUE WHEN EXISTS (SELECT FROM grading.revision WHERE list = _list AND xmin = pg_current_xact_id()::xid);
        UPDATE grading.revision SET token = gen_random_uuid() WHERE id = (
            SELECT id FROM grading.revision WHERE list = _list ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        );
        IF NOT FOUND THEN
            INSERT INTO grading.revision (list) VALUES (_list);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""
TABLES = {"grade": "", "term": "", "cadet_ref": "cadets", "training_day": "training_days"}
CHANGES = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        comment="seeded",
        schema="grading",
        postgresql_with={"fillfactor": "50"},
    )
    op.create_index("ix_revision_list", "revision", ["list"], unique=False, schema="grading")
    op.execute(RENEW)
    for table, name in TABLES.items():
        call = f"FOR EACH STATEMENT EXECUTE FUNCTION grading.renew_revisions('{name}')"
        for change, rows in CHANGES.items():
            op.execute(
                f"CREATE TRIGGER {change.lower()}_renews_revisions AFTER {change} ON grading.{table}"
                f" REFERENCING {rows} TABLE AS changed {call}"
            )
        op.execute(f"CREATE TRIGGER truncate_renews_revisions AFTER TRUNCATE ON grading.{table} {call}")
    op.execute(
        "INSERT INTO grading.revision (list) SELECT unnest(ARRAY['cadets', 'terms', 'training_days'])"
        " UNION ALL SELECT 'grades:' || id FROM grading.term"
    )


def downgrade() -> None:
    for table in TABLES:
        for change in (*CHANGES, "TRUNCATE"):
            op.execute(f"DROP TRIGGER {change.lower()}_renews_revisions ON grading.{table}")
    op.execute("DROP FUNCTION grading.renew_revisions()")
    op.drop_table("revision", schema="grading")
