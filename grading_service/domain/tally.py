"""The counts between the records and the grade: all that the rules need, and what the projection stores."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from grading_service.domain.policy import Policy
from grading_service.domain.records import MERIT, STATUSES, Effective


class Tally(NamedTuple):
    """The counts of one cadet in one term.

    Attributes:
        days: training days of the term that are not cancelled.
        marks: how often each of STATUSES was given on such a day, in that order.
        merits, demerits: sums of points.
        scores: one per exam of the policy, in its order; None is not scored yet.
    """

    days: int
    marks: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    merits: int = 0
    demerits: int = 0
    scores: tuple[Decimal | None, ...] = ()

    @property
    def marked(self) -> int:
        """Days that have a mark."""
        return sum(self.marks)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known of this cadet."""
        return not any(self.marks) and not self.merits and not self.demerits and all(s is None for s in self.scores)


def tally_of(policy: Policy, in_force: Effective) -> Tally:
    """Return the counts of the records in force."""
    statuses = [mark.status for mark in in_force.marks.values()]
    merits = sum(record.points or 0 for record in in_force.points if record.kind == MERIT)
    total = sum(record.points or 0 for record in in_force.points)
    scored = {exam: record.value for exam, record in in_force.scores.items()}
    return Tally(
        days=len(in_force.days),
        marks=tuple(statuses.count(status) for status in STATUSES),  # type: ignore[arg-type]
        merits=merits,
        demerits=total - merits,
        scores=tuple(scored.get(exam) for exam in policy.subject.exams),
    )
