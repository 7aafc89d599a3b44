"""Properties of the engine, over histories that hypothesis draws."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grading_service.domain.engine import COMPLETE, NO_DATA, PROVISIONAL, grade_of, standing_of
from grading_service.domain.explain import explain
from grading_service.domain.policy import policy_from_dict
from grading_service.domain.records import SCORE, Record
from grading_service.domain.shipped_policies import SHIPPED, VERSION_1
from grading_service.domain.tally import Tally
from tests.unit.grading_service.histories import DAYS, EXAMS, START, histories, opened, policies, semester, tallies, uid


@given(policies, histories())
def test_the_leaves_of_an_explanation_sum_exactly_to_the_grade(policy, history):
    explained = explain(policy, DAYS, history)
    if explained.grade.final is not None:
        assert sum((leaf.points for leaf in explained.root.leaves()), Fraction(0)) == Fraction(explained.grade.final)
    for node in explained.root.children:
        if node.points is not None and node.children:
            assert sum((leaf.points for leaf in node.leaves()), Fraction(0)) == node.points
        elif node.children:
            # What is still open has no points; the rest is what is held of the part so far.
            known = (leaf.points for leaf in node.leaves() if leaf.points is not None)
            assert explained.standing is None or sum(known, Fraction(0)) == explained.standing[node.id].held


@given(policies, histories())
def test_the_sum_still_holds_in_the_json_form(policy, history):
    explained = explain(policy, DAYS, history)

    def leaves(node):
        return [leaf for child in node["children"] for leaf in leaves(child)] if node["children"] else [node]

    tree = explained.root.to_dict()
    if tree["points"] is not None:
        assert sum(Fraction(leaf["exact"]) for leaf in leaves(tree)) == Fraction(tree["points"])


@given(policies, histories(), st.randoms(use_true_random=False), st.data())
def test_any_order_of_arrival_with_repetitions_gives_the_same_grade(policy, history, random, data):
    repeated = history + (data.draw(st.lists(st.sampled_from(history))) if history else [])
    random.shuffle(repeated)
    assert explain(policy, DAYS, repeated) == explain(policy, DAYS, history)


@given(policies, histories())
def test_every_record_is_counted_once_or_set_aside_with_a_reason(policy, history):
    explained = explain(policy, DAYS, history)
    counted = [record.id for record in explained.root.records()]
    aside = [item.record.id for item in explained.in_force.ignored]
    assert sorted(counted + aside) == sorted(record.id for record in history if not record.kind.startswith("day_"))


@given(policies, histories())
def test_the_fast_path_from_the_tally_is_the_engine(policy, history):
    explained = explain(policy, DAYS, history)
    assert grade_of(policy, explained.tally) == explained.grade


@given(policies, st.integers(0, 20))
def test_no_data_never_yields_a_number(policy, days):
    explained = explain(policy, DAYS, opened(days))
    grade = explained.grade
    assert grade.state == NO_DATA
    assert (grade.attendance, grade.aptitude, grade.subject, grade.exact, grade.final, grade.transmuted) == (None,) * 6
    assert (grade.so_far, grade.worst, grade.best, grade.outlook) == (None, None, None, "open")
    assert explained.standing is None
    assert all(node.points is None for node in explained.root.children)
    assert "5.00" not in str(explained.root.to_dict())
    assert {item.component for item in explained.missing} == {"attendance", "subject"}


@given(policies, tallies())
def test_whatever_is_missing_leaves_no_final_grade(policy, parts):
    tally = Tally(*parts)
    grade = grade_of(policy, tally)
    known = [grade.component(name) is not None for name in ("attendance", "aptitude", "subject")]
    complete = not grade.missing and not tally.empty
    assert (grade.state == COMPLETE) == complete == all(known)
    assert [thing is not None for thing in (grade.exact, grade.final, grade.transmuted, grade.passed)] == [complete] * 4


@given(policies, tallies(), st.integers(0, 2), st.integers(1, 5_000))
def test_a_higher_score_never_lowers_a_grade(policy, parts, exam, more):
    tally = Tally(*parts)
    scores = tuple(Decimal(50) if score is None else score for score in tally.scores)
    better = tuple(min(Decimal(100), score + Decimal(more) / 100) if n == exam else score for n, score in enumerate(scores))
    before, after = grade_of(policy, tally._replace(scores=scores)), grade_of(policy, tally._replace(scores=better))
    assert after.subject >= before.subject
    if before.final is not None:
        assert after.final >= before.final
        assert Decimal(after.transmuted) <= Decimal(before.transmuted)


@given(policies, tallies())
def test_held_open_and_lost_make_the_whole_weight(policy, parts):
    for standing in standing_of(policy, Tally(*parts)).values():
        assert standing.held + standing.open + standing.lost == standing.weight
        assert standing.open >= 0


@given(histories(), st.integers(0, 400))
def test_as_of_is_what_was_stored_by_then(history, hours):
    at = START.replace(day=1 + hours // 24 % 28)
    then = [record for record in history if record.recorded_at <= at]
    assert explain(VERSION_1, DAYS, history, at) == explain(VERSION_1, DAYS, then)


@given(policies)
def test_a_policy_survives_its_json_form(policy):
    again = policy_from_dict(policy.to_dict())
    assert again.to_dict() == policy.to_dict()
    history = semester(days=15, marks={"present": 11, "late": 2, "absent": 2}, merits=3, demerits=9, scores=(81, 77, 92))
    assert explain(again, DAYS, history).grade == explain(policy, DAYS, history).grade


def test_an_unmarked_day_is_open_and_never_a_zero():
    history = semester(days=15, marks={"present": 10, "absent": 2}, merits=0, demerits=0, scores=(100, 100, 100))
    explained = explain(VERSION_1, DAYS, history)
    assert explained.grade.state == PROVISIONAL
    assert (explained.grade.attendance, explained.grade.final) == (None, None)
    assert explained.grade.so_far == {"attendance": "20.00", "aptitude": "30.00", "subject": "40.00", "total": "90.00"}
    standing = explained.standing["attendance"]
    assert (standing.held, standing.open, standing.lost) == (20, 6, 4)
    assert explained.missing[0].days == (13, 14, 15)


def test_a_cancelled_day_drops_out_of_the_count():
    history = semester(days=3, marks={"present": 2, "absent": 1}, merits=0, demerits=0, scores=(90, 90, 90))
    cancel = Record(uid(900), "day_cancelled", START.replace(hour=9), START, training_day_id=3)
    explained = explain(VERSION_1, DAYS, [*history, cancel])
    assert explained.grade.attendance == 30
    assert explained.grade.state == COMPLETE
    assert [item.reason for item in explained.in_force.ignored] == ["cancelled_day"]
    back = replace(cancel, id=uid(901), kind="day_reinstated", occurred_at=START.replace(hour=10))
    assert explain(VERSION_1, DAYS, [*history, cancel, back]).grade.attendance == 20


def test_a_cleared_score_leaves_the_exam_open_again():
    history = semester(days=1, marks={"present": 1}, merits=0, demerits=0, scores=(90, 90, 90))
    cleared = Record(uid(900), SCORE, START.replace(hour=9), START, exam="final", value=None)
    grade = explain(VERSION_1, DAYS, [*history, cleared]).grade
    assert (grade.subject, grade.final, grade.missing) == (None, None, ("final",))


def test_three_absences_in_a_row_are_pointed_out_and_change_no_number():
    rule = replace(VERSION_1.attendance, consecutive_absences=3)
    policy = replace(VERSION_1, attendance=rule)
    history = semester(days=5, marks={"present": 2, "absent": 3}, merits=0, demerits=0, scores=(90, 90, 90))
    explained = explain(policy, DAYS, history)
    assert [(notice.code, len(notice.records)) for notice in explained.notices] == [("consecutive_absences", 3)]
    assert explained.grade.final == explain(VERSION_1, DAYS, history).grade.final
    assert explain(VERSION_1, DAYS, history).notices == ()


def test_rounding_is_half_up_and_happens_once():
    scores = (Decimal("72.01"), Decimal("72.01"), Decimal("72.00"))
    grade = grade_of(SHIPPED[1], Tally(days=3, marks=(2, 0, 0, 0, 1), demerits=1, scores=scores))
    assert len(EXAMS) == 3
    assert grade.exact == Fraction(20) + Fraction(297, 10) + Fraction(21602, 100) * 40 / 300
    assert str(grade.final) == "78.50"
