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
def test_instructors_and_cadets_write_nothing(unit, people, method, path):
    path = path.format(cadet=unit.add_cadet(), staff=unit.add_staff())

    for by in (people.staff(), people.cadet(1)):
        answer = unit.call(method, path, by=by, json={})
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert unit.events() == []


@pytest.mark.requirement("9.3")
@pytest.mark.parametrize(
    ("method", "path"), [*WRITES, *(("GET", path) for path in READS), ("GET", "/cadets/me")], ids=lambda value: value
)
def test_nobody_gets_anywhere_without_a_token(unit, method, path):
    path = path.format(cadet=1, staff=1)

    assert unit.call(method, path, by={}, json={}).status_code == 401
    assert unit.call(method, path, by={"Authorization": "Bearer nonsense"}, json={}).status_code == 401


@pytest.mark.requirement("9.4")
@pytest.mark.parametrize("path", READS)
def test_lists_are_for_staff_and_not_for_cadets(unit, people, path):
    assert unit.get(path, by=people.staff()).status_code == 200
    assert unit.get(path, by=people.command()).status_code == 200
    assert unit.get(path, by=people.cadet(1)).status_code == 403


@pytest.mark.requirement("9.4")
def test_a_cadet_reaches_the_own_record_and_no_other(unit, people):
    mine, other = unit.add_cadet(), unit.add_cadet(is_archived=True)

    assert unit.get(f"/cadets/{mine}", by=people.cadet(mine)).json["id"] == mine
    theirs = unit.get(f"/cadets/{other}", by=people.cadet(mine))
    nobody = unit.get("/cadets/999999", by=people.cadet(mine))
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.json["message"] == nobody.json["message"]
    assert unit.get(f"/cadets/{other}", by=people.staff()).status_code == 200


def test_a_cadet_without_a_record_of_his_own_reaches_none(unit, people):
    cadet = unit.add_cadet()
    by = people.headers(people.principal("cadet", cadet_id=None))

    assert unit.get(f"/cadets/{cadet}", by=by).status_code == 404
    assert unit.get("/cadets/me", by=by).status_code == 404


def test_staff_have_no_profile_of_a_cadet(unit, people):
    for by in (people.staff(), people.command()):
        assert unit.get("/cadets/me", by=by).status_code == 403


@pytest.mark.requirement("9.4")
def test_the_command_group_keeps_the_roster_but_hands_out_no_powers(unit, people):
    by, colleague = people.command(), unit.add_staff()

    assert unit.post("/cadets", {"student_id": "c-1", "first_name": "A", "last_name": "B"}, by=by).status_code == 201
    assert unit.patch(f"/staff/{colleague}", {"rank": "Sgt"}, by=by).status_code == 200
    assert unit.post("/staff", {"first_name": "A", "last_name": "B"}, by=by).status_code == 201
    refused = [
        unit.patch(f"/staff/{colleague}", {"position": "Commandant"}, by=by),
        unit.put(f"/staff/{colleague}", {"first_name": "A", "last_name": "B", "position": "Admin NCO"}, by=by),
        unit.post("/staff", {"first_name": "A", "last_name": "B", "position": "NSTP Director"}, by=by),
        unit.patch(f"/staff/{colleague}", {"email": "mine@unit.ph"}, by=by),
        unit.delete(f"/staff/{colleague}", by=by),
        unit.post(f"/staff/{colleague}/restore", by=by),
    ]
    assert [answer.status_code for answer in refused] == [403] * 6
    assert unit.get(f"/staff/{colleague}").json["position"] == "Instructor"


def test_a_member_of_the_command_group_changes_the_own_address_but_not_the_own_position(unit, people):
    staff = unit.add_staff(position="Commandant")
    by = people.command(staff_id=staff)

    assert unit.patch(f"/staff/{staff}", {"email": "me@unit.ph"}, by=by).status_code == 200
    assert unit.patch(f"/staff/{staff}", {"position": "NSTP Director"}, by=by).status_code == 403


@pytest.mark.parametrize("path", INTERNAL)
def test_internal_doors_open_to_services_only(unit, people, path):
    assert unit.client.get(path).status_code == 401
    assert unit.client.get(path, headers=people.admin()).status_code == 401
    assert unit.client.get(path, headers=people.service("grading", "auth")).status_code == 401
    assert unit.client.get(path, headers=people.service("grading", "roster")).status_code in {200, 404}
