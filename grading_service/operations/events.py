"""What the rest of the house is told of a change, stored in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from grading_service.domain.facts import Fact
from grading_service.models import Outbox
from libs import outbox
from libs.contracts import events

Row = dict[str, Any]


def tell_grades(session: Session, term_id: int, rows: Sequence[Row], now: datetime) -> None:
    """Record the changed gradebook rows, at most a hundred an event."""
    for part in events.in_batches(rows, events.MAX_ROWS):
        outbox.record(session, Outbox, events.GRADES_CHANGED, events.grades_changed_data(term_id=term_id, rows=part), now=now)


def tell_marks(session: Session, term_id: int, facts: Sequence[Fact], actor_id: int, now: datetime) -> None:
    """Record the marks that are now in force."""
    marks = [
        {
            "id": fact.id,
            "training_day_id": fact.training_day_id,
            "cadet_id": fact.cadet_id,
            "status": fact.status,
            "occurred_at": fact.occurred_at,
            "actor_id": actor_id,
        }
        for fact in facts
    ]
    for part in events.in_batches(marks, events.MAX_ROWS):
        data = events.attendance_marked_data(term_id=term_id, marks=part)
        outbox.record(session, Outbox, events.ATTENDANCE_MARKED, data, now=now)


def tell_points(session: Session, term_id: int, facts: Sequence[Fact], actor_id: int, now: datetime) -> None:
    """Record merits, demerits and their voids."""
    keys = ("id", "cadet_id", "kind", "points", "reason", "target_id", "occurred_at")
    _tell_records(session, events.MERIT_RECORDED, term_id, facts, keys, actor_id, now)


def tell_scores(session: Session, term_id: int, facts: Sequence[Fact], actor_id: int, now: datetime) -> None:
    """Record the exam scores that are now in force."""
    keys = ("id", "cadet_id", "exam", "value", "occurred_at")
    _tell_records(session, events.SCORE_RECORDED, term_id, facts, keys, actor_id, now)


def _tell_records(
    session: Session, type_: str, term_id: int, facts: Sequence[Fact], keys: Sequence[str], actor_id: int, now: datetime
) -> None:
    rows = [{key: getattr(fact, key) for key in keys} | {"actor_id": actor_id} for fact in facts]
    for part in events.in_batches(rows, events.MAX_ROWS):
        outbox.record(session, Outbox, type_, events.records_data(term_id=term_id, records=part), now=now)


def tell_term(session: Session, type_: str, term: Row, now: datetime) -> None:
    """Record a created or updated term."""
    outbox.record(session, Outbox, type_, events.term_data(term), now=now)


def tell_training_day(session: Session, type_: str, day: Row, now: datetime) -> None:
    """Record a created, updated or cancelled training day."""
    outbox.record(session, Outbox, type_, events.training_day_data(day), now=now)
