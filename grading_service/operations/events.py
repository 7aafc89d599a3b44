"""What the rest of the house is told of a change, stored in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orjson import Fragment
from sqlalchemy import Connection

from grading_service.domain.facts import NewRecord
from grading_service.ledger.log import Stored
from grading_service.ledger.rows import Rows
from grading_service.models import Outbox
from libs.contracts.events import delivery, grading
from libs.events import outbox

Row = dict[str, Any]
# The events of one change: (type, data).
NewEvents = list[tuple[str, Row]]


def record_events(connection: Connection, told: Sequence[NewEvents], now: datetime) -> None:
    """Record these events, in order, in one statement."""
    outbox.record_all(connection, Outbox, [event for events_ in told for event in events_], now=now)


def grades_events(term_id: int, shown: Sequence[Rows]) -> NewEvents:
    """Return the events of changed gradebook rows, one for each part as `write_grades` returns them."""
    parts = (Fragment(part.json) for part in shown)
    return [(grading.GRADES_CHANGED, grading.grades_changed_data(term_id=term_id, rows=part)) for part in parts]


def marks_events(term_id: int, stored: Sequence[Stored]) -> NewEvents:
    """Return the events of marks that are now in force."""
    marks = [
        {
            "id": fact.id,
            "training_day_id": fact.training_day_id,
            "cadet_id": fact.cadet_id,
            "status": fact.status,
            "occurred_at": fact.occurred_at,
            "ordered_at": ordered_at or fact.occurred_at,
            "actor_id": fact.actor_id,
        }
        for fact, _, _, _, _, ordered_at in stored
    ]
    parts = delivery.in_batches(marks, grading.MAX_ROWS)
    return [(grading.ATTENDANCE_MARKED, grading.attendance_marked_data(term_id=term_id, marks=part)) for part in parts]


def points_events(term_id: int, facts: Sequence[NewRecord]) -> NewEvents:
    """Return the events of merits, demerits and their voids."""
    keys = ("id", "cadet_id", "kind", "points", "reason", "target_id", "occurred_at", "actor_id")
    return _records_events(grading.MERIT_RECORDED, term_id, facts, keys)


def scores_events(term_id: int, facts: Sequence[NewRecord]) -> NewEvents:
    """Return the events of exam scores that are now in force."""
    keys = ("id", "cadet_id", "exam", "value", "occurred_at", "actor_id")
    return _records_events(grading.SCORE_RECORDED, term_id, facts, keys)


def _records_events(type_: str, term_id: int, facts: Sequence[NewRecord], keys: Sequence[str]) -> NewEvents:
    rows = [{key: getattr(fact, key) for key in keys} for fact in facts]
    parts = delivery.in_batches(rows, grading.MAX_ROWS)
    return [(type_, grading.records_data(term_id=term_id, records=part)) for part in parts]


def term_events(type_: str, term: Row) -> NewEvents:
    """Return the event of a created or updated term."""
    return [(type_, grading.term_data(term))]


def days_events(type_: str, days: Sequence[Row]) -> NewEvents:
    """Return the events of created, updated or cancelled training days."""
    return [(type_, grading.training_day_data(day)) for day in days]
