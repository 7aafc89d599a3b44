"""Records as lists: merits and demerits, scores, and everything about one cadet for the engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from grading_service.domain.records import Record
from grading_service.queries.paging import page_and_total
from libs.data.db import reading
from libs.web.pagination import Page, list_shape

_POINTS = text(
    """SELECT r.id, r.term_id, r.cadet_id, c.name, c.company, c.platoon, r.kind, r.points, r.reason, r.occurred_at,
            r.recorded_at, r.actor_id, v.id AS void_id, v.reason AS void_reason, v.occurred_at AS void_at, v.actor_id AS void_by,
            count(*) OVER () AS total
        FROM grading.record r JOIN grading.cadet_ref c ON c.id = r.cadet_id
            LEFT JOIN grading.record v ON v.target_id = r.id AND v.kind = 'void'
        WHERE r.kind IN ('merit', 'demerit') AND (CAST(:term_id AS integer) IS NULL OR r.term_id = :term_id)
            AND (CAST(:cadet_id AS integer) IS NULL OR r.cadet_id = :cadet_id)
        ORDER BY r.occurred_at DESC, r.id DESC LIMIT :limit OFFSET :offset"""
)
_SCORES = text(
    """SELECT r.id, r.term_id, r.cadet_id, c.name, c.company, c.platoon, r.exam, CAST(r.value AS text) AS value, r.reason,
            r.occurred_at, r.recorded_at, r.actor_id, (s.record_id = r.id) AS in_force, count(*) OVER () AS total
        FROM grading.record r JOIN grading.cadet_ref c ON c.id = r.cadet_id
            JOIN grading.score s ON s.term_id = r.term_id AND s.cadet_id = r.cadet_id AND s.exam = r.exam
        WHERE r.kind = 'score' AND (CAST(:term_id AS integer) IS NULL OR r.term_id = :term_id)
            AND (CAST(:cadet_id AS integer) IS NULL OR r.cadet_id = :cadet_id)
        ORDER BY r.occurred_at DESC, r.id DESC LIMIT :limit OFFSET :offset"""
)
_FIELDS = """id, kind, occurred_at, recorded_at, training_day_id, exam, status, points, value, target_id, reason, actor_id,
    device_id, device_seq"""
# Two arms, so that both use the index on (term, cadet).
_HISTORY = text(
    f"""SELECT {_FIELDS} FROM grading.record WHERE term_id = :term_id AND cadet_id = :cadet_id
        UNION ALL SELECT {_FIELDS} FROM grading.record WHERE term_id = :term_id AND cadet_id IS NULL"""  # noqa: S608
)
_POINT_RECORD = text(
    "SELECT id, kind, term_id, cadet_id, points FROM grading.record WHERE id = :id AND kind IN ('merit', 'demerit')"
)

Row = dict[str, Any]


def points_page(page: Page, *, term_id: int | None, cadet_id: int | None) -> Row:
    """Return a page of merits and demerits, the newest first; `voided` tells what cancelled one, and why."""
    rows, total = _rows(_POINTS, page, term_id, cadet_id)
    for row in rows:
        void = {key: row.pop(f"void_{key}") for key in ("id", "reason", "at", "by")}
        row["voided"] = None if void["id"] is None else {
            "id": void["id"], "reason": void["reason"], "occurred_at": void["at"], "actor_id": void["by"]
        }  # fmt: skip
    return list_shape(rows, page, total)


def scores_page(page: Page, *, term_id: int | None, cadet_id: int | None) -> Row:
    """Return a page of score records, the newest first; `in_force` marks the one that counts."""
    rows, total = _rows(_SCORES, page, term_id, cadet_id)
    return list_shape(rows, page, total)


def history_of(term_id: int, cadet_id: int) -> list[Record]:
    """Return every record of a cadet in a term, with those of its training days."""
    with reading() as connection:
        return [Record(**row) for row in connection.execute(_HISTORY, {"term_id": term_id, "cadet_id": cadet_id}).mappings()]


def find_points(record_id: Any) -> Row | None:
    """Return a merit or demerit, or None."""
    with reading() as connection:
        row = connection.execute(_POINT_RECORD, {"id": record_id}).mappings().first()
    return dict(row) if row else None


def _rows(statement: Any, page: Page, term_id: int | None, cadet_id: int | None) -> tuple[list[Row], int]:
    with reading() as connection:
        return page_and_total(connection, statement, {"term_id": term_id, "cadet_id": cadet_id}, page)
