"""From all records to those in force. A set goes in, so the order of arrival and repetition cannot matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from grading_service.domain.records import (
    ATTENDANCE,
    DAY_CANCELLED,
    DAY_KINDS,
    NONE,
    POINT_KINDS,
    SCORE,
    VOID,
    Effective,
    Ignored,
    Record,
)


def effective(records: Iterable[Record], exams: Iterable[str], as_of: datetime | None = None) -> Effective:
    """Return the records of one cadet and term that are in force.

    Args:
        records: the cadet's records and the term's day records, in any order, repeated or not.
        exams: the exams the policy knows.
        as_of: leave out what was stored later than this.
    """
    seen = {record.id: record for record in records if as_of is None or record.recorded_at <= as_of}
    every = sorted(seen.values(), key=lambda record: record.order)
    ordered = [record for record in every if not record.set_aside]
    ignored = [Ignored(record, record.set_aside) for record in every if record.set_aside]
    days = _counting_days(ordered)
    marks = _latest(ordered, ATTENDANCE, ignored)
    scores = _latest(ordered, SCORE, ignored)
    voided = {record.target_id for record in ordered if record.kind == VOID}
    points = []
    for record in ordered:
        if record.kind == VOID:
            ignored.append(Ignored(record, "void"))
        elif record.kind in POINT_KINDS and record.id in voided:
            ignored.append(Ignored(record, "voided"))
        elif record.kind in POINT_KINDS:
            points.append(record)
    known = set(exams)
    return Effective(
        days=tuple(sorted(days)),
        marks=_in_force(marks, lambda day, mark: _mark_fault(day, mark, days), ignored),
        scores=_in_force(scores, lambda exam, score: _score_fault(exam, score, known), ignored),
        points=tuple(points),
        ignored=tuple(ignored),
    )


def _counting_days(ordered: list[Record]) -> set[int]:
    latest = {record.training_day_id: record.kind for record in ordered if record.kind in DAY_KINDS}
    return {day for day, kind in latest.items() if kind != DAY_CANCELLED and day is not None}


def _latest(ordered: list[Record], kind: str, ignored: list[Ignored]) -> dict[Any, Record]:
    latest: dict[Any, Record] = {}
    for record in ordered:
        if record.kind != kind:
            continue
        about = record.training_day_id if kind == ATTENDANCE else record.exam
        if about in latest:
            ignored.append(Ignored(latest[about], "superseded"))
        latest[about] = record
    return latest


def _mark_fault(day: int, mark: Record, days: set[int]) -> str:
    if mark.status == NONE:
        return "cleared"
    return "" if day in days else "cancelled_day"


def _score_fault(exam: str, score: Record, known: set[str]) -> str:
    if score.value is None:
        return "cleared"
    return "" if exam in known else "unknown_exam"


def _in_force(latest: dict[Any, Record], fault: Callable[..., str], ignored: list[Ignored]) -> dict[Any, Record]:
    kept = {}
    for about, record in latest.items():
        reason = fault(about, record)
        if reason:
            ignored.append(Ignored(record, reason))
        else:
            kept[about] = record
    return kept
