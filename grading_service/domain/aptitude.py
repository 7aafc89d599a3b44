"""Military aptitude: clamp(base + merits - demerits, floor, ceiling) / scale * weight (legacy rule 3.4).

The legacy document spoke of surplus merits as wasted; its formula banks them, and the formula is what graded people.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from grading_service.domain.outlook import Standing
from grading_service.domain.policy import AptitudeRule
from grading_service.domain.tally import Tally


@dataclass(frozen=True, slots=True)
class Aptitude:
    """The raw points and what the limits took off or added.

    Attributes:
        capped: what the merit cap took off (0 or negative).
        clamped: what floor or ceiling changed.
    """

    raw: Fraction
    capped: Fraction
    clamped: Fraction


def aptitude_raw(rule: AptitudeRule, merits: int, demerits: int) -> Aptitude:
    """Return the raw points, usually 0 to 100."""
    capped = Fraction(0)
    if rule.merit_cap is not None and merits > rule.merit_cap:
        capped = rule.merit_cap - merits
    plain = rule.base + merits + capped - demerits
    raw = plain
    if rule.floor is not None:
        raw = max(raw, rule.floor)
    if rule.ceiling is not None:
        raw = min(raw, rule.ceiling)
    return Aptitude(raw=raw, capped=capped, clamped=raw - plain)


def point_value(rule: AptitudeRule) -> Fraction:
    """Return what one merit or demerit weighs in the final grade."""
    return rule.weight / rule.scale


def aptitude_points(rule: AptitudeRule, tally: Tally) -> Fraction | None:
    """Return the exact points; None while nothing at all is known of the cadet: a base alone is not an achievement."""
    if tally.empty:
        return None
    return _points(rule, tally.merits, tally.demerits)


@lru_cache(maxsize=4_096)
def _points(rule: AptitudeRule, merits: int, demerits: int) -> Fraction:
    return aptitude_raw(rule, merits, demerits).raw * point_value(rule)


def aptitude_standing(rule: AptitudeRule, tally: Tally) -> Standing:
    """Return what is held of the weight; a running score leaves nothing open, and nothing recorded leaves all of it open."""
    points = aptitude_points(rule, tally)
    if points is None:
        return Standing(rule.weight, held=Fraction(0), worst=Fraction(0), best=rule.weight)
    return Standing(rule.weight, held=points, worst=points, best=points)
