"""A cadet's own profile."""

import pytest


def test_a_cadet_reads_and_changes_the_own_contact_fields(unit, people):
    cadet = unit.add_cadet()
    by = people.cadet(cadet)

    answer = unit.patch("/cadets/me", {"contact_number": "09171234567", "email": "me@x.ph", "gender": "Female"}, by=by)

    assert answer.status_code == 200, answer.json
    assert unit.get("/cadets/me", by=by).json["contact_number"] == "09171234567"
    assert [event for event, _ in unit.events()] == ["roster.cadet.updated"]


@pytest.mark.parametrize(
    "change", [{"last_name": "X"}, {"company": "Bravo"}, {"status": "Completed"}, {"is_archived": False}, {"id": 2}], ids=str
)
def test_a_cadet_changes_nothing_else(unit, people, change):
    cadet = unit.add_cadet()

    assert unit.patch("/cadets/me", change, by=people.cadet(cadet)).status_code == 422


def test_a_completed_profile_is_locked_until_the_office_unlocks_it(unit, people):
    cadet = unit.add_cadet(email="me@x.ph", contact_number="0917", address="Purok 1")
    by = people.cadet(cadet)

    completed = unit.patch("/cadets/me", {"is_profile_completed": True}, by=by)
    refused = unit.patch("/cadets/me", {"address": "Elsewhere"}, by=by)
    unlocked = unit.post(f"/cadets/{cadet}/unlock")
    changed = unit.patch("/cadets/me", {"address": "Elsewhere"}, by=by)

    assert (completed.json["is_profile_completed"], completed.json["status"]) == (True, "Verified")
    assert (refused.status_code, refused.json["code"]) == (403, "profile_locked")
    assert unlocked.json["is_profile_completed"] is False
    assert changed.json["address"] == "Elsewhere"


def test_an_incomplete_profile_cannot_be_completed(unit, people):
    cadet = unit.add_cadet(email="me@x.ph")

    answer = unit.patch("/cadets/me", {"is_profile_completed": True}, by=people.cadet(cadet))

    assert (answer.status_code, sorted(answer.json["details"])) == (422, ["address", "contact_number"])
    assert unit.get(f"/cadets/{cadet}").json["is_profile_completed"] is False


def test_completing_keeps_the_status_the_office_gave(unit, people):
    cadet = unit.add_cadet(status="Drop", address="Purok 1")
    body = {"email": "me@x.ph", "contact_number": "0917", "is_profile_completed": True}

    assert unit.patch("/cadets/me", body, by=people.cadet(cadet)).json["status"] == "Drop"


@pytest.mark.parametrize("value", [False, "yes", 1, None])
def test_a_cadet_cannot_unlock_the_own_profile(unit, people, value):
    cadet = unit.add_cadet()

    assert unit.patch("/cadets/me", {"is_profile_completed": value}, by=people.cadet(cadet)).status_code == 422
