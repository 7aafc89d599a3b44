"""Marking attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.domain.facts import Fact, Rejected
from grading_service.domain.records import NONE
from grading_service.operations.batches import record_facts
from grading_service.operations.events import grades_told, marks_told, tell
from grading_service.operations.log import STORE_MARKS, Outcome, Stored
from grading_service.operations.projection import hold_grades, write_grades
from grading_service.queries.rows import Rows


def mark_attendance(*, marks: Sequence[tuple[int, Fact]], rejected: Sequence[Rejected], actor_id: int, now: datetime) -> Outcome:
    """Store attendance marks; the latest by the time it was made is in force, whichever arrives last."""
    return record_facts(items=marks, rejected=rejected, store=STORE_MARKS, project=_project, actor_id=actor_id, now=now)


def _project(connection: Connection, term_id: int, stored: Sequence[Stored], actor_id: int, now: datetime) -> list[Rows]:
    put = [item for item in stored if item.in_force]
    if not put:
        return []
    held = hold_grades(connection, term_id, (item.fact.cadet_id for item in put))
    for item in put:
        if item.fact.training_day_id not in held.cancelled:
            held.counts[item.fact.cadet_id].mark(item.replaced, item.fact.status or NONE)
    shown = write_grades(connection, term_id, held)
    told = [marks_told(term_id, [item.fact for item in put], actor_id), grades_told(term_id, shown)]
    tell(connection, told, now)
    return shown
