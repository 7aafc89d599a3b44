"""Pages whose rows carry their own total, so that a list costs one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, TextClause

from libs.web.pagination import Page

Row = dict[str, Any]


def page_and_total(
    connection: Connection, statement: TextClause, values: Mapping[str, Any], page: Page, *, beyond: int = 0
) -> tuple[list[Row], int]:
    """Return the rows of a page and how many there are in all.

    Args:
        statement: takes :limit and :offset, and gives each row the whole number of rows as `total`.
        beyond: rows to read past the page, to see whether it is the last.
    """
    asked = {**values, "limit": page.limit + beyond, "offset": page.offset}
    rows = [dict(row) for row in connection.execute(statement, asked).mappings()]
    if not rows and page.offset:
        # Beyond the end no row is left to carry the total.
        first = connection.execute(statement, asked | {"limit": 1, "offset": 0}).mappings().first()
        return [], first["total"] if first else 0
    total = rows[0]["total"] if rows else 0
    for row in rows:
        del row["total"]
    return rows, total
