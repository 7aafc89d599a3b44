"""Histories of records for the grading tests: by hand, and drawn by hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from grading_service.domain.records import (
    ATTENDANCE,
    DAY_CANCELLED,
    DAY_OPENED,
    DEMERIT,
    MARKS,
    MERIT,
    SCORE,
    STATUSES,
    VOID,
    Day,
    Record,
)
from grading_service.domain.shipped_policies import SHIPPED

START = datetime(2026, 8, 1, 8, 0, tzinfo=UTC)
EXAMS = ("prelim", "midterm", "final")
DAYS = {n: Day(n, date(2026, 8, 1) + timedelta(days=7 * n), f"Day {n}") for n in range(1, 41)}


def uid(number: int) -> UUID:
    """Return a small readable UUID."""
    return UUID(int=number)


def opened(count: int) -> list[Record]:
    """Return the records that open training days 1 to `count`."""
    return [Record(uid(10_000 + n), DAY_OPENED, START, START, training_day_id=n) for n in range(1, count + 1)]


def semester(*, days: int, marks: dict[str, int], merits: int, demerits: int, scores: tuple[int, ...]) -> list[Record]:
    """Return a whole semester: `marks` gives how often each status was given, on the first days."""
    statuses = [status for status, count in marks.items() for _ in range(count)]
    records = opened(days)
    for day, status in enumerate(statuses, start=1):
        records.append(Record(uid(day), ATTENDANCE, START, START, training_day_id=day, status=status))
    if merits:
        records.append(Record(uid(501), MERIT, START, START, points=merits))
    if demerits:
        records.append(Record(uid(502), DEMERIT, START, START, points=demerits))
    for number, (exam, value) in enumerate(zip(EXAMS, scores, strict=False)):
        records.append(Record(uid(600 + number), SCORE, START, START, exam=exam, value=Decimal(value)))
    return records


policies = st.sampled_from(list(SHIPPED.values()))
_instants = st.integers(0, 400).map(lambda hours: START + timedelta(hours=hours))
_asides = (None, None, None, None, "changed_meanwhile")
_scores = st.one_of(st.none(), st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100))


@st.composite
def histories(draw: st.DrawFn, *, days: int = 6, size: int = 30) -> list[Record]:
    """Draw a history: marks, corrections, clearings, points, voids, scores and cancelled days, with clashing instants."""
    records = opened(draw(st.integers(0, days)))
    for number in range(1, draw(st.integers(0, size)) + 1):
        kind = draw(st.sampled_from([ATTENDANCE, ATTENDANCE, MERIT, DEMERIT, SCORE, VOID, DAY_CANCELLED]))
        at, stored = draw(_instants), draw(_instants)
        seq, device = draw(st.integers(0, 3)), draw(st.sampled_from(["", "a", "b"]))
        common = {"occurred_at": at, "recorded_at": stored, "device_id": device, "device_seq": seq}
        if kind not in (VOID, DAY_CANCELLED):
            common |= {"ordered_at": draw(st.one_of(st.none(), _instants)), "set_aside": draw(st.sampled_from(_asides))}
        if kind == ATTENDANCE:
            more = {"training_day_id": draw(st.integers(1, days)), "status": draw(st.sampled_from(MARKS))}
        elif kind == SCORE:
            more = {"exam": draw(st.sampled_from(EXAMS)), "value": draw(_scores)}
        elif kind == VOID:
            more = {"target_id": uid(draw(st.integers(1, size)))}
        elif kind == DAY_CANCELLED:
            more = {"training_day_id": draw(st.integers(1, days))}
        else:
            more = {"points": draw(st.integers(1, 100)), "reason": "Drill"}
        records.append(Record(uid(number), kind, **common, **more))
    return records


@st.composite
def tallies(draw: st.DrawFn):
    """Draw the parts of a tally: (days, marks, merits, demerits, scores)."""
    marks = tuple(draw(st.integers(0, 4)) for _ in STATUSES)
    days = sum(marks) + draw(st.integers(0, 5))
    return days, marks, draw(st.integers(0, 300)), draw(st.integers(0, 300)), tuple(draw(_scores) for _ in EXAMS)
