"""Training staff over HTTP."""

from dataclasses import replace

import pytest

BODY = {
    "first_name": "Maria",
    "last_name": "Ñuñez",
    "rank": "Sgt",
    "email": "Maria@Unit.ph",
    "afpsn": "A-1",
    "birthdate": "1990-02-01",
}


def test_staff_are_added_read_changed_and_told(roster_api):
    added = roster_api.post("/staff", BODY)
    staff = added.json["id"]
    changed = roster_api.patch(f"/staff/{staff}", {"position": "Commandant", "blood_type": "O+"}, headers={"If-Match": '"1"'})

    assert (added.status_code, added.json["position"], added.json["email"]) == (201, "Instructor", "maria@unit.ph")
    assert (changed.status_code, changed.json["version"], changed.json["blood_type"]) == (200, 2, "O+")
    assert roster_api.get(f"/staff/{staff}").json == changed.json
    assert [event for event, _ in roster_api.events()] == ["roster.staff.created", "roster.staff.updated"]
    assert roster_api.events()[1][1]["staff"] == {
        "id": staff,
        "first_name": "Maria",
        "last_name": "Ñuñez",
        "email": "maria@unit.ph",
        "position": "Commandant",
        "is_archived": False,
        "version": 2,
    }


def test_a_put_empties_what_it_leaves_out_but_the_position(roster_api):
    staff = roster_api.add_staff(position="Admin NCO", afpsn="A-1")

    answer = roster_api.put(f"/staff/{staff}", {"first_name": "A", "last_name": "B"})

    assert (answer.json["position"], answer.json["afpsn"]) == ("Admin NCO", None)


def test_an_email_address_of_a_colleague_is_refused_and_never_dropped(roster_api):
    holder = roster_api.add_staff(email="maria@unit.ph")
    other = roster_api.add_staff()

    for answer in (roster_api.post("/staff", BODY), roster_api.patch(f"/staff/{other}", {"email": "MARIA@unit.ph"})):
        assert (answer.status_code, answer.json["code"]) == (409, "duplicate_email")
        assert answer.json["details"]["staff"]["id"] == holder
    assert roster_api.post("/staff", {**BODY, "email": None}).status_code == 201


def test_an_admin_archives_and_restores_staff(roster_api):
    staff = roster_api.add_staff()

    assert roster_api.delete(f"/staff/{staff}").json["is_archived"] is True
    assert roster_api.get("/staff").json["total"] == 0
    assert roster_api.get("/staff?archived=true").json["total"] == 1
    assert roster_api.post(f"/staff/{staff}/restore").json["is_archived"] is False
    assert [event for event, _ in roster_api.events()] == ["roster.staff.archived", "roster.staff.restored"]


def test_a_change_based_on_an_older_version_is_refused(roster_api):
    staff = roster_api.add_staff()
    roster_api.patch(f"/staff/{staff}", {"rank": "Sgt"})

    for method, body in (("PATCH", {"rank": "Cpl"}), ("PUT", {"first_name": "A", "last_name": "B"}), ("DELETE", None)):
        assert roster_api.call(method, f"/staff/{staff}", json=body, headers={"If-Match": '"1"'}).status_code == 412


@pytest.mark.requirement("22.1", "22.3", "22.5")
def test_staff_are_listed_in_pages_and_found_without_accents(roster_api, count_queries):
    for name in ("Ñuñez", "Cruz", "Bautista"):
        roster_api.add_staff(last_name=name)

    with count_queries(roster_api.app) as statements:
        page = roster_api.get("/staff?page_size=2").json
    rest = roster_api.get("/staff", query_string={"cursor": page["next_cursor"]}).json

    # The state of the list, and the page.
    assert len(statements) == 2
    assert [person["last_name"] for person in page["data"] + rest["data"]] == ["Bautista", "Cruz", "Ñuñez"]
    assert roster_api.get("/staff?search=NUNEZ&position=Instructor").json["total"] == 1
    assert roster_api.get("/staff?sort=password").status_code == 422
    assert roster_api.get("/staff?sort=-position&fields=last_name").json["total"] == 3


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    "change",
    [
        {"first_name": "a\x00"},
        {"position": "Emperor"},
        {"email": "x"},
        {"age": 7},
        {"birthdate": "soon"},
        {"address": "x" * 10_000},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_wrong_field_is_refused(roster_api, change):
    staff = roster_api.add_staff()

    assert list(roster_api.patch(f"/staff/{staff}", change).json["details"]) == list(change)
    assert roster_api.post("/staff", {**BODY, **change}).status_code == 422


def test_unknown_staff_are_not_found(roster_api):
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore")):
        body = {"json": {"rank": "Sgt"}} if method == "PATCH" else {}
        assert roster_api.call(method, f"/staff/999999{path}", **body).status_code == 404
    assert roster_api.get("/staff/abc").status_code == 404


def test_ones_own_address_needs_the_password_given_a_moment_ago(roster_api, people):
    member = roster_api.add_staff(email="me@x.ph")
    commander = people.principal("staff", user_id=77, staff_id=member, positions=("Commandant",))
    change = {"email": "thief@evil.ph"}

    refused = roster_api.patch(f"/staff/{member}", change, by=people.headers(replace(commander, proved_at=1)))

    assert (refused.status_code, refused.json["code"]) == (403, "password_needed")
    assert roster_api.patch(f"/staff/{member}", change, by=people.headers(commander)).status_code == 200
    assert roster_api.events()[-1][1]["actor_id"] == 77
