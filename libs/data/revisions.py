"""The state of a list, as one token that changes with every commit that changes the list, and comes back with none.

Each list has a few rows of random tokens. A trigger gives one of them a new token in the transaction that changes the list: one
that no other open transaction has taken, or a new row when all are taken, so that no writer ever waits here for another. All
tokens of a list together name its state: what is rolled back leaves them as they were, and a token that was replaced never
returns, not even in a database that was restored from a copy.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from libs.data.db import fetch_rows, reading, table_of


class RevisionMixin:
    """The columns of `<schema>.revision`; each service declares its own model with this mixin and the schema's comment `seeded`.

    `list` is the name of a list, such as `cadets` or `grades:7`.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    list: Mapped[str] = mapped_column(Text)
    token: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        # The token is in no index, so that renewing it is a heap-only update.
        Index("ix_revision_list", table_of(cls).c.list)


def state_of(schema: str, lists: Sequence[str]) -> str | None:
    """Return a text that names the present state of these lists together; None when one of them is not known.

    Whatever is read after it is of this state or a newer one. It is one statement on a few rows.
    """
    with reading() as connection:
        rows = fetch_rows(connection, _statement(schema), {"lists": list(lists)})
    if {name for name, _ in rows} != set(lists):
        return None
    return " ".join(f"{name} {token}" for name, token in rows)


@functools.cache
def _statement(schema: str) -> str:
    return f"SELECT list, token::text FROM {schema}.revision WHERE list = ANY(%(lists)s) ORDER BY id"  # noqa: S608 - our schema
