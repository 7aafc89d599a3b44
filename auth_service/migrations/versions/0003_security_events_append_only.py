"""What happened is added to and never changed; the database holds that, not only our code.

Revision ID: 0003_security_events_append_only
Revises: 0002_events_as_written
"""

from alembic import op

revision = "0003_security_events_append_only"
down_revision = "0002_events_as_written"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        CREATE FUNCTION auth.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'auth.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER security_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.security_event
            FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();
        """
    )


def downgrade():
    op.execute("DROP TRIGGER security_event_is_append_only ON auth.security_event; DROP FUNCTION auth.refuse_change()")
