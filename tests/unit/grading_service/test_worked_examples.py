"""The worked examples of the legacy system's rules, reproduced to the cent by the policies that ship."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading_service.domain.explain import explain
from grading_service.domain.shipped_policies import SHIPPED
from grading_service.domain.transmutation import transmute
from tests.unit.grading_service.histories import DAYS, semester

ONE = semester(days=15, marks={"present": 12, "excused": 1, "late": 1, "absent": 1}, merits=10, demerits=15, scores=(85, 90, 88))
TWO = semester(days=15, marks={"present": 10, "late": 1, "absent": 4}, merits=0, demerits=10, scores=(75, 72, 78))


@pytest.mark.parametrize(
    ("history", "version", "attendance", "aptitude", "subject", "final", "transmuted", "remarks"),
    [
        (ONE, 0, "26.00", "28.50", "35.07", "89.57", "2.00", "Passed"),
        (ONE, -2, "26.00", "28.50", "35.07", "89.57", "1.75", "Passed"),
        (ONE, 1, "28.00", "28.50", "35.07", "91.57", "1.50", "Passed"),
        (ONE, -6, "24.00", "28.50", "35.07", "87.57", "2.00", "Passed"),
        (ONE, -4, "24.00", "28.50", "35.07", "87.57", "2.00", "Passed"),
        (ONE, -3, "26.00", "0.00", "35.07", "61.07", "5.00", "Failed"),
        (ONE, -5, "24.00", "-1.50", "35.07", "57.57", "5.00", "Failed"),
        (TWO, 0, "20.00", "27.00", "30.00", "77.00", "3.00", "Passed"),
        (TWO, -2, "20.00", "27.00", "30.00", "77.00", "2.75", "Passed"),
        (TWO, 1, "22.00", "27.00", "30.00", "79.00", "3.00", "Passed"),
        (TWO, -1, "20.00", "27.00", "30.00", "77.00", "5.00", "Failed"),
    ],
)
def test_a_legacy_rule_set_gives_the_grade_it_gave_then(
    history, version, attendance, aptitude, subject, final, transmuted, remarks
):
    explained = explain(SHIPPED[version], DAYS, history)
    shown = [child.to_dict()["points"] for child in explained.root.children]
    assert shown[:3] == [attendance, aptitude, subject]
    assert str(explained.grade.final) == final
    assert explained.grade.transmuted == transmuted
    assert explained.grade.remarks == remarks
    assert explained.grade.state == "complete"


@pytest.mark.parametrize(
    ("version", "points", "grade"),
    [
        (1, "95", "1.00"), (1, "94.999", "1.50"), (1, "90", "1.50"), (1, "85", "2.00"), (1, "80", "2.50"),
        (1, "75", "3.00"), (1, "74.999", "5.00"), (1, "0", "5.00"), (1, "100", "1.00"),
        (-2, "98", "1.00"), (-2, "95", "1.25"), (-2, "92", "1.50"), (-2, "90", "1.75"), (-2, "89", "1.75"), (-2, "86", "2.00"),
        (-2, "85", "2.25"), (-2, "83", "2.25"), (-2, "80", "2.50"), (-2, "77", "2.75"), (-2, "75", "3.00"), (-2, "74.99", "5.00"),
    ],
)  # fmt: skip
def test_the_table_is_compared_before_rounding(version, points, grade):
    assert transmute(SHIPPED[version].transmutation, Fraction(points)) == grade


def test_surplus_merits_are_banked_as_the_legacy_formula_had_it():
    history = semester(days=1, marks={"present": 1}, merits=40, demerits=20, scores=(100, 100, 100))
    assert str(explain(SHIPPED[1], DAYS, history).grade.final) == "100.00"
