"""Merits, demerits, their voids and exam scores over HTTP."""

import pytest

from libs.ids import uuid7
from tests.service.grading_service.grading_api import at, points_of, score_of


@pytest.fixture
def term_with_a_day(grading_api):
    """A term with one training day: (service, term)."""
    term = grading_api.term()
    grading_api.days(term, 1)
    return grading_api, term


def test_merits_and_demerits_move_the_aptitude_and_are_listed_with_their_reason(term_with_a_day):
    grading_api, term = term_with_a_day
    grading_api.points(term, 1, "demerit", 15, reason="Incomplete uniform")
    outcome = grading_api.points(term, 1, "merit", 10, reason="Flag detail", occurred_at=at(1))
    row = outcome["grades"][0]
    assert (row["merits"], row["demerits"], row["aptitude"], row["state"]) == (10, 15, "28.50", "provisional")
    listed = grading_api.get(f"/merits/records?term_id={term}&cadet_id=1", as_=grading_api.staff)
    assert [(item["kind"], item["points"], item["reason"]) for item in listed["data"]] == [
        ("merit", 10, "Flag detail"),
        ("demerit", 15, "Incomplete uniform"),
    ]
    assert (listed["total"], listed["data"][0]["actor_id"], listed["data"][0]["voided"]) == (2, 2, None)
    assert grading_api.get(f"/merits/records?term_id={term}&cadet_id=2", as_=grading_api.staff)["data"] == []


def test_a_void_takes_the_points_back_and_both_records_stay(term_with_a_day):
    grading_api, term = term_with_a_day
    record = points_of(term, 1, "demerit", 20)
    grading_api.post("/merits/records", {"records": [record]}, as_=grading_api.staff)
    void = {"id": str(uuid7()), "reason": "Wrong cadet", "occurred_at": at(5)}
    outcome = grading_api.post(f"/merits/records/{record['id']}/void", void, as_=grading_api.staff)
    assert (outcome["stored"], outcome["grades"][0]["demerits"]) == ([void["id"]], 0)
    (listed,) = grading_api.get(f"/merits/records?term_id={term}", as_=grading_api.staff)["data"]
    assert (listed["voided"]["id"], listed["voided"]["reason"]) == (void["id"], "Wrong cadet")
    again = grading_api.post(f"/merits/records/{record['id']}/void", void, as_=grading_api.staff)
    assert (again["stored"], again["duplicates"]) == ([], [void["id"]])
    second = void | {"id": str(uuid7())}
    assert (
        grading_api.post(f"/merits/records/{record['id']}/void", second, as_=grading_api.staff, expect=409)["code"]
        == "already_void"
    )
    assert grading_api.grade(term, 1)["state"] == "no_data"
    assert sorted(item["reason"] for item in grading_api.grade(term, 1)["ignored"]) == ["void", "voided"]


def test_only_a_stored_merit_or_demerit_can_be_voided(term_with_a_day):
    grading_api, term = term_with_a_day
    void = {"id": str(uuid7()), "reason": "No", "occurred_at": at()}
    grading_api.post(f"/merits/records/{uuid7()}/void", void, as_=grading_api.staff, expect=404)
    score = score_of(term, 1, "prelim", 80)
    grading_api.post("/exams/scores", {"scores": [score]}, as_=grading_api.staff)
    grading_api.post(f"/merits/records/{score['id']}/void", void, as_=grading_api.staff, expect=404)
    merit = points_of(term, 1)
    grading_api.post("/merits/records", {"records": [merit]}, as_=grading_api.staff)
    taken = void | {"id": score["id"]}
    path = f"/merits/records/{merit['id']}/void"
    assert grading_api.post(path, taken, as_=grading_api.staff, expect=409)["code"] == "record_id_conflict"
    for field_, value in (("id", "x"), ("reason", ""), ("reason", "a\x00"), ("occurred_at", "2026-08-01"), ("cadet_id", 3)):
        answer = grading_api.post(path, void | {field_: value}, as_=grading_api.staff, expect=422)
        assert field_ in answer["details"]


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        *[({"points": value}, "points_out_of_range") for value in (0, -5, 101, 99999, 10**30, 1.5, "3", True, None, [])],
        *[({"kind": value}, "unknown_kind") for value in ("gift", {}, None, "void", 1)],
        *[({"reason": value}, "invalid") for value in ("", "a\x00b", "x" * 501, None, 5)],
        *[({"term_id": value}, "invalid") for value in ("1", 10**30, -1, None, 1.0)],
        ({"term_id": 4711}, "unknown_term"),
    ],
)
def test_one_bad_merit_never_spoils_the_rest(term_with_a_day, change, code):
    grading_api, term = term_with_a_day
    good = points_of(term, 1)
    outcome = grading_api.post("/merits/records", {"records": [points_of(term, 2) | change, good]}, as_=grading_api.staff)
    assert outcome["stored"] == [good["id"]]
    assert [(item["index"], item["code"]) for item in outcome["rejected"]] == [(0, code)]


@pytest.mark.requirement("20.3", "20.5")
def test_hostile_text_is_stored_as_text_and_nothing_else(term_with_a_day):
    grading_api, term = term_with_a_day
    hostile = ["<script>alert(1)</script>", "'; DROP TABLE grading.record; --", "%s %(x)s :name {n}", "𝕏 ñ \u200f", "\\x00"]
    for reason in hostile:
        grading_api.points(term, 1, reason=reason)
    listed = grading_api.get(f"/merits/records?term_id={term}&page_size=50", as_=grading_api.staff)
    assert {item["reason"] for item in listed["data"]} == {text.strip() for text in hostile}


def test_a_score_counts_once_all_exams_are_in(term_with_a_day):
    grading_api, term = term_with_a_day
    grading_api.score(term, 1, "prelim", 85)
    outcome = grading_api.score(term, 1, "midterm", "90.50")
    row = outcome["grades"][0]
    assert (row["subject"], row["scores"]) == (None, {"prelim": "85.00", "midterm": "90.50", "final": None})
    assert row["missing"] == ["attendance", "final"]
    held = grading_api.grade(term, 1)["standing"]["subject"]
    assert (held["points"], held["held"], held["open"], held["lost"]) == (None, "23.40", "13.33", "3.27")
    assert grading_api.score(term, 1, "final", 88)["grades"][0]["subject"] == "35.13"


def test_the_latest_score_is_in_force_and_null_takes_it_back(term_with_a_day):
    grading_api, term = term_with_a_day
    grading_api.score(term, 1, "prelim", 85, occurred_at=at(5))
    grading_api.score(term, 1, "prelim", 60, occurred_at=at(1))
    assert grading_api.row(term, 1)["scores"]["prelim"] == "85.00"
    listed = grading_api.get(f"/exams/scores?term_id={term}&cadet_id=1", as_=grading_api.staff)["data"]
    assert [(item["value"], item["in_force"]) for item in listed] == [("85.00", True), ("60.00", False)]
    grading_api.score(term, 1, "prelim", None, occurred_at=at(6))
    assert (grading_api.row(term, 1)["scores"]["prelim"], grading_api.row(term, 1)["state"]) == (None, "no_data")


def test_the_same_number_written_otherwise_is_the_same_record(term_with_a_day):
    grading_api, term = term_with_a_day
    score = score_of(term, 1, "prelim", 85)
    grading_api.post("/exams/scores", {"scores": [score]}, as_=grading_api.staff)
    for value in (85.0, "85", "85.00"):
        outcome = grading_api.post("/exams/scores", {"scores": [score | {"value": value}]}, as_=grading_api.staff)
        assert outcome["duplicates"] == [score["id"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        *[
            ({"value": value}, "score_out_of_range")
            for value in (100.01, -1, "1e9", 85.555, "NaN", "Infinity", True, 10**40, [], "")
        ],
        *[({"exam": value}, "invalid") for value in (5, "", "pre\x00lim", None, "x" * 41)],
        ({"exam": "quiz"}, "unknown_exam"),
        ({"term_id": 4711}, "unknown_term"),
        ({"cadet_id": -1}, "invalid"),
    ],
)
def test_one_bad_score_never_spoils_the_rest(term_with_a_day, change, code):
    grading_api, term = term_with_a_day
    good = score_of(term, 1, "final", 100)
    outcome = grading_api.post(
        "/exams/scores", {"scores": [score_of(term, 2, "prelim", 80) | change, good]}, as_=grading_api.staff
    )
    assert outcome["stored"] == [good["id"]]
    assert [(item["index"], item["code"]) for item in outcome["rejected"]] == [(0, code)]


def test_a_score_without_a_value_is_not_a_cleared_one(term_with_a_day):
    grading_api, term = term_with_a_day
    score = score_of(term, 1, "prelim", 80)
    del score["value"]
    assert grading_api.post("/exams/scores", {"scores": [score]}, as_=grading_api.staff)["rejected"][0]["code"] == "invalid"


@pytest.mark.parametrize("path", ["/merits/records", "/exams/scores"])
def test_lists_refuse_filters_that_make_no_sense(term_with_a_day, path):
    for wrong in ("term_id=abc", "cadet_id=%00", "page_size=0", "page=x", "cadet_id=99999999999"):
        term_with_a_day[0].get(f"{path}?{wrong}", as_=term_with_a_day[0].staff, expect=422)


@pytest.mark.requirement("13.1")
def test_lists_take_one_statement_however_long(term_with_a_day, count_queries):
    grading_api, term = term_with_a_day
    for number in range(5):
        grading_api.points(term, 1 + number % 4)
        grading_api.score(term, 1 + number % 4, "prelim", 80)
    for path in ("merits/records", "exams/scores"):
        with count_queries(grading_api.app) as statements:
            grading_api.get(f"/{path}?term_id={term}", as_=grading_api.staff)
        assert len(statements) == 1
