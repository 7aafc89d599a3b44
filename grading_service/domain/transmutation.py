"""Rounding, once and at the end, and the step from points to the grade on record (legacy rule 3.5)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from grading_service.domain.policy import Transmutation


def rounded(value: Fraction, decimals: int = 2) -> Decimal:
    """Return `value` rounded half away from zero to `decimals` places."""
    scale = 10**decimals
    whole = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def transmute(table: Transmutation, value: Fraction) -> str:
    """Return the grade of `value`; 74.99 fails, and so does 74.999 when the comparison comes before rounding."""
    for bound, grade in table.steps:
        if value >= bound:
            return grade
    return table.failing
