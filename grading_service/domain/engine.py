"""The one rule: counts in, grade out. `explain` and the projection both end here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from grading_service.domain.aptitude import aptitude_standing
from grading_service.domain.attendance import attendance_standing, days_without_mark
from grading_service.domain.explanation import points_text
from grading_service.domain.outlook import OPEN, OUT_OF_REACH, PASSED, End, Standing
from grading_service.domain.policy import Policy
from grading_service.domain.special import REMARKS
from grading_service.domain.subject import subject_standing, unscored
from grading_service.domain.tally import Tally
from grading_service.domain.transmutation import grade_on_record, shown

NO_DATA, PROVISIONAL, COMPLETE, LOCKED, SPECIAL = "no_data", "provisional", "complete", "locked", "special"
STATES = (NO_DATA, PROVISIONAL, COMPLETE, LOCKED, SPECIAL)
ATTENDANCE, APTITUDE, SUBJECT = "attendance", "aptitude", "subject"
COMPONENTS = (ATTENDANCE, APTITUDE, SUBJECT)


@dataclass(frozen=True, slots=True)
class Grade:
    """The outcome of one tally.

    Attributes:
        attendance, aptitude, subject: exact points; None while a day or an exam of theirs is open, never zero.
        exact: the unrounded sum; None while anything is missing, for it could still become another.
        final: `exact` as it is shown.
        transmuted: the grade on record, such as "1.50"; a special grade in its place.
        missing: "attendance" when a training day has no mark, and each exam without a score.
        so_far: the points that the records give, as they are shown: by component (None where nothing is recorded of it) and as
            "total".
        worst, best: the ends between which the grade will lie; both are the grade itself once nothing is missing.
        outlook: `passed` when even the worst end passes, `out_of_reach` when not even the best does, else `open`; None for a
            special grade.
        below_minimum: components under the policy's minimum, which fail the term.
    """

    state: str
    missing: tuple[str, ...]
    attendance: Fraction | None = None
    aptitude: Fraction | None = None
    subject: Fraction | None = None
    exact: Fraction | None = None
    final: Decimal | None = None
    transmuted: str | None = None
    so_far: Mapping[str, str | None] | None = None
    worst: End | None = None
    best: End | None = None
    outlook: str | None = OPEN
    below_minimum: tuple[str, ...] = ()

    @property
    def passed(self) -> bool | None:
        """Whether the grade passes; None while there is no final grade."""
        return None if self.final is None else self.outlook == PASSED

    @property
    def remarks(self) -> str | None:
        """Passed, Failed, what a special grade means, or nothing while there is no grade."""
        if self.state == SPECIAL:
            return REMARKS[self.transmuted or ""]
        return None if self.passed is None else ("Passed" if self.passed else "Failed")

    def component(self, name: str) -> Fraction | None:
        """Return the exact points of one of COMPONENTS."""
        return {ATTENDANCE: self.attendance, APTITUDE: self.aptitude, SUBJECT: self.subject}[name]


# A muster gives hundreds of cadets the same handful of tallies.
@lru_cache(maxsize=16_384)
def grade_of(policy: Policy, tally: Tally) -> Grade:
    """Return the grade of `tally` under `policy`. Exact throughout; one rounding, at the end."""
    missing = missing_of(policy, tally)
    if tally.empty:
        return Grade(NO_DATA, missing)
    standing = standing_of(policy, tally)
    held = _end(policy, standing, "held")
    # With nothing credited for the worst, and with nothing open, an end is what is held already.
    worst = held if all(part.worst is part.held for part in standing.values()) else _end(policy, standing, "worst")
    best = held if all(part.best is part.held for part in standing.values()) else _end(policy, standing, "best")
    failing = policy.transmutation.failing
    grade = Grade(
        PROVISIONAL if missing else COMPLETE,
        missing,
        attendance=None if ATTENDANCE in missing else standing[ATTENDANCE].held,
        aptitude=standing[APTITUDE].held,
        subject=standing[SUBJECT].held if all(score is not None for score in tally.scores) else None,
        so_far={**_parts_so_far(policy, tally, standing), "total": str(held.points)},
        worst=worst,
        best=best,
        outlook=PASSED if worst.grade != failing else OUT_OF_REACH if best.grade == failing else OPEN,
    )
    if missing:
        return grade
    below = _below_minimum(policy, standing, "held")
    return replace(grade, exact=best.exact, final=best.points, transmuted=best.grade, below_minimum=below)


def overridden(grade: Grade, special: str | None) -> Grade:
    """Return the grade that stands in the books: a special one has neither points nor ends, whatever the records give."""
    return grade if special is None else Grade(SPECIAL, grade.missing, transmuted=special, outlook=None)


def missing_of(policy: Policy, tally: Tally) -> tuple[str, ...]:
    """Return what keeps the grade from being complete; a term without a training day lacks its attendance."""
    open_days = days_without_mark(tally) > 0 or not tally.marked
    return ((ATTENDANCE,) if open_days else ()) + tuple(unscored(policy.subject, tally))


def standing_of(policy: Policy, tally: Tally) -> dict[str, Standing]:
    """Return where each component stands."""
    return {
        ATTENDANCE: attendance_standing(policy.attendance, tally),
        APTITUDE: aptitude_standing(policy.aptitude, tally),
        SUBJECT: subject_standing(policy.subject, tally),
    }


def minimum_of(policy: Policy, component: str) -> Fraction | None:
    """Return the points under which a component fails the term; None is off."""
    rules = {ATTENDANCE: policy.attendance, APTITUDE: policy.aptitude, SUBJECT: policy.subject}
    return rules[component].minimum  # type: ignore[attr-defined,no-any-return]


def total_shown(policy: Policy, points: Fraction) -> Decimal:
    """Return a sum of points for reading, in the step of the table that it is in."""
    return shown(policy.transmutation, points, policy.decimals)


def _end(policy: Policy, standing: Mapping[str, Standing], end: str) -> End:
    """Return the grade that the points at one end of each component would make."""
    exact = sum((getattr(part, end) for part in standing.values()), Fraction(0))
    failed = _below_minimum(policy, standing, end)
    grade = policy.transmutation.failing if failed else grade_on_record(policy.transmutation, exact, policy.decimals)
    return End(exact, total_shown(policy, exact), grade)


def _parts_so_far(policy: Policy, tally: Tally, standing: Mapping[str, Standing]) -> dict[str, str | None]:
    known = {
        ATTENDANCE: bool(tally.marked),
        APTITUDE: True,
        SUBJECT: any(score is not None for score in tally.scores),
    }
    return {name: points_text(part.held, minimum_of(policy, name)) if known[name] else None for name, part in standing.items()}


def _below_minimum(policy: Policy, standing: Mapping[str, Standing], end: str) -> tuple[str, ...]:
    minima = ((name, minimum_of(policy, name)) for name in standing)
    return tuple(name for name, minimum in minima if minimum is not None and getattr(standing[name], end) < minimum)
