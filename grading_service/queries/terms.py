"""Terms and training days as the API answers them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text

from libs.data.db import reading
from libs.web.lists import DAY, INSTANT, INTEGER, Filter, Key, Listing, columns_of, page_bytes
from libs.web.pagination import Page

_TERM_FIELDS = (
    "id", "name", "school_year", "semester", "starts_on", "ends_on", "cadet_course", "policy_version", "days_count", "version",
    "created_at", "updated_at",
)  # fmt: skip
_DAY_FIELDS = (
    "id", "term_id", "date", "title", "description", "is_cancelled", "cancel_reason", "version", "created_at", "updated_at",
)  # fmt: skip
_TERM, _DAY = ", ".join(_TERM_FIELDS), ", ".join(_DAY_FIELDS)

TERMS = Listing(
    source="grading.term t",
    id=Key("t.id", INTEGER),
    fields=columns_of("t", _TERM_FIELDS),
    sorts={
        "starts_on": (Key("t.starts_on", DAY),),
        "name": (Key("lower(t.name)"),),
        "created_at": (Key("t.created_at", INSTANT),),
    },
    default_sort="-starts_on",
)
TRAINING_DAYS = Listing(
    source="grading.training_day d",
    id=Key("d.id", INTEGER),
    fields=columns_of("d", _DAY_FIELDS),
    sorts={
        "date": (Key("d.date", DAY),),
        "title": (Key("lower(d.title)"),),
        "created_at": (Key("d.created_at", INSTANT),),
    },
    default_sort="date",
)
_ONE_TERM = text(f"SELECT {_TERM} FROM grading.term WHERE id = :id")  # noqa: S608 - our own column list
_LOCKED_TERM = text(f"SELECT {_TERM} FROM grading.term WHERE id = :id FOR UPDATE")  # noqa: S608
# The term that runs today, else the last one that began, else the next.
_CURRENT_TERM = text(
    f"""SELECT {_TERM} FROM grading.term
        WHERE cadet_course IS NULL OR cadet_course = :cadet_course OR CAST(:cadet_course AS text) IS NULL
        ORDER BY (:today BETWEEN starts_on AND ends_on) DESC, (starts_on <= :today) DESC, starts_on DESC, id DESC LIMIT 1"""  # noqa: S608
)
_ONE_DAY = text(f"SELECT {_DAY} FROM grading.training_day WHERE id = :id")  # noqa: S608
_TERM_DAYS = text(f"SELECT {_DAY} FROM grading.training_day WHERE term_id = :term_id ORDER BY date, id")  # noqa: S608
_MARKS_ON = text("SELECT count(*) FROM grading.mark WHERE training_day_id = :id AND status <> 'none'")
_POLICY_VERSIONS = text("SELECT id, policy_version FROM grading.term WHERE id = ANY(:ids)")

Row = dict[str, Any]


def terms_page(page: Page) -> bytes:
    """Return a page of terms as JSON, the newest first."""
    return page_bytes(TERMS, page)


def training_days_page(page: Page, *, term_id: int | None) -> bytes:
    """Return a page of training days as JSON by date, of one term or of all."""
    return page_bytes(TRAINING_DAYS, page, Filter().equal(d_term_id=term_id))


def find_term(term_id: int) -> Row | None:
    """Return one term, or None."""
    with reading() as connection:
        return _first(connection, _ONE_TERM, id=term_id)


def lock_term(term_id: int) -> Row | None:
    """Return one term and hold it until the transaction ends.

    Every fact that is being stored holds a share of its term through its foreign key, so this waits for them, and they wait
    for us: a grade is never reckoned with a number of days that changes meanwhile.
    """
    with reading() as connection:
        return _first(connection, _LOCKED_TERM, id=term_id)


def current_term(today: Any, cadet_course: str | None) -> Row | None:
    """Return the term that a cadet of `cadet_course` means when none is named, or None."""
    with reading() as connection:
        return _first(connection, _CURRENT_TERM, today=today, cadet_course=cadet_course)


def find_training_day(day_id: int) -> Row | None:
    """Return one training day, or None."""
    with reading() as connection:
        return _first(connection, _ONE_DAY, id=day_id)


def marks_on(day_id: int) -> int:
    """Return how many cadets have a mark in force on a training day."""
    with reading() as connection:
        return connection.execute(_MARKS_ON, {"id": day_id}).scalar_one()


def training_days_of(term_id: int) -> list[Row]:
    """Return all training days of a term by date, cancelled ones too."""
    with reading() as connection:
        return [dict(row) for row in connection.execute(_TERM_DAYS, {"term_id": term_id}).mappings()]


def policy_versions(term_ids: Iterable[int]) -> dict[int, int]:
    """Return the policy version of each of these terms that exists."""
    with reading() as connection:
        return {row.id: row.policy_version for row in connection.execute(_POLICY_VERSIONS, {"ids": list(term_ids)})}


def _first(connection: Connection, statement: Any, **values: Any) -> Row | None:
    row = connection.execute(statement, values).mappings().first()
    return dict(row) if row else None
