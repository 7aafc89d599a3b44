"""Attendance points: credits / divisor * weight (legacy rule 3.3, all its versions)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from grading_service.domain.outlook import Standing
from grading_service.domain.policy import FIXED, SCHEDULED, AttendanceRule
from grading_service.domain.records import STATUSES
from grading_service.domain.tally import Tally


def credits_of(rule: AttendanceRule, tally: Tally) -> Fraction:
    """Return the credited days."""
    return _credits(rule, tally.marks)


# Exact fractions cost microseconds and a muster repeats the same few counts, so each component is remembered by what it reads.
@lru_cache(maxsize=4_096)
def _credits(rule: AttendanceRule, marks: tuple[int, ...]) -> Fraction:
    return sum((rule.credit[status] * count for status, count in zip(STATUSES, marks, strict=True) if count), Fraction(0))


def day_value(rule: AttendanceRule, tally: Tally) -> Fraction | None:
    """Return the points of one credited day; None while no day has a mark."""
    if not tally.marked:
        return None
    if rule.divisor == FIXED:
        divisor = rule.fixed_days or tally.days
    elif rule.divisor == SCHEDULED:
        divisor = tally.days or rule.fixed_days or tally.marked
    else:
        divisor = tally.marked
    return rule.weight / divisor


def attendance_points(rule: AttendanceRule, tally: Tally) -> Fraction | None:
    """Return the exact points; None while no day has a mark. An unmarked day is open, never a zero."""
    return _points(rule, tally.days, tally.marks)


@lru_cache(maxsize=4_096)
def _points(rule: AttendanceRule, days: int, marks: tuple[int, int, int, int, int]) -> Fraction | None:
    tally = Tally(days, marks)
    value = day_value(rule, tally)
    return None if value is None else credits_of(rule, tally) * value


def attendance_standing(rule: AttendanceRule, tally: Tally) -> Standing:
    """Return what is held, open and lost of the whole weight, with all days of the term."""
    days = (rule.fixed_days if rule.divisor == FIXED else tally.days) or tally.days
    if not days:
        return Standing(rule.weight, held=Fraction(0), open=rule.weight)
    value = rule.weight / max(days, tally.marked)
    credited = credits_of(rule, tally)
    held, lost = credited * value, (tally.marked - credited) * value
    return Standing(rule.weight, held=held, open=rule.weight - held - lost)


def days_without_mark(tally: Tally) -> int:
    """Return how many training days are still open."""
    return tally.days - tally.marked
