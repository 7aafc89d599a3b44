"""One cadet: added, read, changed, archived, over HTTP."""

import json

import pytest

BODY = {"student_id": "2026-00042", "first_name": "José", "last_name": "Ordoñez", "company": "Bravo", "platoon": "2nd Platoon"}


@pytest.mark.requirement("20.1")
def test_a_cadet_is_added_with_rank_user_name_and_unit(roster_api):
    answer = roster_api.post("/cadets", BODY)

    assert answer.status_code == 201, answer.json
    cadet = answer.json
    assert (cadet["rank"], cadet["username"], cadet["status"], cadet["version"]) == ("CDT", "202600042", "Ongoing", 1)
    assert cadet["unit_id"] is not None
    assert answer.headers["ETag"] == '"1"'
    assert roster_api.get(f"/cadets/{cadet['id']}").json == cadet


def test_adding_a_cadet_tells_the_others_in_the_same_transaction(roster_api):
    cadet = roster_api.post("/cadets", BODY).json

    [(event, data)] = roster_api.events()
    assert event == "roster.cadet.created"
    assert data["cadet"]["id"] == cadet["id"]
    assert data["cadet"]["company"] == "Bravo"
    assert "address" not in data["cadet"]


def test_a_refused_cadet_leaves_no_event(roster_api):
    roster_api.add_cadet(student_id="2026-00042")

    assert roster_api.post("/cadets", BODY).status_code == 409
    assert roster_api.events() == []


@pytest.mark.parametrize("field", ["student_id", "username"])
def test_a_taken_identifier_is_refused_naming_the_field_and_the_cadet(roster_api, field):
    holder = roster_api.add_cadet(**{field: "AB-7"}, last_name="Santos", first_name="Ben", is_archived=True)

    answer = roster_api.post("/cadets", {**BODY, field: "ab-7"})

    assert (answer.status_code, answer.json["code"]) == (409, f"duplicate_{field}")
    assert answer.json["details"]["field"] == field
    assert answer.json["details"]["cadet"] == {
        "id": holder,
        "name": "Santos, Ben",
        "student_id": answer.json["details"]["cadet"]["student_id"],
        "is_archived": True,
    }


def test_a_cadet_cannot_take_the_student_id_of_another_by_a_change(roster_api):
    roster_api.add_cadet(student_id="AB-7")
    other = roster_api.add_cadet()

    assert roster_api.patch(f"/cadets/{other}", {"student_id": "ab-7"}).status_code == 409
    assert roster_api.patch(f"/cadets/{other}", {"student_id": "AB-8"}).status_code == 200


def test_a_patch_changes_what_it_names_and_tells_it(roster_api):
    cadet = roster_api.add_cadet(email="old@x.ph", address="Purok 1")

    answer = roster_api.patch(f"/cadets/{cadet}", {"email": "NEW@x.ph", "birthdate": "2006-05-31"})

    assert answer.status_code == 200, answer.json
    assert (answer.json["email"], answer.json["address"], answer.json["version"]) == ("new@x.ph", "Purok 1", 2)
    assert answer.json["birthdate"] == "2006-05-31"
    assert [event for event, _ in roster_api.events()] == ["roster.cadet.updated"]


def test_a_patch_that_changes_nothing_makes_no_version_and_no_event(roster_api):
    cadet = roster_api.add_cadet(email="a@x.ph")

    assert roster_api.patch(f"/cadets/{cadet}", {"email": "a@x.ph"}).json["version"] == 1
    assert roster_api.events() == []


def test_a_put_empties_what_it_leaves_out_but_user_name_and_status(roster_api):
    cadet = roster_api.add_cadet(email="a@x.ph", address="Purok 1", username="ana", status="Verified")

    answer = roster_api.put(f"/cadets/{cadet}", BODY)

    assert answer.status_code == 200, answer.json
    assert (answer.json["email"], answer.json["address"]) == (None, None)
    assert (answer.json["username"], answer.json["status"], answer.json["last_name"]) == ("ana", "Verified", "Ordoñez")


def test_a_change_based_on_an_older_version_is_refused(roster_api):
    cadet = roster_api.add_cadet()
    seen = roster_api.get(f"/cadets/{cadet}").headers["ETag"]
    assert roster_api.patch(f"/cadets/{cadet}", {"email": "a@x.ph"}, headers={"If-Match": seen}).status_code == 200

    for method in ("PATCH", "PUT", "DELETE"):
        body = None if method == "DELETE" else BODY
        answer = roster_api.call(method, f"/cadets/{cadet}", json=body, headers={"If-Match": seen})
        assert (answer.status_code, answer.json["code"]) == (412, "stale_version"), method
    assert roster_api.get(f"/cadets/{cadet}").json["email"] == "a@x.ph"


def test_an_unknown_company_or_platoon_is_refused(roster_api):
    cadet = roster_api.add_cadet()

    assert "company" in roster_api.patch(f"/cadets/{cadet}", {"company": "Echo"}).json["details"]
    assert "platoon" in roster_api.patch(f"/cadets/{cadet}", {"platoon": "Ninth"}).json["details"]


def test_unit_words_are_stored_as_the_tree_writes_them(roster_api):
    cadet = roster_api.add_cadet()

    answer = roster_api.patch(f"/cadets/{cadet}", {"company": "charlie", "platoon": "MEDICS"})

    assert (answer.json["company"], answer.json["platoon"]) == ("Charlie", "Medics")


def test_deleting_a_cadet_archives_and_restoring_takes_back(roster_api):
    cadet = roster_api.add_cadet()

    archived = roster_api.delete(f"/cadets/{cadet}")
    again = roster_api.delete(f"/cadets/{cadet}")
    restored = roster_api.post(f"/cadets/{cadet}/restore")

    assert (archived.status_code, archived.json["is_archived"]) == (200, True)
    assert again.json["version"] == archived.json["version"]
    assert restored.json["is_archived"] is False
    assert [event for event, _ in roster_api.events()] == ["roster.cadet.archived", "roster.cadet.restored"]
    assert cadet in roster_api.cadets()


def test_many_cadets_are_archived_and_restored_together_or_not_at_all(roster_api):
    first, second, third = (roster_api.add_cadet() for _ in range(3))
    roster_api.delete(f"/cadets/{third}")

    missing = roster_api.post("/cadets/archive", {"ids": [first, 999_999]})
    assert (missing.status_code, missing.json["details"]) == (404, {"ids": [999_999]})
    assert not roster_api.get(f"/cadets/{first}").json["is_archived"]

    answer = roster_api.post("/cadets/archive", {"ids": [second, first, third, first]})
    assert answer.json == {"changed": [first, second], "unchanged": [third]}
    assert roster_api.post("/cadets/restore", {"ids": [first, second, third]}).json["changed"] == [first, second, third]
    assert [event for event, _ in roster_api.events()][-2:] == ["roster.cadets.imported", "roster.cadets.imported"]


@pytest.mark.parametrize("ids", [[], [0], [-1], ["a"], [2**31], [1.5], "1", None, [True], list(range(1, 502))])
def test_ids_that_are_none_are_refused(roster_api, ids):
    assert roster_api.post("/cadets/archive", {"ids": ids}).status_code == 422


def test_an_idempotency_key_adds_a_cadet_once(roster_api):
    sent = {"headers": {"Idempotency-Key": "k-1"}}

    first, second = roster_api.post("/cadets", BODY, **sent), roster_api.post("/cadets", BODY, **sent)

    assert (first.status_code, second.status_code, second.json) == (201, 201, first.json)
    assert len(roster_api.events()) == 1
    assert roster_api.post("/cadets", {**BODY, "email": "a@x.ph"}, **sent).status_code == 422


HOSTILE = ["nul\x00", "\ud800", "x" * 10_000, 7, 1.5, True, [], {}, "\u202egnp.exe"]
TEXT_FIELDS = (
    "student_id",
    "username",
    "first_name",
    "last_name",
    "middle_name",
    "email",
    "address",
    "course",
    "religion",
    "company",
)


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize("field", TEXT_FIELDS)
@pytest.mark.parametrize("value", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_a_hostile_value_is_refused_naming_its_field(roster_api, field, value):
    # The standard library writes a lone surrogate that a careful writer refuses to send.
    answer = roster_api.call("POST", "/cadets", data=json.dumps({**BODY, field: value}), content_type="application/json")

    assert answer.status_code in {400, 422}, answer.json
    if answer.status_code == 422:
        assert field in answer.json["details"]


@pytest.mark.requirement("20.3", "20.5")
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "Robert'); DROP TABLE roster.cadet;--", "👨‍👩‍👧 Ñañez", "%_\\"])
def test_strange_text_is_kept_as_plain_text(roster_api, text):
    cadet = roster_api.post("/cadets", {**BODY, "first_name": text})

    assert cadet.status_code == 201, cadet.json
    assert roster_api.get(f"/cadets/{cadet.json['id']}").json["first_name"] == text
    assert roster_api.get("/cadets", query_string={"search": text}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"id": 9},
        {"version": 9},
        {"is_archived": True},
        {"is_profile_completed": True},
        {"role": "admin"},
        {"is_active": True},
        {"created_at": "2020-01-01T00:00:00Z"},
        {"unit_id": 1},
        {"status": "Graduated"},
        {"status": None},
        {"gender": "x"},
        {"year_level": "9th Year"},
        {"birthdate": "31/12/2005"},
        {"birthdate": "9999-01-01"},
        {"birthdate": 5},
        {"first_name": ""},
        {"first_name": None},
        {"username": "two words"},
        {"email": "nobody"},
    ],
    ids=str,
)
def test_a_field_that_may_not_be_set_so_is_refused(roster_api, change):
    cadet = roster_api.add_cadet()

    answer = roster_api.patch(f"/cadets/{cadet}", change)

    assert (answer.status_code, list(answer.json["details"])) == (422, list(change))


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(roster_api, body):
    answer = roster_api.call("POST", "/cadets", data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert answer.json["code"] in {"bad_request", "invalid_fields"}


@pytest.mark.parametrize("cadet", ["0", "-1", "abc", "2147483648", "9" * 40, "%00", "1;--"])
def test_an_id_that_is_none_finds_nothing(roster_api, cadet):
    assert roster_api.get(f"/cadets/{cadet}").status_code == 404


def test_an_unknown_cadet_is_not_found_by_any_method(roster_api):
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore"), ("POST", "/unlock")):
        body = {"json": {"email": "a@x.ph"}} if method == "PATCH" else {}
        assert roster_api.call(method, f"/cadets/999999{path}", **body).status_code == 404, (method, path)
