"""The roll of a training day, and one cadet's own attendance."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from grading_service.queries.paging import page_and_total
from libs.data.db import reading
from libs.web.errors import Invalid
from libs.web.pagination import Page, encode_cursor, list_shape

Row = dict[str, Any]

_OWN = text(
    """SELECT d.id AS training_day_id, d.date, d.title, d.is_cancelled, nullif(m.status, 'none') AS status,
            CASE WHEN m.status <> 'none' THEN m.record_id END AS record_id, m.occurred_at, count(*) OVER () AS total
        FROM grading.training_day d LEFT JOIN grading.mark m ON m.training_day_id = d.id AND m.cadet_id = :cadet_id
        WHERE d.term_id = :term_id ORDER BY d.date, d.id LIMIT :limit OFFSET :offset"""
)


def roll_page(day: Row, term: Row, page: Page, *, company: str | None, platoon: str | None) -> Row:
    """Return a page of the roll: every cadet of the term's course, or marked on this day, with the mark in force or None.

    Raises:
        Invalid: a cursor of another list.
    """
    values: Row = {"day_id": day["id"]}
    where = ["NOT c.is_archived"]
    if term["cadet_course"]:
        where.append("(c.cadet_course = :course OR m.cadet_id IS NOT NULL)")
        values["course"] = term["cadet_course"]
    for column, wanted in (("company", company), ("platoon", platoon)):
        if wanted is not None:
            where.append(f"c.{column} = :{column}")
            values[column] = wanted
    counted = " AND ".join(where)
    if page.cursor is not None:
        where.append("(c.sort_name, c.id) > (:after, :after_id)")
        values |= _after(page.cursor)
    join = "grading.cadet_ref c LEFT JOIN grading.mark m ON m.training_day_id = :day_id AND m.cadet_id = c.id"
    statement = f"""
        SELECT c.id AS cadet_id, c.student_id, c.name, c.company, c.platoon, nullif(m.status, 'none') AS status,
            CASE WHEN m.status <> 'none' THEN m.record_id END AS record_id,
            CASE WHEN m.status <> 'none' THEN m.occurred_at END AS occurred_at,
            CASE WHEN m.status <> 'none' THEN m.actor_id END AS marked_by,
            c.sort_name, (SELECT count(*) FROM {join} WHERE {counted}) AS total
        FROM {join} WHERE {" AND ".join(where)} ORDER BY c.sort_name, c.id LIMIT :limit OFFSET :offset"""  # noqa: S608
    with reading() as connection:
        rows, total = page_and_total(connection, text(statement), values, page, beyond=1)
    following = None
    if len(rows) > page.limit:
        del rows[page.limit :]
        following = encode_cursor([rows[-1]["sort_name"], rows[-1]["cadet_id"]])
    for row in rows:
        del row["sort_name"]
    return list_shape(rows, page, total, following)


def own_attendance(cadet_id: int, term_id: int, page: Page) -> Row:
    """Return a page of a term's training days with one cadet's mark on each."""
    with reading() as connection:
        rows, total = page_and_total(connection, _OWN, {"cadet_id": cadet_id, "term_id": term_id}, page)
    return list_shape(rows, page, total)


def _after(cursor: tuple) -> Row:
    if len(cursor) != 2 or not isinstance(cursor[0], str) or not isinstance(cursor[1], int) or not 0 < cursor[1] < 2**31:
        raise Invalid(details={"cursor": ["Not a cursor of this list."]})
    return {"after": cursor[0], "after_id": cursor[1]}
