"""What grading tells the other services, what it learns from the roster, and the doors for other services."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from grading_service.app import HANDLERS, create_app
from grading_service.operations.cadets import reconcile_cadets
from libs.clients.grading import GradingClient
from libs.contracts import events
from libs.data.db import reading, transaction
from libs.events.consumer import Consumer
from libs.ids import uuid7
from libs.web.errors import NotFound
from tests.service.grading_service.grading_api import GradingApi, at, cadet_row, mark_of, points_of, told
from tests.support.served import served


def test_a_batch_is_told_in_two_events(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    before = len(told(grading_api))
    outcome = grading_api.post(
        "/attendance/marks", {"marks": [mark_of(day, 1), mark_of(day, 2, "absent")]}, as_=grading_api.staff
    )
    marked, changed = told(grading_api)[before:]
    assert marked[0] == events.grading.ATTENDANCE_MARKED
    marks = [(mark["cadet_id"], mark["status"], mark["actor_id"]) for mark in marked[1]["marks"]]
    assert sorted(marks) == [(1, "present", 2), (2, "absent", 2)]
    assert changed == (events.grading.GRADES_CHANGED, {"term_id": term, "rows": outcome["grades"]})
    grading_api.post("/attendance/marks", {"marks": [mark_of(day, 1, occurred_at=at(-5))]}, as_=grading_api.staff)
    assert len(told(grading_api)) == before + 2


def test_an_event_carries_at_most_a_hundred_rows(grading_api):
    grading_api.cadets(*range(1, 251))
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.post("/attendance/marks", {"marks": [mark_of(day, cadet) for cadet in range(1, 251)]}, as_=grading_api.staff)
    assert [len(data["rows"]) for _, data in told(grading_api, events.grading.GRADES_CHANGED)] == [100, 100, 50]
    grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
    assert [len(data["rows"]) for _, data in told(grading_api, events.grading.GRADES_CHANGED)][3:] == [100, 100, 50]


def test_the_gradebook_before_with_the_events_since_is_the_gradebook_after(grading_api):
    term = grading_api.term()
    days = grading_api.days(term, 3)

    def book():
        rows = grading_api.get(f"/grading/gradebook?term_id={term}", as_=grading_api.staff)["data"]
        return {row.pop("cadet_id"): {key: value for key, value in row.items() if key != "position"} for row in rows}

    rows, seen = book(), len(told(grading_api))
    grading_api.mark(days[0], 1)
    grading_api.mark(days[1], 1, "late")
    record = points_of(term, 2, "demerit", 9)
    grading_api.post("/merits/records", {"records": [record]}, as_=grading_api.staff)
    grading_api.score(term, 3, "prelim", 81.5)
    grading_api.cadets(2, 3, status="Drop", version=2)
    grading_api.cadets(3, status="Verified", version=3)
    grading_api.post(f"/training-days/{days[1]}/cancel", {"reason": "Rain"})
    void = {"id": str(uuid7()), "reason": "Wrong", "occurred_at": at(9)}
    grading_api.post(f"/merits/records/{record['id']}/void", void, as_=grading_api.staff)
    grading_api.post("/training-days", {"term_id": term, "date": "2026-10-03", "title": "More"}, expect=201)
    for type_, data in told(grading_api)[seen:]:
        if type_ == events.grading.GRADES_CHANGED:
            for row in data["rows"]:
                cadet = row.pop("cadet_id")
                if row["version"] > rows[cadet]["version"]:
                    rows[cadet] = row
    assert rows == book()


def test_terms_days_points_and_scores_are_told(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.call("PATCH", f"/terms/{term}", json={"name": "New"})
    grading_api.points(term, 1, "merit", 3, reason="Flag detail")
    grading_api.score(term, 1, "prelim", 80)
    grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
    types = [type_ for type_, _ in told(grading_api)]
    for expected in (
        events.grading.TERM_CREATED, events.grading.TERM_UPDATED, events.grading.TRAINING_DAY_CREATED,
        events.grading.TRAINING_DAY_CANCELLED,
        events.grading.MERIT_RECORDED, events.grading.SCORE_RECORDED,
    ):  # fmt: skip
        assert types.count(expected) == 1
    ((_, data),) = told(grading_api, events.grading.MERIT_RECORDED)
    assert (data["records"][0]["points"], data["records"][0]["reason"]) == (3, "Flag detail")
    ((_, data),) = told(grading_api, events.grading.SCORE_RECORDED)
    assert (data["records"][0]["exam"], data["records"][0]["value"]) == ("prelim", "80.00")


def test_a_cadet_hears_only_of_the_own_rows(grading_api):
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.post("/attendance/marks", {"marks": [mark_of(day, 1), mark_of(day, 2)]}, as_=grading_api.staff)
    ((type_, data),) = told(grading_api, events.grading.GRADES_CHANGED)
    heard = {delivery.channel: delivery.data for delivery in events.channels_for({"type": type_, "data": data})}
    assert [row["cadet_id"] for row in heard[events.delivery.cadet_channel(1)]["rows"]] == [1]
    assert set(heard) == {events.delivery.STAFF_CHANNEL, events.delivery.cadet_channel(1), events.delivery.cadet_channel(2)}


@pytest.fixture
def beside_roster(service_app, make_settings, people):
    """The real roster on a socket, and grading beside it: (roster client, roster application, grading)."""
    roster = service_app("roster")
    service_app("grading")
    with served(roster) as url:
        app = create_app(make_settings("grading", ROSTER_URL=url))
        yield roster.test_client(), roster, GradingApi(app, app.test_client(), people)


def enrol(client, people, number, **more):
    body = {"student_id": f"2026-{number:04}", "first_name": "Ana", "last_name": f"Ibañez{number}", "company": "Alpha"} | more
    answer = client.post("/api/v1/cadets", json=body, headers=people.admin())
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()["id"]


def test_the_consumer_starts_with_the_whole_roster_and_follows_its_events(beside_roster, people):
    client, roster, grading_api = beside_roster
    consumer = Consumer(grading_api.app, "grading", handlers=HANDLERS, reconcile=reconcile_cadets)
    first = enrol(client, people, 1)
    consumer.step()
    term = grading_api.term()

    def names():
        rows = grading_api.get(f"/grading/gradebook?term_id={term}", as_=grading_api.staff)["data"]
        return {row["cadet_id"]: row["name"] for row in rows}

    assert names() == {first: "Ibañez1, Ana"}
    second = enrol(client, people, 2)
    client.patch(f"/api/v1/cadets/{first}", json={"first_name": "Anita"}, headers=people.admin())
    roster.extensions["rgms_relay"].drain()
    assert consumer.step() > 0
    assert names() == {first: "Ibañez1, Anita", second: "Ibañez2, Ana"}
    client.delete(f"/api/v1/cadets/{second}", headers=people.admin())
    roster.extensions["rgms_relay"].drain()
    consumer.step()
    assert names() == {first: "Ibañez1, Anita"}
    client.post(f"/api/v1/cadets/{second}/restore", headers=people.admin())
    roster.extensions["rgms_relay"].drain()
    consumer.step()
    assert set(names()) == {first, second}
    with grading_api.app.app_context(), reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM grading.parked_event")).scalar() == 0


def test_an_old_event_never_replaces_a_newer_cadet(grading_api):
    grading_api.cadets(1, first_name="New", version=5)
    with grading_api.app.app_context(), transaction() as session:
        HANDLERS[events.roster.CADET_UPDATED](session, {"data": {"cadet": cadet_row(1, first_name="Old", version=4)}})
        HANDLERS[events.roster.CADETS_IMPORTED](session, {"data": {"cadets": [cadet_row(1, version=3), cadet_row(9, version=1)]}})
    rows = grading_api.get(f"/grading/gradebook?term_id={grading_api.term()}", as_=grading_api.staff)["data"]
    assert {row["cadet_id"]: row["name"] for row in rows}[1] == "Last0001, New"
    assert 9 in {row["cadet_id"] for row in rows}


def test_sync_takes_over_the_roster_and_mends_the_grades(beside_roster, people):
    client, _roster, grading_api = beside_roster
    cadet = enrol(client, people, 1)
    term = grading_api.term()
    (day,) = grading_api.days(term, 1)
    grading_api.mark(day, cadet)
    with grading_api.app.app_context(), transaction() as session:
        session.execute(text("UPDATE grading.grade SET present = 7"))
        session.execute(text("UPDATE grading.cadet_ref SET name = 'x', version = 0"))
    answer = grading_api.client.post("/internal/sync", headers=people.service("tasks", "grading"))
    assert answer.get_json() == {"cadets_mended": 1, "terms_checked": 1, "grades_mended": 1}
    row = grading_api.row(term, cadet)
    assert (row["days_present"], row["name"]) == (1, "Ibañez1, Ana")


def test_another_service_reads_a_term_and_its_whole_gradebook(grading_api, make_settings):
    grading_api.cadets(*range(1, 601))
    term = grading_api.term()
    grading_api.days(term, 2)
    with served(grading_api.app) as url:
        client = GradingClient(make_settings("tasks", GRADING_URL=url))
        facts = client.get_term(term)
        assert (facts["name"], facts["policy"]["version"], len(facts["training_days"])) == ("MS1", 1, 2)
        rows = list(client.each_grade(term))
        assert [row["cadet_id"] for row in rows] == list(range(1, 601))
        assert [row["position"] for row in rows] == list(range(1, 601))
        assert {row["company"] for row in client.each_grade(term, company="Bravo")} == {"Bravo"}
        with pytest.raises(NotFound):
            client.get_term(4711)


def test_a_cadet_who_was_enrolled_a_moment_ago_sees_the_own_page_at_once(beside_roster, people):
    client, _roster, grading_api = beside_roster
    cadet = enrol(client, people, 1)
    term = grading_api.term()
    own = grading_api.get(f"/grading/me?term_id={term}", as_=people.cadet(cadet))
    assert (own["cadet"]["name"], own["state"]) == ("Ibañez1, Ana", "no_data")
    grading_api.get(f"/grading/cadets/4711/grade?term_id={term}", as_=grading_api.staff, expect=404)
