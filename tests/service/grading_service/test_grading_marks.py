"""Attendance marks over HTTP: each judged by itself, known by its id, in force by when it was made."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from cli.local.ports import free_port
from grading_service.app import create_app
from libs.contracts.events.grading import ATTENDANCE_MARKED
from libs.data.db import db
from libs.ids import uuid7
from tests.service.grading_service.grading_api import GradingApi, at, mark_of, points_of, score_of, told
from tests.support.served import served


@pytest.fixture
def term_with_days(grading_api):
    """A term with three training days: (service, term, days)."""
    term = grading_api.term()
    return grading_api, term, grading_api.days(term)


def send(grading_api, *marks, expect=200):
    return grading_api.post("/attendance/marks", {"marks": list(marks)}, as_=grading_api.staff, expect=expect)


def test_a_mark_is_stored_and_answers_with_the_new_grade(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    mark = mark_of(day, 1, "late")
    outcome = send(grading_api, mark)
    assert (outcome["stored"], outcome["duplicates"], outcome["rejected"]) == ([mark["id"]], [], [])
    assert outcome["grades"][0]["late"] == 1
    roll = grading_api.get(f"/attendance?training_day_id={day}", as_=grading_api.staff)
    mine = next(row for row in roll["data"] if row["cadet_id"] == 1)
    assert (mine["status"], mine["record_id"], mine["marked_by"]) == ("late", mark["id"], 2)
    assert [row["status"] for row in roll["data"] if row["cadet_id"] != 1] == [None, None, None]
    assert grading_api.row(term, 1) == outcome["grades"][0] | {"position": 1}


def test_the_same_mark_twice_is_stored_once_and_answers_the_same_grade(term_with_days):
    grading_api, _term, (day, *_) = term_with_days
    mark = mark_of(day, 1)
    first, second = send(grading_api, mark), send(grading_api, mark)
    assert (second["stored"], second["duplicates"]) == ([], [mark["id"]])
    assert second["grades"] == first["grades"]
    both = send(grading_api, mark, mark, mark_of(day, 2))
    assert (len(both["stored"]), both["duplicates"]) == (1, [mark["id"], mark["id"]])


def test_a_batch_of_somebody_else_is_refused_whole(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    mine, record, score = mark_of(day, 1), points_of(term, 1), score_of(term, 1, "final", 90)
    batches = {
        "/attendance/marks": {"marks": [mine]},
        "/merits/records": {"records": [record]},
        "/exams/scores": {"scores": [score]},
    }
    void = {"id": str(uuid7()), "reason": "Wrong cadet", "occurred_at": at(1)}
    for own, expect in ((False, 403), (True, 200)):
        actor = {"actor": 2 if own else 3}
        for path, batch in batches.items():
            answer = grading_api.post(path, batch | actor, as_=grading_api.staff, expect=expect)
            assert answer.get("code", "stored") == ("stored" if own else "actor_mismatch")
        if not own:
            assert grading_api.row(term, 1)["version"] == 0, "nothing is stored"
        else:
            grading_api.post(f"/merits/records/{record['id']}/void", void | {"actor": 3}, as_=grading_api.staff, expect=403)
        assert [item["voided"] for item in grading_api.get(f"/merits/records?term_id={term}")["data"]] == [None] * own
    grading_api.post(f"/merits/records/{record['id']}/void", void | actor, as_=grading_api.staff)


def test_a_refused_mark_sent_twice_in_one_request_is_refused_twice(term_with_days):
    grading_api, _term, _days = term_with_days
    outcome = send(grading_api, *[mark_of(4711, 1)] * 2)
    assert (outcome["stored"], outcome["duplicates"]) == ([], [])
    assert [(item["index"], item["code"]) for item in outcome["rejected"]] == [
        (0, "unknown_training_day"),
        (1, "unknown_training_day"),
    ]


def test_an_id_used_for_another_mark_is_refused(term_with_days):
    grading_api, term, (day, other, _) = term_with_days
    mark = mark_of(day, 1)
    send(grading_api, mark)
    for change in ({"status": "absent"}, {"cadet_id": 2}, {"training_day_id": other}, {"device_seq": 9}, {"occurred_at": at(5)}):
        outcome = send(grading_api, mark | change)
        assert [(item["id"], item["code"]) for item in outcome["rejected"]] == [(mark["id"], "record_id_conflict")]
    assert grading_api.row(term, 1)["days_present"] == 1
    new = mark_of(day, 3)
    outcome = send(grading_api, new, new | {"status": "absent"})
    assert (outcome["stored"], [item["code"] for item in outcome["rejected"]]) == ([new["id"]], ["record_id_conflict"])


BAD = {
    "no object": ("x", "invalid"),
    "null": (None, "invalid"),
    "list": ([1], "invalid"),
    "empty": ({}, "unknown_status"),
    "status": ({"status": "asleep"}, "unknown_status"),
    "status type": ({"status": ["present"]}, "unknown_status"),
    "id": ({"id": "42"}, "invalid"),
    "id type": ({"id": 42}, "invalid"),
    "id NUL": ({"id": "\x00"}, "invalid"),
    "cadet text": ({"cadet_id": "1"}, "invalid"),
    "cadet true": ({"cadet_id": True}, "invalid"),
    "cadet huge": ({"cadet_id": 2**31}, "invalid"),
    "cadet float": ({"cadet_id": 1.5}, "invalid"),
    "cadet unknown": ({"cadet_id": 4711}, "cadet_unknown_try_again"),
    "day zero": ({"training_day_id": 0}, "invalid"),
    "day unknown": ({"training_day_id": 4711}, "unknown_training_day"),
    "time naive": ({"occurred_at": "2026-08-01T08:00:00"}, "invalid"),
    "time text": ({"occurred_at": "soon"}, "invalid"),
    "time number": ({"occurred_at": 1}, "invalid"),
    "time ancient": ({"occurred_at": "1999-01-01T00:00:00Z"}, "invalid"),
    "seq negative": ({"device_seq": -1}, "invalid"),
    "seq huge": ({"device_seq": 2**63}, "invalid"),
    "seq text": ({"device_seq": "1"}, "invalid"),
    "device NUL": ({"device_id": "a\x00"}, "invalid"),
    "device long": ({"device_id": "x" * 65}, "invalid"),
    "reason type": ({"reason": {}}, "invalid"),
    "reason surrogate": ({"reason": "\x1b[31m"}, "invalid"),
}


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("name", BAD)
def test_one_bad_mark_never_spoils_the_rest(term_with_days, name):
    grading_api, _term, (day, *_) = term_with_days
    change, code = BAD[name]
    bad = mark_of(day, 2) | change if isinstance(change, dict) and change else change
    good = mark_of(day, 1)
    outcome = send(grading_api, bad, good)
    assert outcome["stored"] == [good["id"]]
    assert [(item["index"], item["code"]) for item in outcome["rejected"]] == [(0, code)]
    assert outcome["rejected"][0]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422), ({"marks": []}, 422), ({"marks": {}}, 422), ({"marks": "x"}, 422), ({"marks": None}, 422), ([], 422), (7, 422),
        ({"marks": [{}], "more": 1}, 422), ({"marks": [{}] * 501}, 422),
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_shape_is_refused_whole(term_with_days, body, status):
    answer = term_with_days[0].post("/attendance/marks", body, as_=term_with_days[0].staff, expect=status)
    assert answer["code"] == "invalid_fields"


def test_broken_json_is_a_bad_request(term_with_days):
    grading_api = term_with_days[0]
    for raw in (b"{", b"\xff\xfe", b'{"marks": [NaN]}'):
        answer = grading_api.client.post(
            "/api/v1/attendance/marks", data=raw, headers=grading_api.staff, content_type="application/json"
        )
        assert answer.status_code == 400


def test_the_mark_made_last_is_in_force_whichever_arrives_last(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    grading_api.mark(day, 1, "absent", occurred_at=at(10))
    grading_api.mark(day, 1, "present", occurred_at=at(5))
    assert grading_api.row(term, 1)["absent"] == 1
    grading_api.mark(day, 1, "excused", occurred_at=at(10), device_seq=2)
    assert (grading_api.row(term, 1)["absent"], grading_api.row(term, 1)["excused"]) == (0, 1)


def test_none_takes_a_mark_back_and_an_older_mark_cannot_return(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    grading_api.mark(day, 1, "absent", occurred_at=at(1))
    assert grading_api.row(term, 1)["state"] == "provisional"
    cleared = grading_api.mark(day, 1, "none", occurred_at=at(2))
    assert (cleared["grades"][0]["state"], cleared["grades"][0]["aptitude"]) == ("no_data", None)
    grading_api.mark(day, 1, "present", occurred_at=at(1.5))
    row = grading_api.row(term, 1)
    assert (row["state"], row["days_counted"], row["attendance"]) == ("no_data", 0, None)
    roll = grading_api.get(f"/attendance?training_day_id={day}", as_=grading_api.staff)["data"]
    assert {row["status"] for row in roll} == {None}


def test_a_batch_over_two_terms_moves_both(grading_api):
    first, second = grading_api.term(), grading_api.term(name="MS2")
    (one,), (two,) = grading_api.days(first, 1), grading_api.days(second, 1)
    outcome = send(grading_api, mark_of(one, 1), mark_of(two, 1, "absent"))
    assert len(outcome["stored"]) == 2
    assert {row["term_id"]: row["attendance"] for row in outcome["grades"]} == {first: "30.00", second: "0.00"}
    assert (grading_api.row(first, 1)["attendance"], grading_api.row(second, 1)["attendance"]) == ("30.00", "0.00")


@pytest.mark.requirement("13.1")
def test_a_batch_of_a_hundred_takes_as_many_statements_as_one_mark(grading_api, count_queries):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.cadets(*range(1, 101))
    send(grading_api, *[mark_of(day, cadet, "present") for cadet in range(1, 101)])
    with count_queries(grading_api.app) as one:
        send(grading_api, mark_of(day, 1, "late", occurred_at=at(1)))
    with count_queries(grading_api.app) as many:
        send(grading_api, *[mark_of(day, cadet, "absent", occurred_at=at(2)) for cadet in range(1, 101)])
    # Store the facts, put them in force and hold the grades; write these; tell the events.
    assert (len(one), len(many)) == (3, 3)


def test_people_who_mark_at_once_share_a_transaction_and_each_gets_the_own_answer(term_with_days):
    grading_api, _term, (day, *_) = term_with_days
    (elsewhere,) = grading_api.days(grading_api.term(school_year="2027-2028"), 1)
    # Of eight people, one marks in another term and one on a day that does not exist.
    days = [day, day, day, day, day, day, elsewhere, 4711]
    statuses = ["late", "late", "late", "late", "present", "present", "present", "present"]
    marks = [mark_of(days[number], number % 4 + 1, statuses[number], occurred_at=at(number)) for number in range(8)]
    people = [grading_api.people.staff(user_id=20 + number, staff_id=20 + number) for number in range(8)]

    def send(number):
        body = {"marks": [marks[number]]}
        answer = grading_api.app.test_client().post("/api/v1/attendance/marks", json=body, headers=people[number])
        assert answer.status_code == 200
        return answer.get_json()

    with grading_api.app.app_context():
        engine = db.engine
    with ThreadPoolExecutor(8) as phones:
        # Whoever holds the terms stops the first, and the others come meanwhile.
        with engine.begin() as connection:
            connection.execute(text("SELECT id FROM grading.term FOR UPDATE"))
            answers = [phones.submit(send, number) for number in range(8)]
            time.sleep(0.1)
        answers = [answer.result() for answer in answers]
    for number, answer in enumerate(answers[:7]):
        assert (answer["stored"], answer["rejected"]) == ([marks[number]["id"]], [])
        assert [row["cadet_id"] for row in answer["grades"]] == [number % 4 + 1]
        assert answer["grades"][0]["days_present"] == 1
    assert (answers[7]["stored"], answers[7]["grades"]) == ([], [])
    assert [item["code"] for item in answers[7]["rejected"]] == ["unknown_training_day"]
    # Cadet 3 was late in the one term and present in the other.
    assert [answers[number]["grades"][0]["late"] for number in (2, 6)] == [1, 0]
    with engine.connect() as connection:
        query = "SELECT CAST(id AS text), actor_id, CAST(xmin AS text) FROM grading.record WHERE status <> ''"
        records = connection.execute(text(query)).all()
    assert {id_: actor for id_, actor, _ in records} == {marks[number]["id"]: 20 + number for number in range(7)}
    assert len({transaction for *_, transaction in records}) <= 4
    heard = {mark["id"]: mark["actor_id"] for _, event in told(grading_api, ATTENDANCE_MARKED) for mark in event["marks"]}
    # Of two marks of one cadet on one day only the later need be told.
    assert {(marks[number]["id"], 20 + number) for number in (2, 3, 4, 5, 6)} <= set(heard.items())


def test_whoever_waits_for_a_lock_soon_waits_without_the_others(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    (elsewhere,) = grading_api.days(grading_api.term(school_year="2027-2028"), 1)

    def send(day_id, cadet):
        body = {"marks": [mark_of(day_id, cadet)]}
        answer = grading_api.app.test_client().post("/api/v1/attendance/marks", json=body, headers=grading_api.staff)
        assert answer.status_code == 200
        return len(answer.get_json()["stored"])

    with grading_api.app.app_context():
        engine = db.engine
    with ThreadPoolExecutor(6) as phones:
        with engine.begin() as connection:
            connection.execute(text("SELECT id FROM grading.term WHERE id = :id FOR UPDATE"), {"id": term})
            stopped = [phones.submit(send, day, 1)]
            time.sleep(0.05)
            free = [phones.submit(send, elsewhere, cadet) for cadet in (1, 2, 3)]
            stopped.append(phones.submit(send, day, 2))
            assert [answer.result(timeout=3) for answer in free] == [1, 1, 1]
            assert not any(answer.done() for answer in stopped)
        assert [answer.result() for answer in stopped] == [1, 1]


def test_cadets_of_whom_no_event_arrived_are_asked_for_in_one_call(make_settings, service_app, people):
    roster = service_app("roster")
    body = {"student_id": "2026-9999", "first_name": "Ana", "last_name": "Ibañez", "cadet_course": "MS1", "company": "Alpha"}
    created = roster.test_client().post("/api/v1/cadets", json=body, headers=people.admin())
    assert created.status_code == 201, created.get_data(as_text=True)
    cadet_id = created.get_json()["id"]
    service_app("grading")
    asked = []

    def counting(environ, start):
        asked.append(environ["PATH_INFO"])
        return roster(environ, start)

    with served(counting) as url:
        grading_api = GradingApi(app := create_app(make_settings("grading", ROSTER_URL=url)), app.test_client(), people)
        (day,) = grading_api.days(grading_api.term(), 1)
        nobody = [mark_of(day, 4711 + number) for number in range(498)]
        outcome = send(grading_api, mark_of(day, cadet_id), *nobody, mark_of(day, cadet_id, "late", occurred_at=at(1)))
        assert len(outcome["stored"]) == 2
        assert {item["code"] for item in outcome["rejected"]} == {"unknown_cadet"}
        assert outcome["grades"][0]["name"] == "Ibañez, Ana"
        send(grading_api, mark_of(day, cadet_id, "excused", occurred_at=at(2)))
        assert asked == ["/internal/cadets/lookup"], "one call for five hundred, none for who is known"


@pytest.mark.parametrize("enrolled", [True, False])
def test_the_roster_is_asked_outside_the_transaction_of_an_idempotency_key(make_settings, service_app, people, enrolled):
    roster = service_app("roster")
    cadet_id = 4711
    if enrolled:
        body = {"student_id": "2026-9998", "first_name": "Ana", "last_name": "Ibañez", "cadet_course": "MS1"}
        cadet_id = roster.test_client().post("/api/v1/cadets", json=body, headers=people.admin()).get_json()["id"]
    service_app("grading")
    asked = []

    def counting(environ, start):
        asked.append(environ["PATH_INFO"])
        return roster(environ, start)

    with served(counting) as url:
        grading_api = GradingApi(app := create_app(make_settings("grading", ROSTER_URL=url)), app.test_client(), people)
        (day,) = grading_api.days(grading_api.term(), 1)
        key = {**grading_api.staff, "Idempotency-Key": str(uuid7())}
        body = {"marks": [mark_of(day, cadet_id), mark_of(day, 4712)]}
        first, second = (grading_api.client.post("/api/v1/attendance/marks", json=body, headers=key) for _ in range(2))
    assert first.status_code == 200, first.get_data(as_text=True)
    assert (len(first.get_json()["stored"]), len(first.get_json()["rejected"])) == ((1, 1) if enrolled else (0, 2))
    assert second.get_json() == first.get_json()
    assert asked == ["/internal/cadets/lookup"]


def test_with_the_roster_down_only_the_unknown_cadet_is_told_to_try_again(make_settings, service_app, people):
    service_app("grading")
    app = create_app(make_settings("grading", ROSTER_URL=f"http://127.0.0.1:{free_port()}"))
    grading_api = GradingApi(app, app.test_client(), people)
    grading_api.cadets(1)
    (day,) = grading_api.days(grading_api.term(), 1)
    outcome = send(grading_api, mark_of(day, 4711), mark_of(day, 1), mark_of(day, 4712))
    assert len(outcome["stored"]) == 1
    assert [(item["index"], item["code"]) for item in outcome["rejected"]] == [
        (0, "cadet_unknown_try_again"),
        (2, "cadet_unknown_try_again"),
    ]


def test_an_archived_cadet_leaves_the_gradebook_and_keeps_the_records(term_with_days):
    grading_api, term, (day, *_) = term_with_days
    grading_api.mark(day, 1)
    grading_api.cadets(1, is_archived=True, version=2)
    rows = grading_api.get(f"/grading/gradebook?term_id={term}", as_=grading_api.staff)
    assert (rows["total"], {row["cadet_id"] for row in rows["data"]}) == (3, {2, 3, 4})
    assert grading_api.grade(term, 1)["so_far"]["attendance"] == "10.00"
    outcome = grading_api.mark(day, 1, "absent", occurred_at=at(3))
    assert (len(outcome["stored"]), outcome["effects"][0]["reason"], outcome["grades"]) == (1, "archived_cadet", [])
    grading_api.cadets(1, version=3)
    assert (grading_api.row(term, 1)["days_present"], grading_api.row(term, 1)["absent"]) == (1, 0)


def test_an_idempotency_key_makes_a_batch_repeatable(term_with_days):
    grading_api, _term, (day, *_) = term_with_days
    body = {"marks": [mark_of(day, 1)]}
    key = {**grading_api.staff, "Idempotency-Key": str(uuid7())}
    first = grading_api.client.post("/api/v1/attendance/marks", json=body, headers=key)
    second = grading_api.client.post("/api/v1/attendance/marks", json=body, headers=key)
    assert first.get_json() == second.get_json()
    assert second.get_json()["stored"]


@pytest.mark.requirement("22.5")
def test_the_roll_is_read_on_by_cursor(term_with_days):
    grading_api, _term, (day, *_) = term_with_days
    seen, cursor = [], ""
    while cursor is not None:
        page = grading_api.get(
            "/attendance", query_string={"training_day_id": day, "page_size": 3, "cursor": cursor}, as_=grading_api.staff
        )
        seen += [row["cadet_id"] for row in page["data"]]
        assert page["total"] == 4
        cursor = page["next_cursor"]
    assert seen == [1, 2, 3, 4]
    bravo = grading_api.get(f"/attendance?training_day_id={day}&company=Bravo&platoon=1st Platoon", as_=grading_api.staff)
    assert [row["cadet_id"] for row in bravo["data"]] == [2, 4]
    grading_api.get("/attendance?training_day_id=4711", as_=grading_api.staff, expect=404)
    for wrong in ("", "training_day_id=abc", f"training_day_id={day}&cursor=zzz", f"training_day_id={day}&company=%00"):
        grading_api.get(f"/attendance?{wrong}", as_=grading_api.staff, expect=422)
