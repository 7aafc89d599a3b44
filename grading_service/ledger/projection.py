"""The grade of a cadet as stored: locked, moved by what was recorded, and written back in one statement.

Whoever changes a mark, a score or a tally holds the cadet's grade row first, in the order of cadets, so that nothing is
counted twice or lost and no two writers wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, text

from grading_service.domain.engine import COMPONENTS, grade_of, minimum_of
from grading_service.domain.explanation import points_text
from grading_service.domain.outlook import end_to_dict
from grading_service.domain.policy import Policy
from grading_service.domain.records import NONE, STATUSES
from grading_service.domain.tally import Tally
from grading_service.ledger.rows import Rows, row_defaults
from grading_service.queries.policies import policy_of
from libs.contracts.events.grading import MAX_ROWS
from libs.web.jsonio import dumps

Row = dict[str, Any]

_POINTS = ("attendance", "aptitude", "subject", "final")
_COLUMNS = f"""g.cadet_id, g.present, g.late, g.excused, g.duty, g.absent, g.merits, g.demerits, g.scores,
    {", ".join(f"CAST(g.{name} AS text) AS {name}" for name in _POINTS)}, g.transmuted,
    g.so_far, g.worst, g.best, g.outlook, g.state, g.missing"""
_WRITE = """SELECT * FROM grading.write_grades(%(term_id)s, %(cadet_ids)s::integer[], %(grades)s::json, %(most)s, %(no_scores)s,
    %(all_missing)s)"""
_HOLD_TERM = text(
    f"""WITH held AS (SELECT {_COLUMNS} FROM grading.grade g WHERE g.term_id = :term_id ORDER BY g.cadet_id FOR UPDATE)
        SELECT (SELECT coalesce(json_agg(held), '[]') FROM held) AS rows, t.days_count, t.policy_version,
            ARRAY(SELECT d.id FROM grading.training_day d WHERE d.term_id = t.id AND d.is_cancelled) AS cancelled
        FROM grading.term t WHERE t.id = :term_id"""  # noqa: S608 - our own column list
)


@dataclass
class Counts:
    """The stored counts of one cadet while a transaction moves them; `before` is the whole row as it was found."""

    cadet_id: int
    marks: dict[str, int]
    merits: int
    demerits: int
    scores: dict[str, str | None]
    before: Row

    def mark(self, was: str | None, status: str) -> None:
        """Replace a mark that was in force by another; None and `none` count for nothing."""
        if was in self.marks:
            self.marks[was] -= 1
        if status != NONE:
            self.marks[status] += 1

    def tally(self, policy: Policy, days: int) -> Tally:
        """Return the engine's view of these counts."""
        scores = (self.scores.get(exam) for exam in policy.subject.exams)
        return Tally(
            days,
            tuple(self.marks[status] for status in STATUSES),  # type: ignore[arg-type]
            self.merits,
            self.demerits,
            tuple(None if score is None else Decimal(score) for score in scores),
        )


@dataclass
class LockedGrades:
    """Grades that are held until the transaction ends, with what they are reckoned by.

    Attributes:
        counts: by cadet.
        days: training days of the term that count.
        cancelled: ids of those that do not.
    """

    counts: dict[int, Counts]
    days: int
    policy: Policy
    cancelled: frozenset[int]


def lock_term_grades(connection: Connection, term_id: int) -> LockedGrades:
    """Hold every grade of a term, which the caller holds too."""
    return locked_grades_of(*connection.execute(_HOLD_TERM, {"term_id": term_id}).one())


def write_grades(connection: Connection, term_id: int, held: LockedGrades, cadet_ids: Iterable[int] | None = None) -> list[Rows]:
    """Grade the held counts and store both; return the gradebook rows of those who are not archived, by name, for one event each.

    Args:
        cadet_ids: only these; all that are held when left out.
    """
    counts = list(held.counts.values()) if cadet_ids is None else [held.counts[cadet_id] for cadet_id in sorted(cadet_ids)]
    if not counts:
        return []
    grades = [_stored(held.policy, held.days, item) for item in counts]
    ids = [item.cadet_id for item in counts]
    values = {"term_id": term_id, "grades": dumps(grades).decode(), "cadet_ids": ids, "most": MAX_ROWS}
    return [Rows(*part) for part in connection.exec_driver_sql(_WRITE, values | row_defaults(held.policy))]


def differing(held: LockedGrades) -> set[int]:
    """Return the cadets whose row would change if it were written now."""
    items = held.counts.values()
    return {item.cadet_id for item in items if _stored(held.policy, held.days, item) != item.before}


def locked_grades_of(rows: Iterable[Row], days: int, policy_version: int, cancelled: Iterable[int]) -> LockedGrades:
    """Return what the database said of grades that this transaction holds now, in its order."""
    return LockedGrades({row["cadet_id"]: _counts(row) for row in rows}, days, policy_of(policy_version), frozenset(cancelled))


def _counts(row: Row) -> Counts:
    return Counts(
        cadet_id=row["cadet_id"],
        marks={status: row[status] for status in STATUSES},
        merits=row["merits"],
        demerits=row["demerits"],
        scores=row["scores"],
        before=row,
    )


def _stored(policy: Policy, days: int, item: Counts) -> Row:
    scores = {exam: item.scores.get(exam) for exam in policy.subject.exams}
    counts = {"cadet_id": item.cadet_id, **item.marks, "merits": item.merits, "demerits": item.demerits, "scores": scores}
    return counts | _outcome(policy, item.tally(policy, days))


@lru_cache(maxsize=16_384)
def _outcome(policy: Policy, tally: Tally) -> Row:
    """Return the columns that follow from a tally; shared between rows, so never changed."""
    grade = grade_of(policy, tally)
    return {
        **{name: points_text(grade.component(name), minimum_of(policy, name)) for name in COMPONENTS},
        "final": None if grade.final is None else str(grade.final),
        "transmuted": grade.transmuted,
        "so_far": grade.so_far,
        "worst": end_to_dict(grade.worst),
        "best": end_to_dict(grade.best),
        "outlook": grade.outlook,
        "state": grade.state,
        "missing": list(grade.missing),
    }
