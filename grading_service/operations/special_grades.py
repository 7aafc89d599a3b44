"""A special grade that comes or goes with a cadet's status moves the gradebook of every term, on every screen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from grading_service.operations.events import grades_events, record_events
from grading_service.queries.gradebook import gradebook_rows
from libs.contracts.events.grading import MAX_ROWS

# A screen takes a row only when it is newer than its own, so the version grows although nothing was recorded.
_RENEW = text(
    """WITH held AS (
            SELECT term_id, cadet_id FROM grading.grade WHERE cadet_id = ANY(:cadet_ids) ORDER BY term_id, cadet_id FOR UPDATE
        ), renewed AS (
            UPDATE grading.grade g SET version = g.version + 1, updated_at = now()
            FROM held WHERE (g.term_id, g.cadet_id) = (held.term_id, held.cadet_id) RETURNING g.term_id, g.cadet_id
        )
        SELECT t.id, t.policy_version, array_agg(renewed.cadet_id), now()
        FROM renewed JOIN grading.term t ON t.id = renewed.term_id
        GROUP BY t.id, t.policy_version ORDER BY t.id"""
)


def tell_special_grades(connection: Connection, cadet_ids: Sequence[int]) -> None:
    """Tell the screens of the grades of these cadets, whose special grade came, went or became another."""
    renewed = connection.execute(_RENEW, {"cadet_ids": list(cadet_ids)}).all()
    told = [
        grades_events(term_id, part)
        for term_id, policy_version, ids, _now in renewed
        for start in range(0, len(ids), MAX_ROWS)
        for part in [gradebook_rows(term_id, ids[start : start + MAX_ROWS], policy_version)]
    ]
    if told:
        record_events(connection, told, renewed[0].now)
