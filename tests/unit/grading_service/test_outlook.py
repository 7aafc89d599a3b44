"""What is said of a grade that can still change, against a second calculator that tries every way in which the term can end."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading_service.domain.engine import SPECIAL, STATES, grade_of, overridden
from grading_service.domain.explain import explain
from grading_service.domain.outlook import OPEN, OUT_OF_REACH, PASSED
from grading_service.domain.policy import Transmutation
from grading_service.domain.shipped_policies import FIVE_STEPS, MINIMA, NINE_STEPS, SHIPPED, VERSION_1
from grading_service.domain.special import REMARKS
from grading_service.domain.tally import Tally
from grading_service.domain.transmutation import rounded, shown, transmute
from tests.unit.grading_service.histories import DAYS, semester
from tests.unit.grading_service.slow_calculator import STATUSES, completions, finished

half_credits = replace(
    VERSION_1, attendance=replace(VERSION_1.attendance, credit=VERSION_1.attendance.credit | {"late": Fraction(1, 2)})
)
nobody_loses_all = replace(
    VERSION_1, attendance=replace(VERSION_1.attendance, credit=VERSION_1.attendance.credit | {"absent": Fraction(1, 4)})
)
policies = st.sampled_from([*SHIPPED.values(), half_credits, nobody_loses_all])
scores = st.one_of(st.none(), st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100))


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[int, list[str], int, int, list[Decimal | None]]:
    """Draw a term somewhere between its first fact and its end: (days, marks, merits, demerits, scores)."""
    marks = draw(st.lists(st.sampled_from(STATUSES), max_size=6))
    days = max(1, len(marks) + draw(st.integers(0, 3)))
    points = st.one_of(st.just(0), st.integers(0, 130))
    return days, marks, draw(points), draw(points), draw(st.lists(scores, min_size=3, max_size=3))


def grade(policy, days, marks, merits, demerits, given_scores):
    counts = tuple(marks.count(status) for status in STATUSES)
    return grade_of(policy, Tally(days, counts, merits, demerits, tuple(given_scores)))


def exact(given_scores):
    return [None if score is None else Fraction(score) for score in given_scores]


@settings(max_examples=80, deadline=None)
@given(policies, beginnings())
def test_the_ends_are_the_best_and_the_worst_of_all_ways_to_finish(policy, beginning):
    days, marks, merits, demerits, given_scores = beginning
    told = grade(policy, *beginning)
    if told.state == "no_data":
        return
    ways = list(completions(policy.to_dict(), days, marks, merits, demerits, exact(given_scores)))
    worst, best = min(ways, key=lambda way: way.points), max(ways, key=lambda way: way.points)
    assert (told.worst.exact, told.best.exact) == (worst.points, best.points)
    assert told.worst.grade == max(ways, key=lambda way: way.rank).grade
    assert told.best.grade == min(ways, key=lambda way: way.rank).grade
    failing = policy.transmutation.failing
    all_pass, all_fail = all(way.grade != failing for way in ways), all(way.grade == failing for way in ways)
    assert told.outlook == (PASSED if all_pass else OUT_OF_REACH if all_fail else OPEN)


@given(policies, beginnings())
def test_a_final_grade_stands_exactly_when_nothing_is_missing_and_is_then_the_only_end(policy, beginning):
    days, marks, merits, demerits, given_scores = beginning
    told = grade(policy, *beginning)
    if len(marks) < days or None in given_scores:
        assert (told.exact, told.final, told.transmuted, told.passed, told.remarks) == (None,) * 5
        return
    true = finished(policy.to_dict(), days, marks, merits, demerits, exact(given_scores))
    assert (told.exact, told.transmuted) == (true.points, true.grade)
    assert told.worst == told.best and told.best.grade == told.transmuted and told.best.points == told.final
    assert told.passed == (true.grade != policy.transmutation.failing) == (told.outlook == PASSED)


@given(policies, beginnings())
def test_what_is_held_so_far_lies_between_nothing_and_the_best_end(policy, beginning):
    told = grade(policy, *beginning)
    if told.state == "no_data":
        return
    parts = [Decimal(told.so_far[name]) for name in ("attendance", "aptitude", "subject") if told.so_far[name] is not None]
    assert abs(sum(parts) - Decimal(told.so_far["total"])) <= Decimal("0.02")
    assert Decimal(told.so_far["total"]) <= told.best.points
    assert (told.so_far["attendance"] is None) == (not beginning[1])
    assert (told.so_far["subject"] is None) == all(score is None for score in beginning[4])


@pytest.mark.parametrize(
    ("absent", "present", "exams", "outlook", "worst", "best"),
    [
        # One day absent of fifteen and three full exams was shown as 70.00, 5.00, Failed.
        (1, 0, (100, 100, 100), OPEN, "70.00 5.00", "98.00 1.00"),
        # One day present and nothing else to come was shown as 100.00, 1.00, Passed.
        (0, 1, (100, 100, 100), OPEN, "72.00 5.00", "100.00 1.00"),
        (0, 3, (100, 100, 100), PASSED, "76.00 3.00", "100.00 1.00"),
        (15, 0, (30, 30), OUT_OF_REACH, "38.00 5.00", "51.33 5.00"),
    ],
)
def test_a_term_that_has_just_begun_is_neither_failed_nor_passed(absent, present, exams, outlook, worst, best):
    history = semester(days=15, marks={"absent": absent, "present": present}, merits=0, demerits=0, scores=exams)
    told = explain(VERSION_1, DAYS, history).grade
    assert (told.final, told.transmuted, told.passed, told.outlook) == (None, None, None, outlook)
    assert [f"{end.points} {end.grade}" for end in (told.worst, told.best)] == [worst, best]


@given(beginnings())
def test_the_worst_end_is_what_the_last_legacy_rules_gave_before_the_end_of_a_term(beginning):
    """Legacy rules 3.2 and 3.3: a missing exam counts as zero, a day without a record as an absence, of all days of the term."""
    days, marks, _, demerits, given_scores = beginning
    told = grade(VERSION_1, days, marks, 0, demerits, given_scores)
    if told.state != "no_data":
        legacy = Fraction(len([mark for mark in marks if mark != "absent"]), days) * 30
        legacy += Fraction(max(0, 100 - demerits), 100) * 30 + sum(Fraction(score or 0) for score in given_scores) / 300 * 40
        assert told.worst.exact == legacy


@pytest.mark.parametrize(
    ("points", "reads"),
    [
        ("74.995", "74.99"),
        ("74.9999999", "74.99"),
        ("75", "75.00"),
        ("75.004", "75.00"),
        ("89.995", "89.99"),
        ("88.995", "89.00"),
    ],
)
def test_a_final_does_not_read_as_the_grade_that_it_misses(points, reads):
    assert str(shown(FIVE_STEPS, Fraction(points))) == reads


uneven = Transmutation(((Fraction("90.005"), "1.00"), (Fraction(226, 3), "3.00")))
edges = st.sampled_from([bound for table in (FIVE_STEPS, NINE_STEPS, uneven) for bound, _grade in table.steps])
near = st.builds(lambda edge, off: edge + off, edges, st.fractions(Fraction(-2, 100), Fraction(2, 100), max_denominator=90_000))


@given(st.sampled_from([FIVE_STEPS, NINE_STEPS, uneven]), st.one_of(near, st.fractions(-50, 130, max_denominator=3_000)))
def test_a_displayed_final_is_always_in_the_step_of_its_grade(table, value):
    reads = shown(table, value)
    assert transmute(table, Fraction(reads)) == transmute(table, value)
    assert abs(Fraction(reads) - value) < Fraction(1, 100)
    assert reads == rounded(value) or transmute(table, Fraction(rounded(value))) != transmute(table, value)


@given(st.fractions(0, 130, max_denominator=3_000))
def test_points_under_a_minimum_do_not_read_as_if_they_reached_it(points):
    reads = rounded(points, bounds=(Fraction(24),))
    assert (reads >= 24) == (points >= 24)
    assert reads in {rounded(points), Decimal(points.numerator * 100 // points.denominator).scaleb(-2)}


def test_a_part_short_of_its_minimum_is_shown_short_of_it():
    # 719 of 900 exam points of a rule that asks for 28 of 40: 27.9967 must not read 28.00.
    told = grade(MINIMA, 1, ["present"], 0, 0, [Decimal("69.99"), Decimal("69.99"), Decimal("69.99")])
    assert (told.below_minimum, told.transmuted, told.so_far["subject"]) == (("subject",), "5.00", "27.99")


@pytest.mark.parametrize("special", REMARKS)
def test_a_special_grade_stands_alone_whatever_the_records_give(special):
    history = semester(days=2, marks={"present": 2}, merits=0, demerits=0, scores=(100, 100, 100))
    explained = explain(VERSION_1, DAYS, history, special=special)
    told = explained.grade
    assert (told.state, told.transmuted, told.remarks) == (SPECIAL, special, REMARKS[special])
    assert (told.final, told.exact, told.passed, told.so_far, told.worst, told.best, told.outlook) == (None,) * 7
    assert [told.component(name) for name in ("attendance", "aptitude", "subject")] == [None] * 3
    assert explained.standing is None and explained.root.points is None
    assert len(list(explained.root.records())) == len(history) - 2, "what was recorded stays to be read"


def test_nothing_special_leaves_the_grade_as_it_is():
    told = grade(VERSION_1, 1, ["present"], 0, 0, [Decimal(80)] * 3)
    assert overridden(told, None) is told
    assert SPECIAL in STATES
