"""Who reaches what: legacy defects D6 (any cadet read everyone) and D19 (any staff changed any staff) cannot happen."""

import pytest

READS = ["/cadets", "/staff", "/units", "/courses"]
WRITES = [
    ("POST", "/cadets"),
    ("PUT", "/cadets/{cadet}"),
    ("PATCH", "/cadets/{cadet}"),
    ("DELETE", "/cadets/{cadet}"),
    ("POST", "/cadets/{cadet}/restore"),
    ("POST", "/cadets/{cadet}/unlock"),
    ("POST", "/cadets/archive"),
    ("POST", "/cadets/restore"),
    ("POST", "/staff"),
    ("PUT", "/staff/{staff}"),
    ("PATCH", "/staff/{staff}"),
    ("DELETE", "/staff/{staff}"),
    ("POST", "/staff/{staff}/restore"),
    ("POST", "/units"),
    ("PATCH", "/units/1"),
    ("POST", "/courses"),
    ("POST", "/cadets/imports"),
    ("GET", "/cadets/imports"),
    ("GET", "/cadets/imports/1"),
    ("POST", "/cadets/imports/1/apply"),
    ("POST", "/cadets/imports/1/undo"),
]
INTERNAL = ["/internal/cadets", "/internal/cadets/1", "/internal/staff", "/internal/staff/1"]


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize(("method", "path"), WRITES, ids=lambda value: value)
def test_instructors_and_cadets_write_nothing(roster_api, people, method, path):
    path = path.format(cadet=roster_api.add_cadet(), staff=roster_api.add_staff())

    for by in (people.staff(), people.cadet(1)):
        answer = roster_api.call(method, path, by=by, json={})
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert roster_api.events() == []


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize(
    ("method", "path"), [*WRITES, *(("GET", path) for path in READS), ("GET", "/cadets/me")], ids=lambda value: value
)
def test_nobody_gets_anywhere_without_a_token(roster_api, method, path):
    path = path.format(cadet=1, staff=1)

    assert roster_api.call(method, path, by={}, json={}).status_code == 401
    assert roster_api.call(method, path, by={"Authorization": "Bearer nonsense"}, json={}).status_code == 401


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize("path", READS)
def test_lists_are_for_staff_and_not_for_cadets(roster_api, people, path):
    assert roster_api.get(path, by=people.staff()).status_code == 200
    assert roster_api.get(path, by=people.command()).status_code == 200
    assert roster_api.get(path, by=people.cadet(1)).status_code == 403


@pytest.mark.requirement("9.4")
def test_a_cadet_reaches_the_own_record_and_no_other(roster_api, people):
    mine, other = roster_api.add_cadet(), roster_api.add_cadet(is_archived=True)

    assert roster_api.get(f"/cadets/{mine}", by=people.cadet(mine)).json["id"] == mine
    theirs = roster_api.get(f"/cadets/{other}", by=people.cadet(mine))
    nobody = roster_api.get("/cadets/999999", by=people.cadet(mine))
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.json["message"] == nobody.json["message"]
    assert roster_api.get(f"/cadets/{other}", by=people.staff()).status_code == 200


def test_a_cadet_without_a_record_of_his_own_reaches_none(roster_api, people):
    cadet = roster_api.add_cadet()
    by = people.headers(people.principal("cadet", cadet_id=None))

    assert roster_api.get(f"/cadets/{cadet}", by=by).status_code == 404
    assert roster_api.get("/cadets/me", by=by).status_code == 404


def test_staff_have_no_profile_of_a_cadet(roster_api, people):
    for by in (people.staff(), people.command()):
        assert roster_api.get("/cadets/me", by=by).status_code == 403


@pytest.mark.requirement("9.4")
def test_the_command_group_keeps_the_roster_but_hands_out_no_powers(roster_api, people):
    by, colleague = people.command(), roster_api.add_staff()

    assert roster_api.post("/cadets", {"student_id": "c-1", "first_name": "A", "last_name": "B"}, by=by).status_code == 201
    assert roster_api.patch(f"/staff/{colleague}", {"rank": "Sgt"}, by=by).status_code == 200
    assert roster_api.post("/staff", {"first_name": "A", "last_name": "B"}, by=by).status_code == 201
    refused = [
        roster_api.patch(f"/staff/{colleague}", {"position": "Commandant"}, by=by),
        roster_api.put(f"/staff/{colleague}", {"first_name": "A", "last_name": "B", "position": "Admin NCO"}, by=by),
        roster_api.post("/staff", {"first_name": "A", "last_name": "B", "position": "NSTP Director"}, by=by),
        roster_api.patch(f"/staff/{colleague}", {"email": "mine@unit.ph"}, by=by),
        roster_api.delete(f"/staff/{colleague}", by=by),
        roster_api.post(f"/staff/{colleague}/restore", by=by),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    assert roster_api.get(f"/staff/{colleague}").json["position"] == "Instructor"


def test_a_member_of_the_command_group_changes_the_own_address_but_not_the_own_position(roster_api, people):
    staff = roster_api.add_staff(position="Commandant")
    by = people.command(staff_id=staff)

    assert roster_api.patch(f"/staff/{staff}", {"email": "me@unit.ph"}, by=by).status_code == 200
    assert roster_api.patch(f"/staff/{staff}", {"position": "NSTP Director"}, by=by).status_code == 403


@pytest.mark.parametrize("path", INTERNAL)
def test_internal_doors_open_to_services_only(roster_api, people, path):
    assert roster_api.client.get(path).status_code == 401
    assert roster_api.client.get(path, headers=people.admin()).status_code == 401
    assert roster_api.client.get(path, headers=people.service("grading", "auth")).status_code == 401
    assert roster_api.client.get(path, headers=people.service("grading", "roster")).status_code in {200, 404}
