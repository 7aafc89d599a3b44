"""A cadet's own profile."""

from dataclasses import replace

import pytest


def test_a_cadet_reads_and_changes_the_own_contact_fields(roster_api, people):
    cadet = roster_api.add_cadet()
    by = people.cadet(cadet)

    answer = roster_api.patch("/cadets/me", {"contact_number": "09171234567", "email": "me@x.ph", "gender": "Female"}, by=by)

    assert answer.status_code == 200, answer.json
    assert roster_api.get("/cadets/me", by=by).json["contact_number"] == "09171234567"
    assert [event for event, _ in roster_api.events()] == ["roster.cadet.updated"]


def test_another_address_needs_the_password_given_a_moment_ago(roster_api, people):
    """The reset link goes to it: with a borrowed phone or a stolen token an account was taken by changing the address."""
    cadet = roster_api.add_cadet(email="me@x.ph")
    long_ago = people.headers(replace(people.principal("cadet", cadet_id=cadet, user_id=1000 + cadet), proved_at=1))

    refused = roster_api.patch("/cadets/me", {"email": "thief@evil.ph", "address": "Purok 1"}, by=long_ago)

    assert (refused.status_code, refused.json["code"]) == (403, "password_needed")
    assert roster_api.events() == []
    assert roster_api.patch("/cadets/me", {"email": "me@x.ph", "address": "Purok 1"}, by=long_ago).status_code == 200
    assert roster_api.patch("/cadets/me", {"email": "new@x.ph"}, by=people.cadet(cadet)).status_code == 200
    assert [data.get("actor_id") for _, data in roster_api.events()] == [1000 + cadet] * 2


@pytest.mark.parametrize(
    "change", [{"last_name": "X"}, {"company": "Bravo"}, {"status": "Completed"}, {"is_archived": False}, {"id": 2}], ids=str
)
def test_a_cadet_changes_nothing_else(roster_api, people, change):
    cadet = roster_api.add_cadet()

    assert roster_api.patch("/cadets/me", change, by=people.cadet(cadet)).status_code == 422


def test_a_completed_profile_is_locked_until_the_office_unlocks_it(roster_api, people):
    cadet = roster_api.add_cadet(email="me@x.ph", contact_number="0917", address="Purok 1")
    by = people.cadet(cadet)

    completed = roster_api.patch("/cadets/me", {"is_profile_completed": True}, by=by)
    refused = roster_api.patch("/cadets/me", {"address": "Elsewhere"}, by=by)
    unlocked = roster_api.post(f"/cadets/{cadet}/unlock")
    changed = roster_api.patch("/cadets/me", {"address": "Elsewhere"}, by=by)

    assert (completed.json["is_profile_completed"], completed.json["status"]) == (True, "Verified")
    assert (refused.status_code, refused.json["code"]) == (403, "profile_locked")
    assert unlocked.json["is_profile_completed"] is False
    assert changed.json["address"] == "Elsewhere"


def test_an_incomplete_profile_cannot_be_completed(roster_api, people):
    cadet = roster_api.add_cadet(email="me@x.ph")

    answer = roster_api.patch("/cadets/me", {"is_profile_completed": True}, by=people.cadet(cadet))

    assert (answer.status_code, sorted(answer.json["details"])) == (422, ["address", "contact_number"])
    assert roster_api.get(f"/cadets/{cadet}").json["is_profile_completed"] is False


def test_completing_keeps_the_status_the_office_gave(roster_api, people):
    cadet = roster_api.add_cadet(status="Drop", address="Purok 1")
    body = {"email": "me@x.ph", "contact_number": "0917", "is_profile_completed": True}

    assert roster_api.patch("/cadets/me", body, by=people.cadet(cadet)).json["status"] == "Drop"


@pytest.mark.parametrize("value", [False, "yes", 1, None])
def test_a_cadet_cannot_unlock_the_own_profile(roster_api, people, value):
    cadet = roster_api.add_cadet()

    assert roster_api.patch("/cadets/me", {"is_profile_completed": value}, by=people.cadet(cadet)).status_code == 422
