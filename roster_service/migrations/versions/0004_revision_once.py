"""The token is renewed once in a transaction, however many statements it has."""

import sqlalchemy as sa
from alembic import op

revision = "0004_revision_once"
down_revision = "0003_standard_units"


def upgrade() -> None:
    """Remember in which transaction the token was renewed.

    Undoing an import of 10,000 cadets is 10,000 statements; as many versions of one row would each be walked by the next.
    """
    op.add_column(
        "revision", sa.Column("renewed_in", sa.BigInteger(), server_default=sa.text("0"), nullable=False), schema="roster"
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION roster.renew_revision() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO roster.revision AS kept (id, token, renewed_in) VALUES (1, gen_random_uuid(), txid_current())
            ON CONFLICT (id) DO UPDATE SET token = excluded.token, renewed_in = excluded.renewed_in
            WHERE kept.renewed_in <> excluded.renewed_in;
            RETURN NULL;
        END $$
        """
    )


def downgrade() -> None:
    """Renew with every statement again."""
    op.execute(
        """
        CREATE OR REPLACE FUNCTION roster.renew_revision() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO roster.revision (id, token) VALUES (1, gen_random_uuid())
            ON CONFLICT (id) DO UPDATE SET token = excluded.token;
            RETURN NULL;
        END $$
        """
    )
    op.drop_column("revision", "renewed_in", schema="roster")
