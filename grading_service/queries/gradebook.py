"""The gradebook of a term: PostgreSQL makes the JSON of a page in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, text

from grading_service.domain.engine import SPECIAL
from grading_service.ledger.rows import ROW, Rows, row_defaults
from grading_service.queries.cadets import search_pattern
from grading_service.queries.policies import policy_of
from libs.contracts.student_numbers import number_digits
from libs.data.db import reading
from libs.web.jsonio import dumps, loads
from libs.web.lists import INTEGER, NUMBER, Key, Listing, Order
from libs.web.pagination import Page, foreign_cursor, list_bytes

Row = dict[str, Any]

_JOIN = "LEFT JOIN grading.grade g ON g.term_id = :term_id AND g.cadet_id = c.id"

# In the middle of a term nobody has a final grade yet: points are sorted as they stand, and the finished ones stand at their end.
_POINTS = {
    name: f"CASE WHEN c.special IS NULL THEN CAST(g.so_far ->> '{key}' AS numeric) END"
    for name, key in {"final": "total", "attendance": "attendance", "aptitude": "aptitude", "subject": "subject"}.items()
}

# Its rows are made by a statement of its own: the grades are joined to the cadets of the page alone.
GRADEBOOK = Listing(
    source="grading.cadet_ref c",
    id=Key("c.id", INTEGER),
    fields=dict.fromkeys(
        (
            "cadet_id",
            "term_id",
            "student_id",
            "name",
            "company",
            "platoon",
            "days_counted",
            "days_present",
            "late",
            "excused",
            "duty",
            "absent",
            "merits",
            "demerits",
            "scores",
            "attendance",
            "aptitude",
            "subject",
            "final",
            "transmuted",
            "passed",
            "so_far",
            "worst",
            "best",
            "outlook",
            "state",
            "missing",
            "version",
            "position",
        ),
        "",
    ),
    sorts={
        "name": (Key("c.sort_name"),),
        "student_id": (Key("coalesce(c.student_id, '') COLLATE \"C\""),),
        "company": (Key("coalesce(c.company, '')"), Key("coalesce(c.platoon, '')"), Key("c.sort_name")),
        **{name: (Key(points, NUMBER, nullable=True),) for name, points in _POINTS.items()},
        **{name: (Key(f"coalesce(g.{name}, 0)", INTEGER),) for name in ("merits", "demerits", "late", "absent")},
    },
    default_sort="name",
)

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
    """Which cadets are asked for; None is all. `search` is what somebody typed: a part of a name or of a student number."""

    company: str | None = None
    platoon: str | None = None
    search: str | None = None
    state: str | None = None


def gradebook_page(term: Row, page: Page, filters: Filters) -> bytes:
    """Return a page of the gradebook of `term` as JSON, in one statement.

    Cadets of the term's course are listed, and whoever has a grade in it, without the archived.

    Raises:
        Invalid: a cursor of another list or another order.
    """
    order, seen, values = GRADEBOOK.order(page.sort), page.offset, dict[str, Any]()
    after = ""
    if page.cursor is not None:
        *cursor, seen = page.cursor or (None,)
        if type(seen) is not int or not 0 <= seen < 2**31:
            raise foreign_cursor()
        after = f"AND {order.after(cursor, values)}"
    values |= {"term_id": term["id"], "limit": page.limit + 1, "offset": page.offset, "seen": seen}
    values |= row_defaults(policy_of(term["policy_version"]))
    statement = _page_statement(order, after, *_conditions(term, filters, values))
    with reading() as connection:
        rows, total, found, last = connection.execute(statement, values).one()
    following = order.cursor([*loads(last), seen + page.limit]) if found > page.limit else None
    if page.fields:
        wanted = {"cadet_id", *page.fields}
        rows = dumps([{name: value for name, value in row.items() if name in wanted} for row in loads(rows)])
    return list_bytes(rows, page, total, following)


def gradebook_rows(term_id: int, cadet_ids: Sequence[int], policy_version: int) -> list[Rows]:
    """Return the rows of these cadets by name, without the archived; nothing when all of them are."""
    values = {"term_id": term_id, "cadet_ids": list(cadet_ids), **row_defaults(policy_of(policy_version))}
    with reading() as connection:
        lines, ids = connection.execute(_ROWS, values).one()
    return [Rows(lines, ids)] if ids else []


def _page_statement(order: Order, after: str, where: str, joined: bool) -> TextClause:
    sorted_by = order.keys[:-1]
    marks = ", ".join(f"{key.sql} AS k{number}" for number, key in enumerate(sorted_by))
    # A number goes into the cursor as text, for it must come back exact.
    last = ", ".join(
        f"CAST(page.k{number} AS text)" if key.kind == NUMBER else f"page.k{number}" for number, key in enumerate(sorted_by)
    )
    by_grade = any("g." in key.sql for key in sorted_by)
    # The total counts cadets, and reads grades only when a filter speaks of them.
    statement = f"""
        SELECT '[' || coalesce(string_agg(page.line, ',' ORDER BY page.n) FILTER (WHERE page.n < :limit), '') || ']',
            (SELECT count(*) FROM grading.cadet_ref c {_JOIN if joined else ""} WHERE {where}),
            count(*),
            max(page.last)
        FROM (SELECT left(CAST({ROW} AS text), -1) || ',"position":' || page.n + :seen || '}}' AS line, page.n,
                CASE WHEN page.n = :limit - 1 THEN CAST(json_build_array({last}, page.id) AS text) END AS last
            FROM (SELECT c, c.id, {marks}, row_number() OVER (ORDER BY {order.sql}) - :offset AS n
                FROM grading.cadet_ref c {_JOIN if joined or by_grade else ""} WHERE {where} {after}
                ORDER BY {order.sql} LIMIT :limit OFFSET :offset) page
            {_JOIN_EACH}) page"""  # noqa: S608 - our own expressions; every value is a parameter
    return _prepared(statement)


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
        # A student number is found with and without its dash.
        digits = number_digits(filters.search)
        conditions.append("replace(c.search, '-', '') LIKE :search" if digits else "c.search LIKE :search")
        values["search"] = search_pattern(digits or filters.search)
    if filters.state is not None:
        if filters.state == SPECIAL:
            conditions.append("c.special IS NOT NULL")
        else:
            conditions.append("c.special IS NULL AND coalesce(g.state, 'no_data') = :state")
            values["state"] = filters.state
            joined = True
    return " AND ".join(conditions), joined
