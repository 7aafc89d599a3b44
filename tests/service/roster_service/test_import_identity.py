"""People stay who they are: conflicts decided by an officer, an undo that asks the others, and ids that nobody inherits."""

import pytest
from hypothesis import HealthCheck, given, settings

from auth_service.models import User
from grading_service.operations.cadets import store_cadets
from libs.data.db import transaction
from tests.service.grading_service.grading_api import GradingApi, cadet_row
from tests.support.mixed_up_rosters import HEADERS, answers, rosters, whose, workbooks
from tests.support.workbooks import csv_file, row

JUAN = {"student_id": "juan", "username": "juan", "last_name": "Dela Cruz", "first_name": "Juan", "email": "m@x.ph"}
MARIA = row(1, student_id="2026-92954", last_name="Santos", first_name="Maria", middle_name=None, email="m@x.ph")


def decide(roster_api, import_id, *decisions, expect=200, **more):
    sent = [{"sheet": "Roster", "row": number, "decision": word, **facts} for number, word, facts in decisions]
    answer = roster_api.put(f"/cadets/imports/{import_id}/decisions", {"decisions": sent}, **more)
    assert answer.status_code == expect, answer.json
    return answer.json


def test_an_import_never_turns_one_cadet_into_another(roster_api):
    juan = roster_api.add_cadet(**JUAN)
    before = roster_api.cadets()

    shown = roster_api.preview(MARIA)
    applied = roster_api.apply(shown["id"]).json

    assert (shown["summary"]["conflict"], shown["summary"]["update"], applied["updated"]) == (1, 0, 0)
    (found,) = shown["rows"]
    assert (found["action"], found["decision"], found["values"]["last_name"]) == ("conflict", None, "Santos")
    assert [(one["cadet_id"], one["values"]["last_name"]) for one in found["candidates"]] == [(juan, "Dela Cruz")]
    assert roster_api.cadets() == before


@pytest.mark.parametrize(("word", "left"), [("same", ["Santos"]), ("another", ["Dela Cruz", "Santos"]), ("leave", ["Dela Cruz"])])
def test_what_an_officer_decides_is_kept_done_and_undone(roster_api, neighbours, word, left):
    juan = roster_api.add_cadet(**JUAN)
    before = roster_api.cadets()
    shown = roster_api.preview(MARIA)

    decided = decide(roster_api, shown["id"], (2, word, {}))

    assert decided["rows"][0]["decision"] == word
    assert [(one["decision"], one["row"], one["by"]) for one in decided["decisions"]] == [(word, 2, decided["created_by"])]
    assert roster_api.get(f"/cadets/imports/{shown['id']}").json == decided
    assert roster_api.cadets() == before
    assert roster_api.apply(shown["id"]).status_code == 200
    assert [cadet["last_name"] for cadet in roster_api.get("/cadets").json["data"]] == left
    decide(roster_api, shown["id"], (2, "leave", {}), expect=409)
    assert roster_api.undo(shown["id"]).status_code == 200
    assert roster_api.cadets()[juan] == before[juan]
    assert roster_api.get("/cadets?archived=all").json["total"] == 1


def test_a_decision_can_be_taken_back_and_each_word_stays_in_the_record(roster_api):
    roster_api.add_cadet(**JUAN)
    shown = roster_api.preview(MARIA)

    decide(roster_api, shown["id"], (2, "same", {}))
    after = decide(roster_api, shown["id"], (2, None, {}))

    assert after["rows"] == shown["rows"]
    assert [one["decision"] for one in after["decisions"]] == ["same", None]


def test_of_several_who_may_be_meant_one_must_be_named(roster_api):
    one, two = (roster_api.add_cadet(**{**JUAN, "student_id": name, "username": name}) for name in ("juan", "juan2"))
    shown = roster_api.preview(row(1, student_id="2026-1", last_name="Dela Cruz", first_name="Juan", email="m@x.ph"))

    assert {candidate["cadet_id"] for candidate in shown["rows"][0]["candidates"]} == {one, two}
    assert "Roster!2" in decide(roster_api, shown["id"], (2, "same", {}), expect=422)["details"]["decisions"][0]
    decided = decide(roster_api, shown["id"], (2, "same", {"cadet_id": two}))

    assert (decided["rows"][0]["action"], decided["rows"][0]["cadet_id"]) == ("update", two)


def test_a_decision_about_nothing_is_refused_and_none_of_the_request_is_kept(roster_api):
    roster_api.add_cadet(**JUAN)
    shown = roster_api.preview(MARIA, row(2))

    decide(roster_api, shown["id"], (2, "same", {}), (3, "same", {}), expect=422)
    decide(roster_api, shown["id"], (2, "perhaps", {}), expect=422)
    decide(roster_api, shown["id"], (2, "same", {"cadet_id": 2**31 - 1}), expect=422)
    decide(roster_api, shown["id"], (2, "same", {}), expect=403, by=roster_api.people.cadet())

    assert roster_api.get(f"/cadets/imports/{shown['id']}").json["decisions"] == []


def test_another_person_with_a_number_that_is_taken_is_told_what_to_do(roster_api):
    roster_api.add_cadet(**{**JUAN, "student_id": "2026-00001"})
    shown = roster_api.preview(row(1, student_id="202600001", last_name="Santos", first_name="Maria"))

    decided = decide(roster_api, shown["id"], (2, "another", {}))["rows"][0]

    assert (decided["action"], decided["reasons"][0]["code"]) == ("invalid", "student_id_taken")
    assert "Dela Cruz, Juan" in decided["reasons"][0]["message"]
    assert roster_api.apply(shown["id"]).json["created"] == 0


def test_a_student_number_is_one_with_and_without_its_dash(roster_api):
    cadet = roster_api.add_cadet(student_id="2025-00123", username="anareyes", last_name="Reyes")

    for written in ("202500123", "2025 00123", "2025-00123"):
        body = {"student_id": written, "first_name": "Ben", "last_name": "Lim"}
        refused = roster_api.post("/cadets", body)
        assert (refused.status_code, refused.json["code"]) == (409, "duplicate_student_id")
        assert refused.json["details"]["cadet"]["id"] == cadet
        assert roster_api.get(f"/cadets?search={written.replace(' ', '-')}").json["total"] == 1
    assert roster_api.get("/cadets?search=202500124").json["total"] == 0
    other = roster_api.add_cadet()
    assert roster_api.patch(f"/cadets/{other}", {"student_id": "202500123"}).status_code == 409


def created(roster_api, *numbers):
    """Import cadets and return (import id, their ids by student id)."""
    import_id = roster_api.preview(*(row(number) for number in numbers))["id"]
    assert roster_api.apply(import_id).status_code == 200
    return import_id, {cadet["student_id"]: cadet["id"] for cadet in roster_api.get("/cadets").json["data"]}


def give_merit(app, people, cadet_id):
    """Record a merit of a cadet in grading."""
    grading = GradingApi(app, app.test_client(), people)
    with app.app_context(), transaction() as session:
        store_cadets(session, [cadet_row(cadet_id)])
    assert grading.points(grading.term(), cadet_id)["stored"]


def test_an_undo_leaves_whoever_has_marks_or_uses_the_account_and_names_them(roster_api, neighbours, people):
    import_id, ids = created(roster_api, 1, 2, 3)
    give_merit(neighbours["grading"], people, ids["2026-00001"])
    with neighbours["auth"].app_context(), transaction() as session:
        session.add(User(username="a", role="cadet", positions=[], cadet_id=ids["2026-00002"], password_hash="bcrypt$x"))
        session.add(User(username="b", role="cadet", positions=[], cadet_id=ids["2026-00003"]))

    answer = roster_api.undo(import_id).json

    assert (answer["removed"], answer["status"]) == (1, "undone")
    kept = [(one["cadet_id"], one["name"], one["reason"]) for one in answer["refused"]]
    assert kept == [
        (ids["2026-00001"], "Reyes1, Ana", "There are marks or points of this cadet."),
        (ids["2026-00002"], "Reyes2, Ana", "This cadet uses the account already."),
    ]
    assert [cadet["student_id"] for cadet in roster_api.get("/cadets").json["data"]] == ["2026-00001", "2026-00002"]
    assert roster_api.undo(import_id).json == answer
    assert roster_api.get(f"/cadets/imports/{import_id}").json["kept"] == answer["refused"]


class LateMark:
    """Grading as an undo asks it, where somebody gives a merit right after the first answer."""

    def __init__(self, client, record):
        self.client, self.record = client, record

    def cadets_with_records(self, cadet_ids):
        answer = self.client.cadets_with_records(cadet_ids)
        if self.record:
            record, self.record = self.record, None
            record()
        return answer


@pytest.mark.parametrize("sent", [{}, {"Idempotency-Key": "undo-1"}])
def test_a_cadet_who_gets_a_mark_while_the_undo_goes_on_stays(roster_api, neighbours, people, monkeypatch, sent):
    import_id, ids = created(roster_api, 1, 2)
    before = roster_api.cadets()
    grading = roster_api.app.extensions["roster_grading"]
    late = LateMark(grading, lambda: give_merit(neighbours["grading"], people, ids["2026-00001"]))
    monkeypatch.setitem(roster_api.app.extensions, "roster_grading", late)

    assert roster_api.undo(import_id, headers=sent).status_code == 200

    kept = roster_api.get(f"/cadets/imports/{import_id}").json["kept"]
    assert [(one["cadet_id"], one["reason"]) for one in kept] == [(ids["2026-00001"], "There are marks or points of this cadet.")]
    assert roster_api.undo(import_id).json["refused"] == kept
    assert roster_api.cadets()[ids["2026-00001"]] == before[ids["2026-00001"]]
    assert [cadet["student_id"] for cadet in roster_api.get("/cadets").json["data"]] == ["2026-00001"]
    assert roster_api.events()[-1][1]["cadets"][0]["withdrawn"] is False


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "undo-1"}])
def test_an_undo_that_cannot_ask_undoes_nothing(roster_api, headers):
    import_id, _ = created(roster_api, 1)
    before = roster_api.cadets()

    assert roster_api.undo(import_id, headers=headers).status_code == 503
    assert roster_api.cadets() == before


def test_an_undo_under_a_key_asks_outside_its_transaction(roster_api, neighbours):
    import_id, _ = created(roster_api, 1)

    first, second = (roster_api.undo(import_id, headers={"Idempotency-Key": "undo-1"}) for _ in range(2))

    assert (first.status_code, first.json["removed"], second.json) == (200, 1, first.json)


def test_nobody_inherits_the_id_of_a_withdrawn_cadet(roster_api, neighbours):
    import_id, ids = created(roster_api, 1)
    roster_api.undo(import_id)

    other = roster_api.post("/cadets", {"student_id": "202600001", "first_name": "Ben", "last_name": "Lim"})
    assert other.status_code == 201
    assert (other.json["id"] != ids["2026-00001"], other.json["username"]) == (True, "202600001")
    told = roster_api.events()[-2][1]["cadets"]
    assert [(cadet["id"], cadet["withdrawn"], cadet["is_archived"]) for cadet in told] == [(ids["2026-00001"], True, True)]


def test_a_record_that_was_taken_up_again_sleeps_on_as_it_was_after_an_undo(roster_api, neighbours):
    first, ids = created(roster_api, 1)
    roster_api.undo(first)
    asleep = {name: value for name, value in roster_api.cadets()[ids["2026-00001"]].items() if name != "withdrawn_at"}
    again = roster_api.preview(row(1, email="other@x.ph", company="Bravo"))
    roster_api.apply(again["id"])
    assert roster_api.get(f"/cadets/{ids['2026-00001']}").json["company"] == "Bravo"

    roster_api.undo(again["id"])

    now = roster_api.cadets()[ids["2026-00001"]]
    assert {name: value for name, value in now.items() if name != "withdrawn_at"} == asleep


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters(), workbooks, answers)
def test_applied_undone_and_applied_again_nobody_is_somebody_else(roster_api, neighbours, people_on_file, cells, said):
    roster_api.forget_cadets()
    ids = [roster_api.add_cadet(platoon=None, **values) for values in people_on_file]
    before = roster_api.cadets()
    data = csv_file(*cells, headers=HEADERS)

    outcomes = []
    for _ in range(2):
        shown = roster_api.upload(data, "Roster.csv").json
        asked = [found for found in shown["rows"] if found["action"] == "conflict"]
        words = [
            (found["row"], word, {name: found["candidates"][0][name] for name in ("cadet_id", "place")})
            for found, word in zip(asked, said, strict=False)
        ]
        if words:
            decide(roster_api, shown["id"], *words)
        assert roster_api.apply(shown["id"]).status_code == 200
        applied = roster_api.get(f"/cadets/imports/{shown['id']}").json
        after = roster_api.cadets()
        renamed = {found["cadet_id"] for found in applied["rows"] if found["decision"] == "same"}
        assert all(one in renamed or person(after[one]) == person(before[one]) for one in ids)
        outcomes.append({key: cadet for key, cadet in after.items() if cadet["withdrawn_at"] is None})
        undone = roster_api.undo(shown["id"])
        assert (undone.status_code, undone.json["refused"]) == (200, [])
        left = roster_api.cadets()
        assert {key: cadet for key, cadet in left.items() if cadet["withdrawn_at"] is None} == before
    # The second time each comes back under the id of the first, and nobody under another's.
    assert {key: person(cadet) for key, cadet in outcomes[0].items()} == {
        key: person(cadet) for key, cadet in outcomes[1].items()
    }


def person(cadet):
    return whose((cadet["last_name"], cadet["first_name"], cadet["middle_name"]))
