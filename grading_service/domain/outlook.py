"""Between which two ends an unfinished grade lies.

The ends range over what is still open: the training days without a mark and the exams without a score. Merits and demerits
count as they stand at both ends: they are running totals without a limit (legacy rule 3.4), so that no end could include those
to come, and with an unlimited number of demerits nobody would ever have passed. A correction is always possible and counts as
open no more than they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

OPEN, PASSED, OUT_OF_REACH = "open", "passed", "out_of_reach"
OUTLOOKS = (OPEN, PASSED, OUT_OF_REACH)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a component stands, in points of its weight.

    Attributes:
        held: what the records give so far; nothing more is credited for what is open.
        worst, best: what it will be if all that is open goes as badly, or as well, as it can.
    """

    weight: Fraction
    held: Fraction
    worst: Fraction
    best: Fraction

    @property
    def open(self) -> Fraction:
        """What may still be added to what is held."""
        return self.best - self.held

    @property
    def lost(self) -> Fraction:
        """What can no longer be reached; with `held` and `open` it makes the whole weight."""
        return self.weight - self.best


@dataclass(frozen=True, slots=True)
class End:
    """One end of an unfinished grade: the exact points, how they are shown, and the grade on record that they would be."""

    exact: Fraction
    points: Decimal
    grade: str


def end_to_dict(end: End | None) -> dict[str, str] | None:
    """Return the JSON form of an end."""
    return None if end is None else {"points": str(end.points), "grade": end.grade}
