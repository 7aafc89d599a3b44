"""The token of the stored cadets, renewed by a trigger in every transaction that changes one (migrations 0002 and 0004).

A list then costs one read of one row instead of a sort and a count.
"""

from __future__ import annotations

from libs.data.db import reading

_READ_REVISION = "SELECT token::text FROM roster.revision WHERE id = 1"


def revision_token() -> str | None:
    """Return the token of the stored cadets as they are now."""
    with reading() as connection:
        return connection.exec_driver_sql(_READ_REVISION).scalar()
