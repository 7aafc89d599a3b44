"""The explained grade, as of any time, and what a cadet sees of their own."""

import json
from fractions import Fraction

import pytest

from libs import clock
from tests.service.grading_service.grading_api import at


@pytest.fixture
def graded(grading_api):
    """A term in which cadet 1 has a complete grade and cadet 2 a started one: (service, term, days)."""
    term = grading_api.term()
    days = grading_api.days(term, 3)
    for day, status in zip(days, ("present", "late", "absent"), strict=True):
        grading_api.mark(day, 1, status)
    grading_api.mark(days[0], 2)
    grading_api.points(term, 1, "demerit", 7, reason="Late report")
    for exam, value in (("prelim", 70), ("midterm", 71), ("final", 72)):
        grading_api.score(term, 1, exam, value)
    return grading_api, term, days


def leaves(node):
    return [leaf for child in node["children"] for leaf in leaves(child)] if node["children"] else [node]


def test_the_leaves_of_the_answer_sum_exactly_to_the_final_grade(graded):
    grading_api, term, _days = graded
    grade = grading_api.grade(term, 1)
    assert grade["state"] == "complete"
    assert sum(Fraction(leaf["exact"]) for leaf in leaves(grade["explanation"])) == Fraction(grade["final"])
    assert [node["id"] for node in grade["explanation"]["children"]] == ["attendance", "aptitude", "subject", "rounding"]
    total = grade["standing"]["total"]
    assert (total["held"], total["lost"], total["open"]) == ("76.30", "23.70", "0.00")


def test_every_leaf_names_its_record(graded):
    grading_api, term, _days = graded
    explanation = grading_api.grade(term, 1)["explanation"]
    named = [record for leaf in leaves(explanation) for record in leaf["records"]]
    assert len(named) == len(set(named)) == 7
    assert sorted(explanation["records"]) == sorted(named)


def test_every_leaf_says_what_its_record_is_for_when_and_by_whom(graded):
    grading_api, term, _days = graded
    facts = [leaf["record"] for leaf in leaves(grading_api.grade(term, 1)["explanation"]) if leaf["records"]]
    assert [fact["status"] for fact in facts if fact["kind"] == "attendance"] == ["present", "late", "absent"]
    assert sorted(fact["kind"] for fact in facts if fact["status"] is None) == ["demerit", "score", "score", "score"]
    assert all(fact["actor_id"] and fact["occurred_at"].endswith("+00:00") for fact in facts)


def test_the_fast_path_and_the_explanation_tell_the_same_grade(graded):
    grading_api, term, _days = graded
    for cadet in (1, 2, 3):
        grade, row = grading_api.grade(term, cadet), grading_api.row(term, cadet)
        for key in ("final", "transmuted", "passed", "so_far", "worst", "best", "outlook", "state", "version"):
            assert grade[key] == row[key]
        assert grade["components"] == {key: row[key] for key in ("attendance", "aptitude", "subject")}


def test_a_started_grade_says_what_is_missing_and_what_is_still_open(graded):
    grading_api, term, days = graded
    grade = grading_api.grade(term, 2)
    assert (grade["state"], grade["final"], grade["passed"], grade["remarks"]) == ("provisional", None, None, None)
    assert grade["missing"][0]["training_day_ids"] == days[1:]
    assert [item["exam"] for item in grade["missing"][1:]] == ["prelim", "midterm", "final"]
    assert grade["standing"]["attendance"] == {
        "points": None,
        "max": "30.00",
        "held": "10.00",
        "open": "20.00",
        "lost": "0.00",
    }
    assert grade["standing"]["total"]["best"] == "1.00"
    assert grade["explanation"]["points"] is None
    assert (grade["transmuted"], grade["outlook"]) == (None, "open")
    assert grade["so_far"] == {"attendance": "10.00", "aptitude": "30.00", "subject": None, "total": "40.00"}
    assert grade["so_far"]["total"] == grade["standing"]["total"]["held"]
    assert (grade["worst"], grade["best"]) == ({"points": "40.00", "grade": "5.00"}, {"points": "100.00", "grade": "1.00"})


@pytest.mark.parametrize(
    ("status", "special", "remarks"),
    [("Drop", "DO", "Dropped"), ("Incomplete", "INC", "Incomplete"), ("Deferred", "T", "Deferred")],
)
def test_a_special_grade_overrides_the_records_until_the_status_is_put_back(graded, status, special, remarks):
    grading_api, term, _days = graded
    before = grading_api.row(term, 1)
    assert before["passed"] is True
    grading_api.cadets(1, status=status, version=2)
    row, grade = grading_api.row(term, 1), grading_api.grade(term, 1)
    (moved,) = grading_api.points(term, 1, "merit", 1)["grades"]
    for told in (row, grade, moved):
        assert (told["state"], told["transmuted"], told["final"], told["passed"]) == ("special", special, None, None)
        assert (told["so_far"], told["worst"], told["best"], told["outlook"]) == (None,) * 4
    assert [row[name] for name in ("attendance", "aptitude", "subject")] == [None] * 3
    assert (grade["remarks"], grade["explanation"]["points"]) == (remarks, None)
    listed = {
        state: [one["cadet_id"] for one in grading_api.get(f"/grading/gradebook?term_id={term}&state={state}")["data"]]
        for state in ("special", "complete")
    }
    assert listed == {"special": [1], "complete": []}
    grading_api.cadets(1, status="Verified", version=3)
    assert grading_api.row(term, 1)["transmuted"] == before["transmuted"]


def test_no_data_has_no_number_anywhere(graded):
    grading_api, term, _days = graded
    grade = grading_api.grade(term, 3)
    assert grade["state"] == "no_data"
    assert (grade["final"], grade["transmuted"], grade["passed"]) == (None, None, None)
    assert set(grade["components"].values()) == {None}
    for part in grade["standing"].values():
        assert [part[key] for key in ("points", "held", "open", "lost")] == [None] * 4
    assert '"5.00"' not in json.dumps(grade)


def test_as_of_shows_the_grade_as_it_stood(graded):
    grading_api, term, days = graded
    before, then = grading_api.grade(term, 1), clock.now().isoformat()
    grading_api.mark(days[2], 1, "excused", occurred_at=at(30))
    grading_api.post(f"/training-days/{days[1]}/cancel", {"reason": "Typhoon"})
    grading_api.score(term, 1, "final", 100, occurred_at=at(30))
    now = grading_api.grade(term, 1)
    assert now["final"] != before["final"]
    past = grading_api.grade(term, 1, as_of=then)
    for key in ("final", "state", "components", "standing", "explanation", "missing"):
        assert past[key] == before[key]
    assert grading_api.grade(term, 1, as_of="2020-01-01T00:00:00Z")["state"] == "no_data"


def test_a_question_about_a_grade_that_makes_no_sense_is_refused(graded):
    grading_api, term, _days = graded
    for path, status in (
        ("/grading/cadets/1/grade", 422), (f"/grading/cadets/1/grade?term_id={term}&as_of=soon", 422),
        ("/grading/cadets/1/grade?term_id=x", 422), ("/grading/cadets/1/grade?term_id=4711", 404),
        (f"/grading/cadets/4711/grade?term_id={term}", 404), (f"/grading/cadets/abc/grade?term_id={term}", 404),
        (f"/grading/cadets/99999999999999999999/grade?term_id={term}", 404),
    ):  # fmt: skip
        grading_api.get(path, as_=grading_api.staff, expect=status)


@pytest.mark.requirement("13.1", "13.2")
def test_an_explained_grade_takes_five_statements(graded, count_queries):
    grading_api, term, _days = graded
    with count_queries(grading_api.app) as statements:
        grading_api.grade(term, 1)
    # Cadet, term, version, training days, records.
    assert len(statements) == 5


def test_a_cadet_sees_the_own_grade_attendance_and_merits(graded):
    grading_api, term, days = graded
    me = grading_api.people.cadet(1)
    assert grading_api.get(f"/grading/me?term_id={term}", as_=me) == grading_api.grade(term, 1)
    own = grading_api.get(f"/grading/me/attendance?term_id={term}", as_=me)
    assert [(day["training_day_id"], day["status"]) for day in own["data"]] == list(
        zip(days, ("present", "late", "absent"), strict=True)
    )
    points = grading_api.get(f"/grading/me/merits?term_id={term}", as_=me)
    assert [(item["cadet_id"], item["points"]) for item in points["data"]] == [(1, 7)]
    other = grading_api.people.cadet(2)
    assert grading_api.get(f"/grading/me?term_id={term}", as_=other)["cadet"]["id"] == 2
    assert grading_api.get(f"/grading/me/merits?term_id={term}", as_=other)["data"] == []


def test_without_a_term_a_cadet_sees_the_current_one(graded):
    grading_api, term, _days = graded
    grading_api.term(name="Old", starts_on="2020-08-01", ends_on="2020-12-31")
    grading_api.term(name="Other course", cadet_course="MS2")
    assert grading_api.get("/grading/me", as_=grading_api.people.cadet(1))["term"]["id"] == term


def test_a_cadet_that_grading_does_not_know_or_without_a_profile_is_not_found(grading_api):
    term = grading_api.term()
    assert (
        grading_api.get(f"/grading/me?term_id={term}", as_=grading_api.people.cadet(99), expect=404)["code"] == "cadet_not_found"
    )
    nobody = grading_api.people.headers(grading_api.people.principal("cadet", cadet_id=None))
    assert grading_api.get(f"/grading/me?term_id={term}", as_=nobody, expect=404)["code"] == "no_cadet_profile"
