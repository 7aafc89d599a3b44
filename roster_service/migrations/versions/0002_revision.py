"""The revision of the roster, and a faster search where the database has trigrams."""

from alembic import op

revision = "0002_revision"
down_revision = "0001_roster"


def upgrade() -> None:
    """Change the revision with every statement that changes a cadet; index the search text if pg_trgm is at hand."""
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
    # Extensions may be missing or forbidden on a managed server; without this one the search reads the table, which
    # takes about a millisecond for 2,000 cadets.
    op.execute(
        """
        DO $$
        BEGIN
            CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
            CREATE INDEX ix_cadet_search_text_trgm ON roster.cadet USING gin (search_text public.gin_trgm_ops);
        EXCEPTION WHEN OTHERS THEN
            RAISE NOTICE 'search without trigrams: %', SQLERRM;
        END $$
        """
    )


def downgrade() -> None:
    """Drop the revision trigger and the search index."""
    op.execute("DROP INDEX IF EXISTS roster.ix_cadet_search_text_trgm")
    op.execute("DROP TRIGGER cadet_renews_revision ON roster.cadet")
    op.execute("DROP FUNCTION roster.renew_revision()")
    op.execute("DELETE FROM roster.revision")
