"""What a write of facts says of each record, and how a correction finds its place whatever the clocks of devices say."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from grading_service.ledger.replay import rebuild_terms
from libs import clock
from libs.data.db import reading
from libs.ids import uuid7
from tests.service.grading_service.grading_api import at, mark_of, points_of, score_of


@pytest.fixture
def house(grading_api):
    """A term with two days: (service, term, days); every test ends with projections that equal the replay."""
    term = grading_api.term()
    yield grading_api, term, grading_api.days(term, 2)
    with grading_api.app.app_context():
        assert rebuild_terms(term_id=term, write=False)[0].total == 0


def marked(grading_api, *marks, as_=None):
    return grading_api.post("/attendance/marks", {"marks": list(marks)}, as_=as_ or grading_api.staff)


def scored(grading_api, *scores, as_=None):
    return grading_api.post("/exams/scores", {"scores": list(scores)}, as_=as_ or grading_api.staff)


def effects(outcome):
    return [(effect["effect"], effect["reason"]) for effect in outcome["effects"]]


def roll_row(grading_api, day, cadet=1):
    rows = grading_api.get(f"/attendance?training_day_id={day}", as_=grading_api.staff)["data"]
    return next(row for row in rows if row["cadet_id"] == cadet)


def colleague(grading_api, number=30):
    return grading_api.people.staff(user_id=number)


def test_an_older_mark_of_a_colleague_is_kept_without_effect_and_is_told_what_stands(house):
    grading_api, _term, (day, _) = house
    first, older = mark_of(day, 1, "late", occurred_at=at(10)), mark_of(day, 1, "absent", occurred_at=at(7), device_id="phone-2")
    assert effects(marked(grading_api, first)) == [("applied", None)]
    outcome = marked(grading_api, older, as_=colleague(grading_api))
    assert outcome["stored"] == [older["id"]]
    assert effects(outcome) == [("none", "older_than_the_current")]
    (told,) = outcome["effects"]
    assert told["message"] and told["id"] == older["id"]
    assert (told["current"]["record_id"], told["current"]["status"], told["current"]["actor_id"]) == (first["id"], "late", 2)
    assert effects(marked(grading_api, older)) == [("none", "older_than_the_current")], "the same to whoever missed the answer"
    assert roll_row(grading_api, day)["status"] == "late"


@pytest.mark.parametrize("naming", ["supersedes", "based_on"])
def test_a_correction_from_a_device_whose_clock_is_behind_stands(house, naming):
    grading_api, term, (day, _) = house
    wrong = mark_of(day, 1, "absent", occurred_at=at(10))
    marked(grading_api, wrong)
    assert roll_row(grading_api, day)["based_on"] == wrong["id"]
    right = mark_of(day, 1, "present", occurred_at=at(7), device_id="a", **{naming: wrong["id"]})
    assert effects(marked(grading_api, right, as_=colleague(grading_api))) == [("applied", None)]
    # What lost against the wrong one does not come back over its correction.
    between = mark_of(day, 1, "late", occurred_at=at(9))
    assert effects(marked(grading_api, between)) == [("none", "older_than_the_current")]
    row = roll_row(grading_api, day)
    assert (row["status"], row["record_id"], row["based_on"]) == ("present", right["id"], right["id"])
    assert row["occurred_at"] < row["ordered_at"]
    assert grading_api.grade(term, 1)["explanation"]["children"][0]["children"][0]["record"]["status"] == "present"


def test_a_mark_and_its_correction_go_together_in_any_order(house):
    grading_api, _term, (day, other) = house
    for number, on in enumerate((day, other)):
        wrong = mark_of(on, 1, "absent", occurred_at=at(10))
        right = mark_of(on, 1, "late", occurred_at=at(7), supersedes=wrong["id"])
        last = mark_of(on, 1, "excused", occurred_at=at(5), based_on=right["id"])
        items = [wrong, right, last] if number else [last, right, wrong]
        outcome = marked(grading_api, *items)
        assert [effect["effect"] for effect in outcome["effects"]].count("applied") == 1
        assert roll_row(grading_api, on)["status"] == "excused"


def test_a_mark_dated_ahead_is_kept_as_it_came_and_ordered_as_of_its_arrival(house):
    grading_api, _term, (day, _) = house
    ahead = (clock.now() + timedelta(minutes=9, seconds=59)).isoformat()
    outcome = marked(grading_api, mark_of(day, 1, "absent", occurred_at=ahead))
    assert effects(outcome) == [("applied", "clock_ahead")]
    assert roll_row(grading_api, day)["occurred_at"] == ahead.replace("+00:00", "Z")
    now = clock.now().isoformat()
    assert effects(marked(grading_api, mark_of(day, 1, "present", occurred_at=now, device_id="b"))) == [("applied", None)]
    assert roll_row(grading_api, day)["status"] == "present"


def test_two_sergeants_who_did_not_see_each_other_are_both_told(house):
    grading_api, _term, (day, _) = house
    first = mark_of(day, 1, "absent", occurred_at=at(1), based_on=None)
    second = mark_of(day, 1, "present", occurred_at=at(2), based_on=None, device_id="phone-2")
    marked(grading_api, first)
    outcome = marked(grading_api, second, as_=colleague(grading_api))
    assert effects(outcome) == [("applied", "changed_meanwhile")]
    assert (outcome["effects"][0]["replaced"]["record_id"], outcome["effects"][0]["replaced"]["status"]) == (
        first["id"],
        "absent",
    )
    # Who says the same, or corrects what they saw, is told nothing.
    agreed = mark_of(day, 1, "present", occurred_at=at(3), based_on=first["id"])
    assert effects(marked(grading_api, agreed)) == [("applied", None)]
    back = mark_of(day, 1, "none", occurred_at=at(4), based_on=agreed["id"])
    assert effects(marked(grading_api, back)) == [("applied", None)]
    assert (roll_row(grading_api, day)["record_id"], roll_row(grading_api, day)["based_on"]) == (None, back["id"])
    anew = mark_of(day, 1, "late", occurred_at=at(5), based_on=None)
    assert effects(marked(grading_api, anew, as_=colleague(grading_api))) == [("applied", None)]


@pytest.mark.parametrize("by_value", [False, True])
def test_a_score_over_one_that_its_writer_had_not_seen_is_kept_and_does_not_stand(house, by_value):
    grading_api, term, _days = house

    def typed(value, seen, *, as_=None, **more):
        known = {"based_on_value" if by_value else "based_on": seen and seen["value" if by_value else "id"]}
        score = score_of(term, 1, "final", value, **known, **more)
        return score, scored(grading_api, score, as_=as_)

    first, outcome = typed(85, None)
    assert effects(outcome) == [("applied", None)]
    unseen, outcome = typed(90, None, as_=colleague(grading_api), occurred_at=at(5))
    assert (outcome["stored"], effects(outcome)) == ([unseen["id"]], [("none", "changed_meanwhile")])
    current = outcome["effects"][0]["current"]
    assert (current["record_id"], current["value"], current["actor_id"]) == (first["id"], "85.00", 2)
    assert grading_api.row(term, 1)["scores"]["final"] == "85.00"
    assert effects(scored(grading_api, unseen)) == [("none", "changed_meanwhile")]
    assert scored(grading_api, unseen | {"supersedes": first["id"]})["rejected"][0]["code"] == "record_id_conflict"
    listed = grading_api.get(f"/exams/scores?term_id={term}")["data"]
    assert {(item["value"], item["in_force"], item["set_aside"]) for item in listed} == {
        ("85.00", True, None),
        ("90.00", False, "changed_meanwhile"),
    }
    # The one who now saw both sends it as a correction; their clock is behind.
    correction, outcome = typed(90, None, as_=colleague(grading_api), occurred_at=at(-5), supersedes=first["id"])
    assert effects(outcome) == [("applied", None)]
    _, outcome = typed(70, correction, occurred_at=at(-9))
    assert effects(outcome) == [("applied", None)]
    _, outcome = typed(70, correction, as_=colleague(grading_api), occurred_at=at(9))
    assert effects(outcome) == [("applied", None)], "both want the same"
    assert grading_api.row(term, 1)["scores"]["final"] == "70.00"
    assert {item["reason"] for item in grading_api.grade(term, 1)["ignored"]} == {"superseded", "changed_meanwhile"}


def test_of_two_who_type_into_an_empty_cell_at_once_one_is_told(house):
    grading_api, term, _days = house
    people = [colleague(grading_api, 40 + number) for number in range(6)]

    def send(number):
        body = {"scores": [score_of(term, 1, "final", 60 + number, based_on=None, occurred_at=at(number))]}
        return grading_api.app.test_client().post("/api/v1/exams/scores", json=body, headers=people[number]).get_json()

    with ThreadPoolExecutor(6) as phones:
        outcomes = list(phones.map(send, range(6)))
    assert sum(effects(outcome)[0][0] == "applied" for outcome in outcomes) == 1
    assert all(
        effect["current"]["record_id"] for outcome in outcomes for effect in outcome["effects"] if effect["effect"] == "none"
    )


def test_what_a_correction_names_must_be_of_the_same_cell(house):
    grading_api, term, (day, other) = house
    stored = mark_of(day, 1)
    marked(grading_api, stored)
    scored(grading_api, elsewhere := score_of(term, 1, "final", 80))
    bad = [
        mark_of(other, 1, supersedes=stored["id"]),
        mark_of(day, 2, supersedes=stored["id"]),
        mark_of(day, 1, supersedes=elsewhere["id"]),
        mark_of(day, 1, supersedes=str(uuid7())),
    ]
    outcome = marked(grading_api, *bad, mark_of(day, 3, based_on=str(uuid7())))
    assert [item["code"] for item in outcome["rejected"]] == ["unknown_superseded"] * 4
    assert len(outcome["stored"]) == 1, "what was seen may have been refused before"
    for wrong in ("x", 7, [], mark_of(day, 1)):
        assert marked(grading_api, mark_of(day, 1, based_on=wrong))["rejected"][0]["code"] == "invalid"
    own = str(uuid7())
    assert marked(grading_api, mark_of(day, 1, id=own, supersedes=own))["rejected"][0]["code"] == "invalid"
    circle = [str(uuid7()), str(uuid7())]
    marks = [mark_of(day, 4, id=circle[n], supersedes=circle[1 - n]) for n in (0, 1)]
    assert sorted(marked(grading_api, *marks)["stored"]) == sorted(circle)


def test_facts_without_an_effect_are_stored_and_say_so(house):
    grading_api, term, (day, _) = house
    grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
    on_cancelled = mark_of(day, 1)
    assert effects(marked(grading_api, on_cancelled)) == [("none", "cancelled_day")]
    assert grading_api.row(term, 1)["days_counted"] == 0

    # A term begins at midnight in Manila.
    before = points_of(term, 2, occurred_at="2026-07-31T15:59:00Z")
    inside = points_of(term, 2, points=7, occurred_at="2026-07-31T16:00:00Z")
    outcome = grading_api.post("/merits/records", {"records": [before, inside]}, as_=grading_api.staff)
    assert effects(outcome) == [("none", "outside_term"), ("applied", None)]
    assert outcome["grades"][0]["merits"] == 7
    early = score_of(term, 2, "final", 80, occurred_at="2026-07-31T15:59:00Z")
    assert effects(scored(grading_api, early)) == [("none", "outside_term")]

    grading_api.cadets(3, is_archived=True, version=2)
    facts = mark_of(day, 3), points_of(term, 3), score_of(term, 3, "final", 80)
    outcomes = (
        marked(grading_api, facts[0]),
        grading_api.post("/merits/records", {"records": [facts[1]]}, as_=grading_api.staff),
        scored(grading_api, facts[2]),
    )
    assert [effects(outcome) for outcome in outcomes] == [[("none", "archived_cadet")]] * 3
    assert [outcome["stored"] for outcome in outcomes] == [[fact["id"]] for fact in facts]
    assert grading_api.grade(term, 3)["state"] == "no_data"
    assert [item["reason"] for item in grading_api.grade(term, 3)["ignored"]] == ["archived_cadet"] * 3

    void = {"id": str(uuid7()), "reason": "Wrong", "occurred_at": at(1)}
    outcome = grading_api.post(f"/merits/records/{before['id']}/void", void, as_=grading_api.staff)
    assert effects(outcome) == [("none", "nothing_to_void")]
    assert grading_api.row(term, 2)["merits"] == 7
    listed = grading_api.get(f"/merits/records?term_id={term}&cadet_id=2", as_=grading_api.staff)["data"]
    assert {item["id"]: item["set_aside"] for item in listed} == {before["id"]: "outside_term", inside["id"]: None}


def test_a_merit_of_a_term_that_is_over_has_no_effect_and_a_late_score_has(grading_api):
    term = grading_api.term(name="Over", starts_on="2026-01-05", ends_on="2026-05-29")
    assert effects(grading_api.points(term, 1)) == [("none", "outside_term")]
    assert effects(grading_api.score(term, 1, "final", 91)) == [("applied", None)]
    row = grading_api.row(term, 1)
    assert (row["merits"], row["scores"]["final"]) == (0, "91.00")


def test_voids_and_repetitions_say_their_effect(house):
    grading_api, term, _days = house
    merit = points_of(term, 1)
    grading_api.post("/merits/records", {"records": [merit]}, as_=grading_api.staff)
    void = {"id": str(uuid7()), "reason": "Wrong cadet", "occurred_at": (clock.now() + timedelta(hours=1)).isoformat()}
    path = f"/merits/records/{merit['id']}/void"
    assert effects(grading_api.post(path, void, as_=grading_api.staff)) == [("applied", "clock_ahead")]
    assert effects(grading_api.post(path, void, as_=grading_api.staff)) == [("applied", None)]
    again = grading_api.post("/merits/records", {"records": [merit, merit]}, as_=grading_api.staff)
    assert (len(again["duplicates"]), effects(again)) == (2, [("none", "voided")])


def test_a_record_keeps_what_its_writer_knew(house):
    grading_api, _term, (day, _) = house
    marked(grading_api, first := mark_of(day, 1, based_on=None))
    marked(grading_api, second := mark_of(day, 1, "late", occurred_at=at(1), supersedes=first["id"], based_on=first["id"]))
    with grading_api.app.app_context(), reading() as connection:
        query = text("SELECT CAST(supersedes AS text), CAST(based_on AS text) FROM grading.record WHERE id = :id")
        assert tuple(connection.execute(query, {"id": second["id"]}).one()) == (first["id"], first["id"])


def test_disagreements_of_two_devices_are_listed_until_a_correction_settles_them(house):
    grading_api, term, (day, other) = house
    blind = {"based_on": None}

    def listed(**query):
        page = grading_api.get("/attendance/disagreements", query_string={"term_id": term} | query, as_=grading_api.staff)
        return [(row["cadet_id"], row["stands"]["status"], row["other"]["status"]) for row in page["data"]]

    marked(grading_api, mark_of(day, 1, "absent", device_id="a", **blind), mark_of(day, 2, device_id="a", **blind))
    marked(grading_api, seen := mark_of(day, 3, "late", device_id="a", **blind))
    # Cadet 1: another value, blind; 2: the same value; 3: a correction by somebody who saw it.
    outcome = marked(
        grading_api,
        right := mark_of(day, 1, "present", occurred_at=at(2), device_id="b", **blind),
        mark_of(day, 2, occurred_at=at(2), device_id="b", **blind),
        mark_of(day, 3, "excused", occurred_at=at(2), device_id="b", based_on=seen["id"]),
        as_=colleague(grading_api),
    )
    assert [effect["effect"] for effect in outcome["effects"]] == ["applied"] * 3
    assert listed() == listed(training_day_id=day) == [(1, "present", "absent")]
    assert listed(training_day_id=other) == []
    # What a device said before its last word is no disagreement of its own.
    marked(grading_api, mark_of(day, 1, "late", occurred_at=at(1), device_id="a", **blind))
    assert listed() == [(1, "present", "late")]
    grading_api.post(f"/training-days/{day}/cancel", {"reason": "Rain"})
    assert listed() == []
    grading_api.post(f"/training-days/{day}/reinstate")
    # An officer keeps what stands; a mark that arrives afterwards opens it again.
    marked(grading_api, mark_of(day, 1, "present", occurred_at=at(0), device_id="office", supersedes=right["id"]))
    assert listed() == []
    marked(grading_api, mark_of(day, 1, "duty", occurred_at=at(1.5), device_id="c"), as_=colleague(grading_api, 31))
    assert listed() == [(1, "present", "duty")]
    grading_api.get("/attendance/disagreements?term_id=4711", as_=grading_api.staff, expect=404)
