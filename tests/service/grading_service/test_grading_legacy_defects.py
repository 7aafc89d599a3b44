"""Defects of the legacy system (its measured list, D1 to D26) that grading could have repeated."""

import threading

import pytest

from tests.service.grading_service.grading_api import at, mark_of, points_of, score_of


def test_d10_a_grade_read_after_a_write_is_the_new_one(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    for number, status in enumerate(["present", "absent", "late", "none", "duty"]):
        answer = grading_api.mark(day, 1, status, occurred_at=at(number))["grades"][0]
        assert grading_api.row(term, 1) == answer | {"position": 1}
        assert grading_api.grade(term, 1)["version"] == answer["version"]
        me = grading_api.get(f"/grading/me?term_id={term}", as_=grading_api.people.cadet(1))
        assert me["components"]["attendance"] == answer["attendance"]


def test_d11_sixty_merits_at_once_are_sixty_points(grading_api):
    term = grading_api.term()
    gate, statuses = threading.Barrier(12), []

    def give():
        client = grading_api.app.test_client()
        gate.wait()
        for _ in range(5):
            body = {"records": [points_of(term, 1, "merit", 1)]}
            statuses.append(client.post("/api/v1/merits/records", json=body, headers=grading_api.staff).status_code)

    threads = [threading.Thread(target=give) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 60
    assert grading_api.row(term, 1)["merits"] == 60
    assert grading_api.get(f"/merits/records?term_id={term}", as_=grading_api.staff)["total"] == 60


def test_d12_a_batch_counts_and_a_mark_taken_back_is_subtracted(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    marks = [mark_of(day, cadet) for cadet in (1, 2, 3, 4)]
    grading_api.post("/attendance/marks", {"marks": marks}, as_=grading_api.staff)
    assert [grading_api.row(term, cadet)["days_present"] for cadet in (1, 2, 3, 4)] == [1, 1, 1, 1]
    grading_api.mark(day, 2, "none", occurred_at=at(1))
    assert [grading_api.row(term, cadet)["days_present"] for cadet in (1, 2, 3, 4)] == [1, 0, 1, 1]


def test_d13_a_batch_changes_marks_that_exist(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.mark(day, 1, "absent")
    outcome = grading_api.post(
        "/attendance/marks", {"marks": [mark_of(day, 1, "present", occurred_at=at(1))]}, as_=grading_api.staff
    )
    assert len(outcome["stored"]) == 1
    assert grading_api.row(term, 1)["absent"] == 0
    assert grading_api.row(term, 1)["days_present"] == 1


@pytest.mark.requirement("20.1")
def test_d18_no_question_however_odd_is_an_error_of_ours(grading_api):
    term = grading_api.term()
    paths = ["/terms", "/training-days", f"/grading/gradebook?term_id={term}", "/merits/records", "/exams/scores", "/attendance"]
    odd = [
        "page=abc",
        "page_size=-1",
        "limit=x",
        "term_id=abc",
        "training_day_id=abc",
        "search=%00",
        "cadet_id=abc",
        "sort=%27",
        "cursor=[]",
    ]
    for path in paths:
        for question in odd:
            joined = f"/api/v1{path}{'&' if '?' in path else '?'}{question}"
            assert grading_api.client.get(joined, headers=grading_api.staff).status_code < 500, joined


def test_d20_whoever_records_is_taken_from_the_token_and_from_nothing_else(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    spoof = {"actor_id": 999, "issued_by_user_id": 999, "user_id": 999, "marked_by": 999}
    staff = grading_api.people.staff(user_id=77)
    facts = {
        "/merits/records": ("records", points_of(term, 1)),
        "/attendance/marks": ("marks", mark_of(day, 1)),
        "/exams/scores": ("scores", score_of(term, 1, "prelim", 80)),
    }
    for path, (name, fact) in facts.items():
        refused = grading_api.post(path, {name: [fact | spoof]}, as_=staff, expect=422)
        assert set(refused["details"][name]["0"]) == set(spoof)
        grading_api.post(path, {name: [fact]}, as_=staff)
    assert grading_api.get(f"/merits/records?term_id={term}", as_=staff)["data"][0]["actor_id"] == 77
    assert grading_api.get(f"/exams/scores?term_id={term}", as_=staff)["data"][0]["actor_id"] == 77
    roll = grading_api.get(f"/attendance?training_day_id={day}", as_=staff)["data"]
    assert next(row for row in roll if row["cadet_id"] == 1)["marked_by"] == 77


def test_d21_numbers_out_of_range_are_refused(grading_api):
    term = grading_api.term()
    records = [points_of(term, 1, "merit", value) for value in (-5, 0, 99999, 101)]
    assert len(grading_api.post("/merits/records", {"records": records}, as_=grading_api.staff)["rejected"]) == 4
    scores = [score_of(term, 1, "prelim", value) for value in (-5, 100.5, 99999)]
    assert len(grading_api.post("/exams/scores", {"scores": scores}, as_=grading_api.staff)["rejected"]) == 3
    assert grading_api.row(term, 1)["state"] == "no_data"


def test_d23_every_list_has_the_one_shape_and_tells_the_limit_it_used(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    paths = ["/terms", "/training-days", f"/grading/gradebook?term_id={term}", "/merits/records", "/exams/scores"]
    for path in [*paths, f"/attendance?training_day_id={day}"]:
        page = grading_api.get(f"{path}{'&' if '?' in path else '?'}page_size=7", as_=grading_api.staff)
        assert set(page) == {"data", "page", "limit", "total", "next_cursor"}
        assert page["limit"] == 7
