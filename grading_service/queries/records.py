"""Records as lists: merits and demerits, scores, and everything about one cadet for the engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from grading_service.domain.records import Record
from libs.data.db import reading
from libs.web.lists import INSTANT, INTEGER, NUMBER, UUID_, Filter, Key, Listing, columns_of, instant_text, page_bytes
from libs.web.pagination import Page

_RECORD = {
    **columns_of("r", ("id", "term_id", "cadet_id")),
    **columns_of("c", ("name", "company", "platoon")),
    **columns_of("r", ("reason", "occurred_at", "recorded_at", "actor_id", "set_aside")),
}
_SORTS = {
    "occurred_at": (Key("r.occurred_at", INSTANT),),
    "recorded_at": (Key("r.recorded_at", INSTANT),),
    "name": (Key("c.sort_name"),),
}
_INSTANTS = ("occurred_at", "recorded_at")
POINTS = Listing(
    source="""grading.record r JOIN grading.cadet_ref c ON c.id = r.cadet_id
        LEFT JOIN grading.record v ON v.target_id = r.id AND v.kind = 'void'""",
    id=Key("r.id", UUID_),
    fields=_RECORD
    | columns_of("r", ("kind", "points"))
    | {
        "voided": f"""CASE WHEN v.id IS NOT NULL THEN json_build_object(
            'id', v.id, 'reason', v.reason, 'occurred_at', {instant_text("v.occurred_at")}, 'actor_id', v.actor_id) END"""
    },
    sorts=_SORTS | {"points": (Key("r.points", INTEGER),)},
    default_sort="-occurred_at",
    instants=_INSTANTS,
)
SCORES = Listing(
    source="""grading.record r JOIN grading.cadet_ref c ON c.id = r.cadet_id
        JOIN grading.score s ON s.term_id = r.term_id AND s.cadet_id = r.cadet_id AND s.exam = r.exam""",
    id=Key("r.id", UUID_),
    fields=_RECORD | {"exam": "r.exam", "value": "CAST(r.value AS text)", "in_force": "(s.record_id = r.id)"},
    sorts=_SORTS | {"exam": (Key("r.exam"),), "value": (Key("r.value", NUMBER, nullable=True),)},
    default_sort="-occurred_at",
    instants=_INSTANTS,
)
_FIELDS = """id, kind, occurred_at, recorded_at, training_day_id, exam, status, points, value, target_id, reason, actor_id,
    device_id, device_seq, ordered_at, set_aside"""
# Two arms, so that both use the index on (term, cadet).
_HISTORY = text(
    f"""SELECT {_FIELDS} FROM grading.record WHERE term_id = :term_id AND cadet_id = :cadet_id
        UNION ALL SELECT {_FIELDS} FROM grading.record WHERE term_id = :term_id AND cadet_id IS NULL"""  # noqa: S608
)
_POINT_RECORD = text(
    "SELECT id, kind, term_id, cadet_id, points FROM grading.record WHERE id = :id AND kind IN ('merit', 'demerit')"
)

Row = dict[str, Any]


def points_page(page: Page, *, term_id: int | None, cadet_id: int | None) -> bytes:
    """Return a page of merits and demerits as JSON, the newest first; `voided` tells what cancelled one, and why."""
    wanted = Filter("r.kind IN ('merit', 'demerit')").equal(r_term_id=term_id, r_cadet_id=cadet_id)
    return page_bytes(POINTS, page, wanted)


def scores_page(page: Page, *, term_id: int | None, cadet_id: int | None) -> bytes:
    """Return a page of score records as JSON, the newest first; `in_force` marks the one that counts."""
    return page_bytes(SCORES, page, Filter("r.kind = 'score'").equal(r_term_id=term_id, r_cadet_id=cadet_id))


def history_of(term_id: int, cadet_id: int) -> list[Record]:
    """Return every record of a cadet in a term, with those of its training days."""
    with reading() as connection:
        return [Record(**row) for row in connection.execute(_HISTORY, {"term_id": term_id, "cadet_id": cadet_id}).mappings()]


def find_points(record_id: Any) -> Row | None:
    """Return a merit or demerit, or None."""
    with reading() as connection:
        row = connection.execute(_POINT_RECORD, {"id": record_id}).mappings().first()
    return dict(row) if row else None
