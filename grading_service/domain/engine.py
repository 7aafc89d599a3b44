"""The one rule: counts in, grade out. `explain` and the projection both end here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grading_service.domain.aptitude import aptitude_points
from grading_service.domain.attendance import attendance_points, days_without_mark
from grading_service.domain.policy import Policy
from grading_service.domain.subject import subject_points, unscored
from grading_service.domain.tally import Tally
from grading_service.domain.transmutation import rounded, transmute

NO_DATA, PROVISIONAL, COMPLETE, LOCKED = "no_data", "provisional", "complete", "locked"
STATES = (NO_DATA, PROVISIONAL, COMPLETE, LOCKED)
ATTENDANCE, APTITUDE, SUBJECT = "attendance", "aptitude", "subject"
COMPONENTS = (ATTENDANCE, APTITUDE, SUBJECT)
PASSED, FAILED = "Passed", "Failed"


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of one tally.

    Attributes:
        attendance, aptitude, subject: exact points; None is not known yet, never zero.
        exact: the unrounded sum; None unless all three are known.
        final: `exact` rounded to the policy's decimals.
        transmuted: the grade on record, such as "1.50".
        missing: "attendance" when a training day has no mark, and each exam without a score.
        below_minimum: components under the policy's minimum, which fail the term.
    """

    state: str
    attendance: Fraction | None
    aptitude: Fraction | None
    subject: Fraction | None
    exact: Fraction | None
    final: Decimal | None
    transmuted: str | None
    missing: tuple[str, ...]
    below_minimum: tuple[str, ...] = ()
    failing: str = "5.00"

    @property
    def passed(self) -> bool | None:
        """Whether the grade passes; None while there is no final grade."""
        return None if self.transmuted is None else self.transmuted != self.failing

    @property
    def remarks(self) -> str | None:
        """Passed, Failed, or nothing while there is no final grade."""
        return None if self.passed is None else (PASSED if self.passed else FAILED)

    def component(self, name: str) -> Fraction | None:
        """Return the exact points of one of COMPONENTS."""
        return {ATTENDANCE: self.attendance, APTITUDE: self.aptitude, SUBJECT: self.subject}[name]


# A muster gives hundreds of cadets the same handful of tallies.
@lru_cache(maxsize=16_384)
def grade_of(policy: Policy, tally: Tally) -> Grade:
    """Return the grade of `tally` under `policy`. Exact throughout; one rounding, at the end."""
    missing = missing_of(policy, tally)
    if tally.empty:
        return Grade(NO_DATA, None, None, None, None, None, None, missing, failing=policy.transmutation.failing)
    attendance = attendance_points(policy.attendance, tally)
    aptitude = aptitude_points(policy.aptitude, tally)
    subject = subject_points(policy.subject, tally)
    state = PROVISIONAL if missing else COMPLETE
    if attendance is None or aptitude is None or subject is None:
        return Grade(state, attendance, aptitude, subject, None, None, None, missing, failing=policy.transmutation.failing)
    exact = attendance + aptitude + subject
    final = rounded(exact, policy.decimals)
    table = policy.transmutation
    below = _below_minimum(policy, attendance, aptitude, subject)
    transmuted = table.failing if below else transmute(table, exact if table.before_rounding else Fraction(final))
    return Grade(state, attendance, aptitude, subject, exact, final, transmuted, missing, below, table.failing)


def missing_of(policy: Policy, tally: Tally) -> tuple[str, ...]:
    """Return what keeps the grade from being complete; a term without a training day lacks its attendance."""
    open_days = days_without_mark(tally) > 0 or not tally.marked
    return ((ATTENDANCE,) if open_days else ()) + tuple(unscored(policy.subject, tally))


def _below_minimum(policy: Policy, attendance: Fraction, aptitude: Fraction, subject: Fraction) -> tuple[str, ...]:
    minima = (
        (ATTENDANCE, attendance, policy.attendance.minimum),
        (APTITUDE, aptitude, policy.aptitude.minimum),
        (SUBJECT, subject, policy.subject.minimum),
    )
    return tuple(name for name, points, minimum in minima if minimum is not None and points < minimum)
