"""Marking attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from grading_service.domain.facts import NewRecord, Rejected
from grading_service.domain.records import NONE
from grading_service.ledger.log import Outcome, TermBatch
from grading_service.ledger.projection import write_grades
from grading_service.ledger.recorder import Recording
from grading_service.ledger.rows import Rows
from grading_service.operations.events import grades_events, marks_events, record_events


def _project(connection: Connection, part: TermBatch, now: datetime) -> list[Rows]:
    put = [item for item in part.stored if item.in_force]
    if not put:
        return []
    for item in put:
        if item.fact.training_day_id not in part.held.cancelled:
            part.held.counts[item.fact.cadet_id].mark(item.replaced, item.fact.status or NONE)
    shown = write_grades(connection, part.term_id, part.held)
    told = [marks_events(part.term_id, put), grades_events(part.term_id, shown)]
    record_events(connection, told, now)
    return shown


_MARKS = Recording(_project)


def mark_attendance(*, marks: Sequence[tuple[int, NewRecord]], rejected: Sequence[Rejected], now: datetime) -> Outcome:
    """Store attendance marks; the latest by the time it was made is in force, whichever arrives last, or what corrects it."""
    return _MARKS.record(marks, rejected, now)
