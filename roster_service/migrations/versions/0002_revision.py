"""The revision of the roster: a token for each state of the cadets."""

from alembic import op

revision = "0002_revision"
down_revision = "0001_roster"


def upgrade() -> None:
    """Renew the token with every statement that changes a cadet."""
    op.execute("INSERT INTO roster.revision (id) VALUES (1)")
    # Two writers of cadets wait for each other here until the first commits: a token stands for one state only.
    op.execute(
        """
        CREATE FUNCTION roster.renew_revision() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO roster.revision (id, token) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET token = excluded.token;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER cadet_renews_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON roster.cadet"
        " FOR EACH STATEMENT EXECUTE FUNCTION roster.renew_revision()"
    )


def downgrade() -> None:
    """Drop the trigger that renews the token."""
    op.execute("DROP TRIGGER cadet_renews_revision ON roster.cadet")
    op.execute("DROP FUNCTION roster.renew_revision()")
    op.execute("DELETE FROM roster.revision")
