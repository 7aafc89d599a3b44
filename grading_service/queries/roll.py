"""The roll of a training day, and one cadet's own attendance."""

from __future__ import annotations

from typing import Any

from libs.web.lists import DAY, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page

Row = dict[str, Any]


def _of_mark(column: str) -> str:
    # A mark taken back is still a row, with the record that took it back.
    return f"CASE WHEN m.status <> 'none' THEN m.{column} END"


ROLL = Listing(
    source="grading.cadet_ref c LEFT JOIN grading.mark m ON m.training_day_id = :day_id AND m.cadet_id = c.id",
    id=Key("c.id", INTEGER),
    fields={
        "cadet_id": "c.id",
        **columns_of("c", ("student_id", "name", "company", "platoon")),
        "status": "nullif(m.status, 'none')",
        "record_id": _of_mark("record_id"),
        "occurred_at": _of_mark("occurred_at"),
        "marked_by": _of_mark("actor_id"),
        "ordered_at": "coalesce(m.ordered_at, m.occurred_at)",
        "based_on": "m.record_id",
    },
    sorts={
        "name": (Key("c.sort_name"),),
        "student_id": (Key("c.student_id", nullable=True),),
        "company": (Key("coalesce(c.company, '')"), Key("coalesce(c.platoon, '')"), Key("c.sort_name")),
    },
    default_sort="name",
    instants=("occurred_at", "ordered_at"),
)
OWN_DAYS = Listing(
    source="grading.training_day d LEFT JOIN grading.mark m ON m.training_day_id = d.id AND m.cadet_id = :cadet_id",
    id=Key("d.id", INTEGER),
    fields={
        "training_day_id": "d.id",
        **columns_of("d", ("date", "title", "is_cancelled")),
        "status": "nullif(m.status, 'none')",
        "record_id": _of_mark("record_id"),
        "occurred_at": "m.occurred_at",
    },
    sorts={"date": (Key("d.date", DAY),), "title": (Key("lower(d.title)"),)},
    default_sort="date",
    instants=("occurred_at",),
)


def roll_page(day: Row, term: Row, page: Page, *, company: str | None, platoon: str | None) -> bytes:
    """Return a page of the roll as JSON: every cadet of the term's course, or marked on this day, with the mark in force or none.

    Raises:
        Invalid: a cursor of another list.
    """
    wanted = Filter("NOT c.is_archived", day_id=day["id"]).equal(c_company=company, c_platoon=platoon)
    if term["cadet_course"]:
        wanted.conditions.append("(c.cadet_course = :course OR m.cadet_id IS NOT NULL)")
        wanted.values["course"] = term["cadet_course"]
    return page_bytes(ROLL, page, wanted)


def own_attendance(cadet_id: int, term_id: int, page: Page) -> bytes:
    """Return a page of a term's training days as JSON, with one cadet's mark on each."""
    return page_bytes(OWN_DAYS, page, Filter(cadet_id=cadet_id).equal(d_term_id=term_id))
