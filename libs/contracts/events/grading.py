"""The events of terms, training days, graded facts and grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orjson import Fragment

from libs.contracts.events.delivery import Data, EventType, bounded, pick, to_everyone, to_staff_and_own, whole

TERM_CREATED, TERM_UPDATED = "grading.term.created", "grading.term.updated"
TRAINING_DAY_CREATED, TRAINING_DAY_UPDATED = "grading.training_day.created", "grading.training_day.updated"
TRAINING_DAY_CANCELLED = "grading.training_day.cancelled"
ATTENDANCE_MARKED = "grading.attendance.marked"
MERIT_RECORDED, SCORE_RECORDED = "grading.merit.recorded", "grading.score.recorded"
GRADES_CHANGED = "grading.grades.changed"
# The most a single event may carry; a writer with more records several events (`in_batches`).
MAX_ROWS, MAX_MARKS = 100, 500

_MARK = ("id", "training_day_id", "cadet_id", "status", "occurred_at", "ordered_at", "actor_id")


def term_data(term: Mapping[str, Any]) -> Data:
    """Build the data of grading.term.*: `term`, as the API answers it."""
    return {"term": whole(term, "id")}


def training_day_data(training_day: Mapping[str, Any]) -> Data:
    """Build the data of grading.training_day.*: `training_day`, as the API answers it."""
    return {"training_day": whole(training_day, "id", "term_id")}


def attendance_marked_data(*, term_id: int, marks: Sequence[Mapping[str, Any]]) -> Data:
    """Build the data of grading.attendance.marked: `term_id`, `marks`, at most 500 of one term."""
    return {"term_id": term_id, "marks": [pick(mark, _MARK) for mark in bounded(marks, MAX_MARKS)]}


def records_data(*, term_id: int, records: Sequence[Mapping[str, Any]]) -> Data:
    """Build the data of grading.merit.recorded and its like: `term_id`, `records`, at most 500 of one term."""
    return {"term_id": term_id, "records": [whole(row, "id", "cadet_id") for row in bounded(records, MAX_MARKS)]}


def grades_changed_data(*, term_id: int, rows: Sequence[Mapping[str, Any]] | Fragment) -> Data:
    """Build the data of grading.grades.changed: `term_id`, `rows` of the gradebook as the API answers them, at most 100.

    Rows that PostgreSQL has made JSON are taken as they are: to read and write them again would cost more than all the rest.
    """
    if isinstance(rows, Fragment):
        return {"term_id": term_id, "rows": rows}
    return {"term_id": term_id, "rows": [whole(row, "cadet_id", "version") for row in bounded(rows, MAX_ROWS)]}


EVENT_TYPES: Mapping[str, EventType] = {
    **dict.fromkeys((TERM_CREATED, TERM_UPDATED), EventType(term_data, to_everyone)),
    **dict.fromkeys(
        (TRAINING_DAY_CREATED, TRAINING_DAY_UPDATED, TRAINING_DAY_CANCELLED), EventType(training_day_data, to_everyone)
    ),
    ATTENDANCE_MARKED: EventType(attendance_marked_data, to_staff_and_own("marks")),
    MERIT_RECORDED: EventType(records_data, to_staff_and_own("records")),
    SCORE_RECORDED: EventType(records_data, to_staff_and_own("records")),
    GRADES_CHANGED: EventType(grades_changed_data, to_staff_and_own("rows")),
}
