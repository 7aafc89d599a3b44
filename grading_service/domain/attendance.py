"""Attendance points: credits / divisor * weight (legacy rule 3.3, all its versions)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from grading_service.domain.outlook import Standing
from grading_service.domain.policy import FIXED, AttendanceRule
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
    """Return the points of one credited day once every day has its mark; None while the term has no training day.

    `marked` and `scheduled` give the same, for by then the days with a mark are all days of the term.
    """
    days = max(tally.days, tally.marked)
    if not days:
        return None
    return rule.weight / (rule.fixed_days or days if rule.divisor == FIXED else days)


def attendance_standing(rule: AttendanceRule, tally: Tally) -> Standing:
    """Return what the marks hold; a day without a mark is open, and worth what the worst or the best status credits.

    A term without a training day leaves the whole weight open.
    """
    return _standing(rule, tally.days, tally.marks)


@lru_cache(maxsize=4_096)
def _standing(rule: AttendanceRule, days: int, marks: tuple[int, int, int, int, int]) -> Standing:
    tally = Tally(days, marks)
    value = day_value(rule, tally)
    if value is None:
        return Standing(rule.weight, held=Fraction(0), worst=Fraction(0), best=rule.weight)
    held, still = credits_of(rule, tally) * value, max(0, days_without_mark(tally)) * value
    worst, best = still * min(rule.credit.values()), still * max(rule.credit.values())
    return Standing(rule.weight, held, worst=held + worst if worst else held, best=held + best if best else held)


def days_without_mark(tally: Tally) -> int:
    """Return how many training days are still open."""
    return tally.days - tally.marked
