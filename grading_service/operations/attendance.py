"""Marking attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from grading_service.domain.facts import Fact, Rejected, newest
from grading_service.operations.batches import record_facts
from grading_service.operations.events import tell_grades, tell_marks
from grading_service.operations.log import Outcome
from grading_service.operations.projection import lock_grades, write_grades
from grading_service.queries.policies import policy_of
from libs.jsonio import dumps

Row = dict[str, Any]

# Puts a mark in force unless a newer one is, and says what it replaced and whether the day counts.
_PUT = text(
    """WITH put AS (
            INSERT INTO grading.mark AS m (training_day_id, cadet_id, term_id, record_id, status, occurred_at, device_id,
                device_seq, actor_id)
            SELECT f.training_day_id, f.cadet_id, :term_id, f.id, f.status, f.occurred_at, f.device_id, f.device_seq, :actor_id
            FROM json_to_recordset(CAST(:marks AS json)) AS f(training_day_id integer, cadet_id integer, id uuid, status text,
                occurred_at timestamptz, device_id text, device_seq bigint)
            ON CONFLICT (training_day_id, cadet_id) DO UPDATE SET record_id = excluded.record_id, status = excluded.status,
                occurred_at = excluded.occurred_at, device_id = excluded.device_id, device_seq = excluded.device_seq,
                actor_id = excluded.actor_id
            WHERE (excluded.occurred_at, excluded.device_id, excluded.device_seq, excluded.record_id)
                > (m.occurred_at, m.device_id, m.device_seq, m.record_id)
            RETURNING training_day_id, cadet_id, status
        )
        SELECT put.training_day_id, put.cadet_id, put.status, d.is_cancelled, t.days_count, t.policy_version,
            -- A statement sees the table as it was before: this is the mark that was replaced.
            (SELECT m.status FROM grading.mark m
                WHERE m.training_day_id = put.training_day_id AND m.cadet_id = put.cadet_id) AS was
        FROM put JOIN grading.training_day d ON d.id = put.training_day_id JOIN grading.term t ON t.id = d.term_id"""
)


def mark_attendance(*, marks: Sequence[tuple[int, Fact]], rejected: Sequence[Rejected], actor_id: int, now: datetime) -> Outcome:
    """Store attendance marks; the latest by the time it was made is in force, whichever arrives last."""
    return record_facts(items=marks, rejected=rejected, project=_project, actor_id=actor_id, now=now)


def _project(session: Session, term_id: int, facts: Sequence[Fact], actor_id: int, now: datetime) -> list[Row]:
    counts = lock_grades(session, term_id, (fact.cadet_id for fact in facts))
    latest = newest(facts)
    keys = ("training_day_id", "cadet_id", "id", "status", "occurred_at", "device_id", "device_seq")
    rows = [{key: getattr(fact, key) for key in keys} for fact in latest.values()]
    values = {"marks": dumps(rows).decode(), "term_id": term_id, "actor_id": actor_id}
    put = session.execute(_PUT, values).all()
    if not put:
        return []
    for mark in put:
        if not mark.is_cancelled:
            counts[mark.cadet_id].mark(mark.was, mark.status)
    moved = {mark.cadet_id for mark in put}
    policy = policy_of(put[0].policy_version)
    shown = write_grades(session, term_id, policy, put[0].days_count, [counts[cadet_id] for cadet_id in sorted(moved)])
    tell_marks(session, term_id, [latest[mark.training_day_id, mark.cadet_id] for mark in put], actor_id, now)
    tell_grades(session, term_id, shown, now)
    return shown
