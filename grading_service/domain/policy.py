"""A grading policy: versioned data bound to a term. All numbers are exact fractions; their JSON form is text.

Rules are compared by identity: a version never changes, and so a rule is a cheap key of a cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

SCHEDULED, FIXED = "scheduled", "fixed"
DIVISORS = (SCHEDULED, FIXED)


@dataclass(frozen=True, eq=False)
class AttendanceRule:
    """Points for attendance: credits / divisor * weight.

    Attributes:
        credit: the part of a day each status earns.
        divisor: `scheduled` counts all days of the term that are not cancelled, `fixed` always `fixed_days`. A day without a
            mark is open under either: it is neither credited nor lost.
        fixed_days: the divisor of `fixed`; None is that of `scheduled`.
        minimum: fewer points than this fail the term whatever the final grade; None is off.
        consecutive_absences: so many absences in a row are pointed out for a person to decide; None is off.
    """

    weight: Fraction
    credit: Mapping[str, Fraction]
    divisor: str
    fixed_days: int | None = None
    minimum: Fraction | None = None
    consecutive_absences: int | None = None


@dataclass(frozen=True, eq=False)
class AptitudeRule:
    """Points for military aptitude: clamp(base + merits - demerits, floor, ceiling) / scale * weight.

    `merit_cap` limits the merits before demerits are taken off; None is off, as for floor, ceiling and minimum.
    """

    weight: Fraction
    base: Fraction
    scale: Fraction
    floor: Fraction | None = None
    ceiling: Fraction | None = None
    merit_cap: Fraction | None = None
    minimum: Fraction | None = None


@dataclass(frozen=True, eq=False)
class SubjectRule:
    """Points for subject proficiency: the sum of the scores / the sum of the maxima * weight."""

    weight: Fraction
    exams: Mapping[str, Fraction]
    minimum: Fraction | None = None

    @property
    def total(self) -> Fraction:
        """The highest possible sum of scores."""
        return sum(self.exams.values(), Fraction(0))


@dataclass(frozen=True, eq=False)
class Transmutation:
    """Steps from points to the grade on record, highest first; below the last step stands `failing`."""

    steps: tuple[tuple[Fraction, str], ...]
    failing: str = "5.00"
    before_rounding: bool = True


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of the grading rules."""

    version: int
    name: str
    source: str
    attendance: AttendanceRule
    aptitude: AptitudeRule
    subject: SubjectRule
    transmutation: Transmutation
    decimals: int = 2

    @property
    def maximum(self) -> Fraction:
        """The most points that a final grade can hold."""
        return self.attendance.weight + self.aptitude.weight + self.subject.weight

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, numbers as text."""
        return {
            "version": self.version,
            "name": self.name,
            "source": self.source,
            "attendance": {
                "weight": str(self.attendance.weight),
                "credit": {status: str(credit) for status, credit in self.attendance.credit.items()},
                "divisor": self.attendance.divisor,
                "fixed_days": self.attendance.fixed_days,
                "minimum": _text(self.attendance.minimum),
                "consecutive_absences": self.attendance.consecutive_absences,
            },
            "aptitude": {
                "weight": str(self.aptitude.weight),
                "base": str(self.aptitude.base),
                "scale": str(self.aptitude.scale),
                "floor": _text(self.aptitude.floor),
                "ceiling": _text(self.aptitude.ceiling),
                "merit_cap": _text(self.aptitude.merit_cap),
                "minimum": _text(self.aptitude.minimum),
            },
            "subject": {
                "weight": str(self.subject.weight),
                "exams": [{"exam": exam, "max": str(top)} for exam, top in self.subject.exams.items()],
                "minimum": _text(self.subject.minimum),
            },
            "transmutation": {
                "steps": [{"at_least": str(bound), "grade": grade} for bound, grade in self.transmutation.steps],
                "failing": self.transmutation.failing,
                "before_rounding": self.transmutation.before_rounding,
            },
            "rounding": {"decimals": self.decimals, "mode": "half_up"},
        }


def policy_from_dict(rules: Mapping[str, Any]) -> Policy:
    """Return the policy of its JSON form."""
    attendance, aptitude, subject = rules["attendance"], rules["aptitude"], rules["subject"]
    transmutation = rules["transmutation"]
    return Policy(
        version=rules["version"],
        name=rules["name"],
        source=rules["source"],
        attendance=AttendanceRule(
            weight=Fraction(attendance["weight"]),
            credit={status: Fraction(credit) for status, credit in attendance["credit"].items()},
            divisor=attendance["divisor"],
            fixed_days=attendance["fixed_days"],
            minimum=_number(attendance["minimum"]),
            consecutive_absences=attendance["consecutive_absences"],
        ),
        aptitude=AptitudeRule(
            weight=Fraction(aptitude["weight"]),
            base=Fraction(aptitude["base"]),
            scale=Fraction(aptitude["scale"]),
            floor=_number(aptitude["floor"]),
            ceiling=_number(aptitude["ceiling"]),
            merit_cap=_number(aptitude["merit_cap"]),
            minimum=_number(aptitude["minimum"]),
        ),
        subject=SubjectRule(
            weight=Fraction(subject["weight"]),
            exams={exam["exam"]: Fraction(exam["max"]) for exam in subject["exams"]},
            minimum=_number(subject["minimum"]),
        ),
        transmutation=Transmutation(
            steps=tuple((Fraction(step["at_least"]), step["grade"]) for step in transmutation["steps"]),
            failing=transmutation["failing"],
            before_rounding=transmutation["before_rounding"],
        ),
        decimals=rules["rounding"]["decimals"],
    )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)
