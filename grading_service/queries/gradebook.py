"""The gradebook of a term: PostgreSQL makes the JSON of a page in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, text

from grading_service.ledger.rows import ROW, Rows, row_defaults
from grading_service.queries.policies import policy_of
from libs.data.db import reading
from libs.web.errors import Invalid
from libs.web.jsonio import dumps, loads
from libs.web.pagination import Page, encode_cursor, list_bytes, pick_fields

Row = dict[str, Any]

# What a list may be sorted by: (expression, type of the cursor, value that puts the absent last going up, and going down).
_SORTS = {
    "name": ("c.sort_name", "text", None, None),
    "student_id": ("coalesce(c.student_id, '') COLLATE \"C\"", "text", None, None),
    "company": ("coalesce(c.company, '') || ' ' || coalesce(c.platoon, '') || ' ' || c.sort_name", "text", None, None),
    "final": ("g.final", "numeric", 10_000, -10_000),
    "attendance": ("g.attendance", "numeric", 10_000, -10_000),
    "aptitude": ("g.aptitude", "numeric", 10_000, -10_000),
    "subject": ("g.subject", "numeric", 10_000, -10_000),
    "merits": ("g.merits", "integer", 0, 0),
    "demerits": ("g.demerits", "integer", 0, 0),
    "late": ("g.late", "integer", 0, 0),
    "absent": ("g.absent", "integer", 0, 0),
}
_JOIN = "LEFT JOIN grading.grade g ON g.term_id = :term_id AND g.cadet_id = c.id"


# For the rows of a page alone. The limit keeps PostgreSQL from reading the grades of the whole term instead, which it takes for
# the cheaper way while it does not know how many there are.
_JOIN_EACH = """LEFT JOIN LATERAL (
        SELECT g FROM grading.grade g WHERE g.term_id = :term_id AND g.cadet_id = page.id LIMIT 1
    ) own ON true"""
_ROWS = text(
    f"""SELECT CAST(json_agg({ROW} ORDER BY c.sort_name, c.id) AS text), array_agg(c.id)
        FROM grading.cadet_ref c {_JOIN} WHERE c.id = ANY(:cadet_ids) AND NOT c.is_archived"""  # noqa: S608 - our own expressions
)


@dataclass(frozen=True)
class Filters:
    """Which cadets are asked for; None is all."""

    company: str | None = None
    platoon: str | None = None
    search: str | None = None
    state: str | None = None


def gradebook_page(term: Row, page: Page, filters: Filters, *, sort: str | None = None, fields: str | None = None) -> bytes:
    """Return a page of the gradebook of `term` as JSON, in one statement.

    Cadets of the term's course are listed, and whoever has a grade in it, without the archived.

    Raises:
        Invalid: an unknown sort, or a cursor of another sort.
    """
    statement, values = _page_statement(term, page, filters, sort or "name")
    with reading() as connection:
        rows, total, found, key, last_id = connection.execute(statement, values).one()
    seen = _seen(page) + min(found, page.limit)
    following = encode_cursor([key, last_id, seen]) if found > page.limit else None
    if fields:
        rows = dumps([pick_fields(row, f"{fields},cadet_id") for row in loads(rows)])
    return list_bytes(rows, page, total, following)


def gradebook_rows(term_id: int, cadet_ids: Sequence[int], policy_version: int) -> list[Rows]:
    """Return the rows of these cadets by name, without the archived; nothing when all of them are."""
    values = {"term_id": term_id, "cadet_ids": list(cadet_ids), **row_defaults(policy_of(policy_version))}
    with reading() as connection:
        lines, ids = connection.execute(_ROWS, values).one()
    return [Rows(lines, ids)] if ids else []


def _page_statement(term: Row, page: Page, filters: Filters, sort: str) -> tuple[TextClause, Row]:
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in _SORTS:
        raise Invalid(details={"sort": [f"Use one of {', '.join(_SORTS)}, with a minus for descending."]})
    expression, kind, above, below = _SORTS[name]
    if above is not None:
        expression = f"coalesce({expression}, {below if descending else above})"
    values: Row = {
        "term_id": term["id"],
        "limit": page.limit + 1,
        "offset": page.offset,
        "seen": _seen(page),
        **row_defaults(policy_of(term["policy_version"])),
    }
    where, joined = _conditions(term, filters, values)
    after = ""
    if page.cursor is not None:
        after = f"AND ({expression}, c.id) {'<' if descending else '>'} (CAST(:after AS {kind}), :after_id)"
        values |= _cursor_values(page.cursor, kind)
    way = "DESC" if descending else "ASC"
    order = f"{expression} {way}, c.id {way}"
    # The total counts cadets, and reads grades only when a filter speaks of them.
    statement = f"""
        SELECT '[' || coalesce(string_agg(page.line, ',' ORDER BY page.n) FILTER (WHERE page.n < :limit), '') || ']',
            (SELECT count(*) FROM grading.cadet_ref c {_JOIN if joined else ""} WHERE {where}),
            count(*),
            max(page.key) FILTER (WHERE page.n = :limit - 1), max(page.id) FILTER (WHERE page.n = :limit - 1)
        FROM (SELECT left(CAST({ROW} AS text), -1) || ',"position":' || page.n + :seen || '}}' AS line, page.n, page.key, page.id
            FROM (SELECT c, c.id, CAST({expression} AS text) AS key, row_number() OVER (ORDER BY {order}) - :offset AS n
                FROM grading.cadet_ref c {_JOIN if joined or "g." in expression else ""} WHERE {where} {after}
                ORDER BY {order} LIMIT :limit OFFSET :offset) page
            {_JOIN_EACH}) page"""  # noqa: S608 - our own expressions; every value is a parameter
    return _prepared(statement), values


# A handful of sorts and filters gives a handful of statements; parsing one for its parameters takes 50 µs.
@lru_cache(maxsize=256)
def _prepared(statement: str) -> TextClause:
    return text(statement)


def _conditions(term: Row, filters: Filters, values: Row) -> tuple[str, bool]:
    conditions, joined = ["NOT c.is_archived"], False
    if term["cadet_course"]:
        # Who has moved on to the next course keeps their place in the gradebook of the term they were graded in.
        conditions.append("(c.cadet_course = :course OR g.cadet_id IS NOT NULL)")
        values["course"] = term["cadet_course"]
        joined = True
    for column in ("company", "platoon"):
        if (wanted := getattr(filters, column)) is not None:
            conditions.append(f"c.{column} = :{column}")
            values[column] = wanted
    if filters.search:
        conditions.append("c.search LIKE :search")
        values["search"] = filters.search
    if filters.state is not None:
        conditions.append("coalesce(g.state, 'no_data') = :state")
        values["state"] = filters.state
        joined = True
    return " AND ".join(conditions), joined


def _seen(page: Page) -> int:
    if page.cursor is None:
        return page.offset
    return page.cursor[2] if len(page.cursor) == 3 and isinstance(page.cursor[2], int) else 0


def _cursor_values(cursor: tuple, kind: str) -> Row:
    wrong = Invalid(details={"cursor": ["Not a cursor of this list."]})
    if len(cursor) != 3 or not isinstance(cursor[0], str) or isinstance(cursor[1], bool) or not isinstance(cursor[1], int):
        raise wrong
    if not 0 < cursor[1] < 2**31 or not isinstance(cursor[2], int) or not 0 <= cursor[2] < 2**31:
        raise wrong
    if kind != "text" and not cursor[0].lstrip("-").replace(".", "", 1).isdecimal():
        raise wrong
    return {"after": cursor[0], "after_id": cursor[1]}
