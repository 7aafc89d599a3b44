"""Terms and training days over HTTP."""

import pytest

TERM = {
    "name": "MS1",
    "school_year": "2026-2027",
    "semester": "1st Semester",
    "starts_on": "2026-08-01",
    "ends_on": "2026-12-31",
    "cadet_course": "MS1",
}


def test_a_term_is_created_with_policy_version_one(grading_api):
    term = grading_api.post("/terms", TERM, expect=201)
    assert term["policy_version"] == 1
    assert (term["days_count"], term["version"], term["cadet_course"]) == (0, 1, "MS1")
    assert grading_api.get(f"/terms/{term['id']}") == term


def test_the_policy_of_a_term_can_be_read_by_everyone(grading_api):
    policy = grading_api.get(f"/terms/{grading_api.term()}/policy", as_=grading_api.people.cadet(1))
    assert policy["attendance"]["weight"] == "30"
    assert policy["attendance"]["credit"] == {"present": "1", "late": "1", "excused": "1", "duty": "1", "absent": "0"}
    assert [step["grade"] for step in policy["transmutation"]["steps"]] == ["1.00", "1.50", "2.00", "2.50", "3.00"]
    assert policy["subject"]["exams"][0] == {"exam": "prelim", "label": "Prelim", "max": "100"}
    assert policy["maximum"] == "100"


def test_the_same_term_twice_is_a_conflict_that_names_the_first(grading_api):
    first = grading_api.post("/terms", TERM, expect=201)
    answer = grading_api.post("/terms", TERM, expect=409)
    assert (answer["code"], answer["details"]["id"]) == ("term_exists", first["id"])


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", None), ("name", "a\x00b"), ("name", "x" * 121), ("name", 5), ("school_year", []),
        ("starts_on", "2026-02-30"), ("starts_on", 7), ("ends_on", "2026-07-31"), ("cadet_course", {}), ("policy_version", 9),
    ],
)  # fmt: skip
def test_a_term_with_a_bad_field_is_refused_by_name(grading_api, field, value):
    answer = grading_api.post("/terms", TERM | {field: value}, expect=422)
    assert answer["code"] == "invalid_fields"
    assert field in answer["details"]


def test_an_update_needs_the_version_that_was_read(grading_api):
    term = grading_api.post("/terms", TERM, expect=201)
    changed = grading_api.call(
        "PATCH", f"/terms/{term['id']}", json={"name": "MS-1"}, as_={**grading_api.command, "If-Match": '"1"'}
    )
    assert (changed["name"], changed["version"]) == ("MS-1", 2)
    stale = grading_api.client.patch(
        f"/api/v1/terms/{term['id']}", json={"name": "X"}, headers={**grading_api.command, "If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert grading_api.get(f"/terms/{term['id']}")["name"] == "MS-1"


def test_a_term_cannot_shrink_below_its_training_days(grading_api):
    term = grading_api.term()
    grading_api.days(term, 3)
    answer = grading_api.call("PATCH", f"/terms/{term}", json={"ends_on": "2026-08-08"}, expect=409)
    assert answer["code"] == "training_days_outside_term"
    assert [day["date"] for day in answer["details"]["training_days"]] == ["2026-08-15"]


def test_a_series_makes_all_its_days_at_once(grading_api):
    term = grading_api.term()
    body = {"term_id": term, "starts_on": "2026-08-03", "weekday": "saturday", "count": 3, "skip": ["2026-08-15"]}
    created = grading_api.post("/training-days/series", body | {"title_pattern": "Drill {n} on {date}"}, expect=201)["created"]
    assert [day["date"] for day in created] == ["2026-08-08", "2026-08-22", "2026-08-29"]
    assert created[0]["title"] == "Drill 1 on 2026-08-08"
    assert grading_api.get(f"/terms/{term}")["days_count"] == 3
    listed = grading_api.get(f"/training-days?term_id={term}")
    assert (listed["total"], listed["data"]) == (3, created)


@pytest.mark.parametrize("weekday", [5, 6, 0, 7, 6.0, "6"])
def test_a_weekday_goes_by_name_and_a_number_is_refused_in_words(grading_api, weekday):
    """Saturday was 5 on the screen and 6 here, so that every planned Saturday was a Friday."""
    term = grading_api.term()
    body = {"term_id": term, "starts_on": "2026-08-03", "weekday": weekday, "count": 3}
    for path in ("/training-days/series", "/training-days/series/preview"):
        refused = grading_api.post(path, body, expect=422)
        assert "Name the day" in refused["details"]["weekday"][0]
    assert grading_api.get(f"/training-days?term_id={term}")["total"] == 0
    created = grading_api.post("/training-days/series", body | {"weekday": "Saturday"}, expect=201)["created"]
    assert [day["date"] for day in created] == ["2026-08-08", "2026-08-15", "2026-08-22"]


def test_what_is_shown_before_is_what_is_made(grading_api):
    term = grading_api.term()
    grading_api.post("/training-days", {"term_id": term, "date": "2026-08-05", "title": "Muster"}, expect=201)
    body = {"term_id": term, "starts_on": "2026-08-03", "weekday": "saturday", "count": 3, "skip": ["2026-08-15", "2026-08-16"]}
    shown = grading_api.post("/training-days/series/preview", body, expect=200)["days"]
    assert [(day["date"], day["weekday"], day["left_out"], day["title"]) for day in shown] == [
        ("2026-08-08", "saturday", False, "Training day 2"),
        ("2026-08-15", "saturday", True, None),
        ("2026-08-22", "saturday", False, "Training day 3"),
        ("2026-08-29", "saturday", False, "Training day 4"),
    ]
    assert {day["problem"] for day in shown} == {None}
    assert grading_api.get(f"/terms/{term}")["days_count"] == 1
    created = grading_api.post("/training-days/series", body, expect=201)["created"]
    kept = [day for day in shown if not day["left_out"]]
    assert [(day["date"], day["title"]) for day in created] == [(day["date"], day["title"]) for day in kept]


def test_what_would_refuse_a_series_is_shown_beside_its_dates(grading_api):
    term = grading_api.term(ends_on="2026-08-20")
    grading_api.post("/training-days", {"term_id": term, "date": "2026-08-15", "title": "Muster"}, expect=201)
    body = {"term_id": term, "starts_on": "2026-08-03", "weekday": "saturday", "count": 3}
    shown = grading_api.post("/training-days/series/preview", body, expect=200)["days"]
    assert [day["problem"] for day in shown] == [None, "training_day_exists", "date_outside_term"]
    grading_api.post("/training-days/series", body, expect=422)
    body["ends_on"], body["count"] = "2026-08-20", None
    grading_api.post("/training-days/series", body, expect=409)
    grading_api.post("/training-days/series", body | {"skip": ["2026-08-15"]}, expect=201)
    grading_api.post("/training-days/series/preview", body | {"term_id": 4711}, expect=404)


def test_a_series_that_meets_an_existing_day_makes_none(grading_api):
    term = grading_api.term()
    day = grading_api.post("/training-days", {"term_id": term, "date": "2026-08-15", "title": "Muster"}, expect=201)
    body = {"term_id": term, "starts_on": "2026-08-01", "count": 4}
    answer = grading_api.post("/training-days/series", body, expect=409)
    assert (answer["code"], answer["details"]["training_days"][0]["id"]) == ("training_day_exists", day["id"])
    assert grading_api.get(f"/training-days?term_id={term}")["total"] == 1


@pytest.mark.parametrize(
    "more",
    [{}, {"count": 3, "ends_on": "2026-09-01"}, {"count": 0}, {"count": 61}, {"count": "3"}, {"count": 3, "weekday": "caturday"},
     {"count": 3, "weekday": True}, {"count": 3, "weekday": ["monday"]}, {"count": 3, "skip": "x"}, {"count": 40},
     {"count": 3, "title_pattern": ""}, {"ends_on": "2026-07-01"}],
)  # fmt: skip
def test_a_series_that_makes_no_sense_is_refused(grading_api, more):
    term = grading_api.term()
    grading_api.post("/training-days/series", {"term_id": term, "starts_on": "2026-08-01"} | more, expect=422)
    assert grading_api.get(f"/training-days?term_id={term}")["total"] == 0


def test_two_training_days_on_one_date_are_a_conflict(grading_api):
    body = {"term_id": grading_api.term(), "date": "2026-08-15", "title": "Muster"}
    grading_api.post("/training-days", body, expect=201)
    assert grading_api.post("/training-days", body, expect=409)["code"] == "training_day_exists"


def test_a_date_outside_the_term_is_refused(grading_api):
    body = {"term_id": grading_api.term(), "date": "2027-01-02", "title": "Late"}
    assert grading_api.post("/training-days", body, expect=422)["code"] == "date_outside_term"


def test_a_day_of_an_unknown_term_is_not_found(grading_api):
    grading_api.post("/training-days", {"term_id": 4711, "date": "2026-08-15", "title": "Muster"}, expect=404)
    grading_api.get("/training-days/4711", expect=404)
    grading_api.get("/terms/99999999999999999999", expect=404)


def test_a_day_can_be_renamed_and_moved_but_not_onto_another(grading_api):
    first, second, _third = grading_api.days(grading_api.term())
    moved = grading_api.call("PATCH", f"/training-days/{second}", json={"date": "2026-08-09", "title": "Moved"})
    assert (moved["date"], moved["title"], moved["version"]) == ("2026-08-09", "Moved", 2)
    grading_api.call("PATCH", f"/training-days/{first}", json={"date": "2026-08-09"}, expect=409)
    stale = grading_api.client.patch(
        f"/api/v1/training-days/{second}", json={}, headers={**grading_api.command, "If-Match": '"1"'}
    )
    assert stale.status_code == 412


def test_a_day_says_how_many_marks_would_move_with_it(grading_api):
    day, _second, _third = grading_api.days(grading_api.term())
    grading_api.mark(day, 1, "present")
    grading_api.mark(day, 2, "absent")
    grading_api.mark(day, 2, "none")
    assert grading_api.get(f"/training-days/{day}")["marks"] == 1
    moved = grading_api.call("PATCH", f"/training-days/{day}", json={"date": "2026-08-02"})
    shown = grading_api.get(f"/attendance?training_day_id={day}", as_=grading_api.staff)["data"]
    assert moved["date"] == "2026-08-02"
    assert [row["status"] for row in shown].count("present") == 1


def test_cancelling_a_day_takes_it_out_of_every_grade_and_reinstating_brings_it_back(grading_api):
    term = grading_api.term()
    first, second, third = grading_api.days(term)
    grading_api.mark(first, 1, "present")
    grading_api.mark(second, 1, "absent")
    grading_api.mark(third, 1, "absent")
    assert grading_api.row(term, 1)["attendance"] == "10.00"
    day = grading_api.post(f"/training-days/{third}/cancel", {"reason": "Typhoon"})
    assert (day["is_cancelled"], day["cancel_reason"]) == (True, "Typhoon")
    row = grading_api.row(term, 1)
    assert (row["attendance"], row["absent"], row["days_counted"]) == ("15.00", 1, 2)
    assert grading_api.get(f"/terms/{term}")["days_count"] == 2
    assert grading_api.post(f"/training-days/{third}/cancel", {"reason": "Again"}, expect=409)["code"] == "training_day_cancelled"
    grading_api.post(f"/training-days/{third}/reinstate")
    assert grading_api.row(term, 1)["attendance"] == "10.00"
    grading_api.post(f"/training-days/{third}/reinstate", expect=409)


def test_a_mark_on_a_cancelled_day_is_kept_and_counts_when_the_day_is_back(grading_api):
    term = grading_api.term()
    first, second, _third = grading_api.days(term)
    grading_api.mark(first, 1, "present")
    grading_api.post(f"/training-days/{second}/cancel", {"reason": "Typhoon"})
    assert len(grading_api.mark(second, 1, "absent")["stored"]) == 1
    assert grading_api.row(term, 1)["so_far"]["attendance"] == "15.00"
    grading_api.post(f"/training-days/{second}/reinstate")
    assert grading_api.row(term, 1)["so_far"]["attendance"] == "10.00"


def test_a_new_day_makes_complete_grades_provisional_again(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.mark(day, 1)
    for exam in ("prelim", "midterm", "final"):
        grading_api.score(term, 1, exam, 90)
    before = grading_api.row(term, 1)
    assert before["state"] == "complete"
    grading_api.post("/training-days", {"term_id": term, "date": "2026-09-05", "title": "One more"}, expect=201)
    after = grading_api.row(term, 1)
    assert (after["state"], after["missing"], after["final"]) == ("provisional", ["attendance"], None)
    assert after["version"] > before["version"]
    assert grading_api.row(term, 2)["state"] == "no_data"


def test_an_idempotency_key_makes_a_series_repeatable(grading_api):
    body = {"term_id": grading_api.term(), "starts_on": "2026-08-01", "count": 2}
    key = {**grading_api.command, "Idempotency-Key": "series-1"}
    first = grading_api.client.post("/api/v1/training-days/series", json=body, headers=key)
    second = grading_api.client.post("/api/v1/training-days/series", json=body, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    other = grading_api.client.post("/api/v1/training-days/series", json=body | {"count": 3}, headers=key)
    assert other.get_json()["code"] == "idempotency_key_reused"


@pytest.mark.requirement("22.1", "22.2", "22.3", "22.4")
def test_training_days_are_paged(grading_api):
    term = grading_api.term(ends_on="2027-08-01")
    grading_api.days(term, 25)
    page = grading_api.get(f"/training-days?term_id={term}")
    assert (len(page["data"]), page["limit"], page["total"], page["page"]) == (20, 20, 25, 1)
    second = grading_api.get(f"/training-days?term_id={term}&page=2")
    assert (len(second["data"]), second["page"]) == (5, 2)
    beyond = grading_api.get(f"/training-days?term_id={term}&page=9&page_size=1000")
    assert (beyond["data"], beyond["total"], beyond["limit"]) == ([], 25, 100)
    for wrong in ("page_size=0", "page_size=x", "page=-1", "term_id=x", "term_id=%00"):
        grading_api.get(f"/training-days?{wrong}", expect=422)


@pytest.mark.requirement("22.3")
def test_a_page_beyond_the_end_still_tells_the_total(grading_api):
    term = grading_api.term()
    (day, *_) = grading_api.days(term, 3)
    grading_api.points(term, 1)
    grading_api.score(term, 1, "prelim", 80)
    lists = {"/terms?": 1, f"/training-days?term_id={term}&": 3, "/merits/records?": 1, "/exams/scores?": 1}
    for path, total in (lists | {f"/attendance?training_day_id={day}&": 4}).items():
        page = grading_api.get(f"{path}page=7", as_=grading_api.staff)
        assert (page["data"], page["total"]) == ([], total)
    second = grading_api.get(f"/attendance?training_day_id={day}&page=2&page_size=3", as_=grading_api.staff)
    assert ([row["cadet_id"] for row in second["data"]], second["next_cursor"]) == ([4], None)
