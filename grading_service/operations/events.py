"""What the rest of the house is told of a change, stored in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from orjson import Fragment
from sqlalchemy import Connection

from grading_service.domain.facts import Fact
from grading_service.models import Outbox
from grading_service.queries.rows import Rows
from libs import outbox
from libs.contracts import events

Row = dict[str, Any]
# The events of one change: (type, data).
Told = list[tuple[str, Row]]


def tell(connection: Connection, told: Sequence[Told], now: datetime) -> None:
    """Record these events, in order, in one statement."""
    outbox.record_all(connection, Outbox, [event for events_ in told for event in events_], now=now)


def grades_told(term_id: int, shown: Sequence[Rows]) -> Told:
    """Return the events of changed gradebook rows, one for each part as `write_grades` returns them."""
    parts = (Fragment(part.json) for part in shown)
    return [(events.GRADES_CHANGED, events.grades_changed_data(term_id=term_id, rows=part)) for part in parts]


def marks_told(term_id: int, facts: Sequence[Fact]) -> Told:
    """Return the events of marks that are now in force."""
    marks = [
        {
            "id": fact.id,
            "training_day_id": fact.training_day_id,
            "cadet_id": fact.cadet_id,
            "status": fact.status,
            "occurred_at": fact.occurred_at,
            "actor_id": fact.actor_id,
        }
        for fact in facts
    ]
    parts = events.in_batches(marks, events.MAX_ROWS)
    return [(events.ATTENDANCE_MARKED, events.attendance_marked_data(term_id=term_id, marks=part)) for part in parts]


def points_told(term_id: int, facts: Sequence[Fact]) -> Told:
    """Return the events of merits, demerits and their voids."""
    keys = ("id", "cadet_id", "kind", "points", "reason", "target_id", "occurred_at", "actor_id")
    return _records_told(events.MERIT_RECORDED, term_id, facts, keys)


def scores_told(term_id: int, facts: Sequence[Fact]) -> Told:
    """Return the events of exam scores that are now in force."""
    keys = ("id", "cadet_id", "exam", "value", "occurred_at", "actor_id")
    return _records_told(events.SCORE_RECORDED, term_id, facts, keys)


def _records_told(type_: str, term_id: int, facts: Sequence[Fact], keys: Sequence[str]) -> Told:
    rows = [{key: getattr(fact, key) for key in keys} for fact in facts]
    parts = events.in_batches(rows, events.MAX_ROWS)
    return [(type_, events.records_data(term_id=term_id, records=part)) for part in parts]


def term_told(type_: str, term: Row) -> Told:
    """Return the event of a created or updated term."""
    return [(type_, events.term_data(term))]


def days_told(type_: str, days: Sequence[Row]) -> Told:
    """Return the events of created, updated or cancelled training days."""
    return [(type_, events.training_day_data(day)) for day in days]
