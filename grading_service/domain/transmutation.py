"""Rounding, once and at the end, and the step from points to the grade on record (legacy rule 3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from grading_service.domain.policy import Transmutation


def rounded(value: Fraction, decimals: int = 2, bounds: Iterable[Fraction] = ()) -> Decimal:
    """Return `value` rounded half away from zero to `decimals` places.

    Args:
        bounds: what rounding must not lift the value to, nor drop it below; it is then cut on the other side instead: beside
            a bound of 75, 74.995 is shown as 74.99.
    """
    # In whole numbers throughout: to compare two fractions takes ten times as long, and this is done for each mark.
    (top, bottom), scale = value.as_integer_ratio(), 10**decimals
    whole = (2 * abs(top) * scale + bottom) // (2 * bottom)
    nearest = whole if top >= 0 else -whole
    for bound in bounds:
        least, parts = bound.as_integer_ratio()
        reached = top * parts >= least * bottom
        if (nearest * parts >= least * scale) != reached:
            below = top * scale // bottom
            nearest = below + 1 if reached else below
            break
    return Decimal(nearest).scaleb(-decimals)


def transmute(table: Transmutation, value: Fraction) -> str:
    """Return the grade of `value`; 74.99 fails, and so does 74.999 when the comparison comes before rounding."""
    top, bottom = value.as_integer_ratio()
    for bound, grade in table.steps:
        least, parts = bound.as_integer_ratio()
        if top * parts >= least * bottom:
            return grade
    return table.failing


def shown(table: Transmutation, value: Fraction, decimals: int = 2) -> Decimal:
    """Return `value` rounded for reading, so that it never stands in another step of the table than its grade."""
    return rounded(value, decimals, (bound for bound, _ in table.steps) if table.before_rounding else ())


def grade_on_record(table: Transmutation, value: Fraction, decimals: int = 2) -> str:
    """Return the grade of `value`, compared before or after rounding as the table has it."""
    return transmute(table, value if table.before_rounding else Fraction(rounded(value, decimals)))
