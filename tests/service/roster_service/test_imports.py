"""Roster imports over HTTP: preview, apply, undo."""

import io
import threading

import pytest

from roster_service.domain.imports.plan import ACTIONS
from tests.support.workbooks import EVERY_RULE, csv_file, roster, row, workbook


def test_a_preview_says_what_would_happen_and_touches_nobody(roster_api):
    same, other = roster_api.add_cadet(student_id="2026-00001", last_name="Reyes1", middle_name="Lim"), roster_api.add_cadet()
    before = roster_api.cadets()

    shown = roster_api.preview(row(1, company="Bravo"), row(2), row(3, last_name=None), row(2))

    assert shown["summary"] == dict.fromkeys(ACTIONS, 0) | {"create": 1, "update": 1, "invalid": 1, "duplicate": 1}
    update, create, invalid, duplicate = shown["rows"]
    assert (update["action"], update["cadet_id"], update["changes"]["company"]) == ("update", same, ["Alpha", "Bravo"])
    assert (create["action"], create["sheet"], create["row"], create["name"]) == ("create", "Roster", 3, "Reyes2, Ana Lim")
    assert (invalid["action"], invalid["reasons"][0]["code"]) == ("invalid", "missing_last_name")
    assert (duplicate["action"], duplicate["reasons"][0]["place"]) == ("duplicate", "Roster!3")
    assert roster_api.cadets() == before
    assert roster_api.events() == []
    assert other in before


def test_a_preview_can_be_looked_up_again(roster_api):
    shown = roster_api.preview(row(1))

    assert roster_api.get(f"/cadets/imports/{shown['id']}").json == shown
    listed = roster_api.get("/cadets/imports").json
    assert (listed["total"], listed["data"][0]["id"], "rows" in listed["data"][0]) == (1, shown["id"], False)
    assert roster_api.get("/cadets/imports?status=applied").json["total"] == 0


def test_applying_does_what_the_preview_showed(roster_api):
    cadet = roster_api.add_cadet(
        student_id="2026-00001", last_name="Reyes1", first_name="Ana", address="Purok 1", email="old@x.ph"
    )
    shown = roster_api.preview(row(1), row(2, birthdate="2006-05-31"))

    answer = roster_api.apply(shown["id"])

    assert answer.status_code == 200, answer.json
    assert (answer.json["status"], answer.json["created"], answer.json["updated"]) == ("applied", 1, 1)
    updated = roster_api.get(f"/cadets/{cadet}").json
    # A column that the file lacks keeps its value: the legacy importer emptied it.
    assert (updated["email"], updated["address"], updated["version"]) == ("ana1@student.example", "Purok 1", 2)
    created = roster_api.get("/cadets?search=2026-00002").json["data"][0]
    assert (created["birthdate"], created["rank"], created["username"], created["status"]) == (
        "2006-05-31",
        "CDT",
        "202600002",
        "Ongoing",
    )
    assert created["unit_id"] is not None
    [(event, data)] = roster_api.events()
    assert (event, len(data["cadets"])) == ("roster.cadets.imported", 2)


def test_applying_twice_changes_nothing_more(roster_api):
    shown = roster_api.preview(row(1))

    first, second = roster_api.apply(shown["id"]), roster_api.apply(shown["id"])

    assert (second.status_code, second.json) == (200, first.json)
    assert len(roster_api.cadets()) == 1
    assert len(roster_api.events()) == 1


def test_an_import_of_many_is_told_in_events_of_two_hundred(roster_api):
    shown = roster_api.preview(*(row(number) for number in range(1, 411)))

    assert roster_api.apply(shown["id"]).json["created"] == 410
    assert [len(data["cadets"]) for _, data in roster_api.events()] == [200, 200, 10]


def test_the_same_file_again_changes_nobody(roster_api):
    rows = [cells for cells, _, _ in EVERY_RULE]
    roster_api.apply(roster_api.preview(*rows)["id"])
    before = roster_api.cadets()

    again = roster_api.preview(*rows)

    assert (again["summary"]["create"], again["summary"]["update"]) == (0, 0)
    assert roster_api.apply(again["id"]).json["updated"] == 0
    assert roster_api.cadets() == before


def test_a_stale_preview_is_refused_naming_the_row(roster_api):
    cadet = roster_api.add_cadet(student_id="2026-00001", last_name="Reyes1")
    shown = roster_api.preview(row(1, company="Bravo"), row(2))
    roster_api.patch(f"/cadets/{cadet}", {"company": "Delta"})

    answer = roster_api.apply(shown["id"])

    assert (answer.status_code, answer.json["code"]) == (409, "import_stale")
    assert [(entry["row"], entry["cadet_id"]) for entry in answer.json["details"]["rows"]] == [(2, cadet)]
    assert answer.json["details"]["rows"][0]["changes"]["now"]["company"] == ["Delta", "Bravo"]
    assert roster_api.get("/cadets?search=2026-00002").json["total"] == 0
    assert roster_api.get(f"/cadets/imports/{shown['id']}").json["status"] == "preview"


def test_a_change_that_the_import_does_not_concern_does_not_make_it_stale(roster_api):
    cadet = roster_api.add_cadet(student_id="2026-00001", last_name="Reyes1")
    shown = roster_api.preview(row(1, company="Bravo"))
    roster_api.patch(f"/cadets/{cadet}", {"religion": "Islam"})

    assert roster_api.apply(shown["id"]).status_code == 200
    assert roster_api.get(f"/cadets/{cadet}").json["religion"] == "Islam"


def test_a_cadet_added_by_hand_meanwhile_makes_the_preview_stale(roster_api):
    shown = roster_api.preview(row(1))
    roster_api.post("/cadets", {"student_id": "2026-00001", "first_name": "A", "last_name": "B"})

    assert roster_api.apply(shown["id"]).json["code"] == "import_stale"


def test_undoing_restores_what_was_and_withdraws_what_was_created(roster_api, neighbours):
    cadet = roster_api.add_cadet(student_id="2026-00001", last_name="Reyes1", email="old@x.ph", company="Delta")
    before = roster_api.cadets()
    shown = roster_api.preview(row(1), row(2))
    roster_api.apply(shown["id"])
    created = roster_api.get("/cadets?search=2026-00002").json["data"][0]["id"]

    answer = roster_api.undo(shown["id"])

    assert answer.status_code == 200, answer.json
    assert (answer.json["status"], answer.json["restored"], answer.json["removed"], answer.json["refused"]) == (
        "undone",
        1,
        1,
        [],
    )
    assert roster_api.cadets()[cadet] == before[cadet]
    assert roster_api.get("/cadets?archived=all").json["total"] == 1
    assert roster_api.get(f"/cadets/{created}").status_code == 404
    event, data = roster_api.events()[-1]
    assert event == "roster.cadets.imported"
    assert {entry["id"]: entry["is_archived"] for entry in data["cadets"]} == {cadet: False, created: True}


def test_undoing_twice_answers_the_same_and_an_undone_import_stays_undone(roster_api, neighbours):
    shown = roster_api.preview(row(1))
    assert roster_api.undo(shown["id"]).json["code"] == "import_not_applied"
    roster_api.apply(shown["id"])

    first, second = roster_api.undo(shown["id"]), roster_api.undo(shown["id"])

    assert first.json == second.json
    assert roster_api.apply(shown["id"]).json["code"] == "import_undone"


def test_undoing_refuses_what_was_changed_since_and_names_it(roster_api, neighbours):
    shown = roster_api.preview(row(1), row(2))
    roster_api.apply(shown["id"])
    changed = roster_api.get("/cadets?search=2026-00001").json["data"][0]["id"]
    roster_api.patch(f"/cadets/{changed}", {"company": "Delta"})

    answer = roster_api.undo(shown["id"])

    assert (answer.status_code, answer.json["code"]) == (409, "import_changed_since")
    [refused] = answer.json["details"]["refused"]
    assert (refused["cadet_id"], refused["name"], refused["changed"]) == (changed, "Reyes1, Ana", {"company": ["Alpha", "Delta"]})
    assert roster_api.get("/cadets").json["total"] == 2
    assert roster_api.get(f"/cadets/imports/{shown['id']}").json["status"] == "applied"


def test_undoing_refuses_when_a_later_import_changed_the_same_cadet(roster_api, neighbours):
    first = roster_api.preview(row(1))
    roster_api.apply(first["id"])
    second = roster_api.preview(row(1, company="Bravo"))
    roster_api.apply(second["id"])

    assert roster_api.undo(first["id"]).status_code == 409
    assert roster_api.undo(second["id"]).status_code == 200
    # The restored record is a newer version of the same content, so the first import may not be undone blindly either.
    assert roster_api.undo(first["id"]).json["code"] == "import_changed_since"


def test_a_cadet_of_an_undone_import_can_be_imported_or_added_again_under_the_same_id(roster_api, neighbours):
    first = roster_api.preview(row(1), row(2))
    roster_api.apply(first["id"])
    ids = sorted(roster_api.cadets())
    roster_api.undo(first["id"])

    again = roster_api.preview(row(1, email=None))
    assert again["summary"]["create"] == 1
    roster_api.apply(again["id"])
    by_hand = roster_api.post("/cadets", {"student_id": "202600002", "first_name": "ANA", "last_name": "Reyes2"})

    assert by_hand.status_code == 201
    assert sorted(roster_api.cadets()) == ids
    # Nothing of the undone import shines through.
    assert roster_api.get(f"/cadets/{ids[0]}").json["email"] is None
    assert roster_api.get("/cadets").json["total"] == 2


def test_an_archived_cadet_is_restored_by_an_import_and_archived_again_by_its_undoing(roster_api, neighbours):
    cadet = roster_api.add_cadet(student_id="2026-00001", last_name="Reyes1", is_archived=True)
    shown = roster_api.preview(row(1))

    roster_api.apply(shown["id"])
    assert roster_api.get(f"/cadets/{cadet}").json["is_archived"] is False
    roster_api.undo(shown["id"])
    assert roster_api.get(f"/cadets/{cadet}").json["is_archived"] is True


def test_two_who_apply_at_once_import_it_once(roster_api):
    shown = roster_api.preview(*(row(number) for number in range(1, 60)))
    twin = roster_api.preview(*(row(number) for number in range(1, 60)))
    answers, start = [], threading.Barrier(4)
    headers = roster_api.people.admin()

    def apply(import_id):
        client = roster_api.app.test_client()
        start.wait()
        answers.append((import_id, client.post(f"/api/v1/cadets/imports/{import_id}/apply", headers=headers).status_code))

    threads = [threading.Thread(target=apply, args=(import_id,)) for import_id in [shown["id"], twin["id"]] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # One of the two previews wins, for both who applied it; the other is stale.
    by_import = {import_id: {status for one, status in answers if one == import_id} for import_id in (shown["id"], twin["id"])}
    assert sorted(by_import.values(), key=min) == [{200}, {409}]
    assert len(roster_api.cadets()) == 59


def test_unknown_columns_and_sheets_without_headers_are_warnings(roster_api):
    data = workbook(
        ("Notes", [["call the dean"]]), ("MS1", [["USN", "Surname", "Given Name", "Shoe"], ["2026-1", "Reyes", "Ana", 42]])
    )

    shown = roster_api.upload(data).json

    assert shown["warnings"] == {
        "unknown_columns": [{"sheet": "MS1", "column": "Shoe"}],
        "skipped_sheets": ["Notes"],
        "hidden_sheets": [],
    }
    assert shown["summary"]["create"] == 1


def test_a_company_added_to_the_tree_is_known_to_the_import(roster_api):
    top = roster_api.get("/units").json["data"][0]["id"]
    roster_api.post("/units", {"kind": "company", "name": "Echo", "parent_id": top})

    shown = roster_api.preview(row(1, company="ECHO"))

    assert shown["rows"][0]["changes"]["company"] == [None, "Echo"]


@pytest.mark.requirement("20.2")
@pytest.mark.parametrize(
    ("data", "filename", "status", "code"),
    [
        (b"%PDF-1.7", "roster.xlsx", 415, "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "roster.xls", 415, "workbook_old_format"),
        (b"PK\x03\x04broken", "roster.xlsx", 422, "workbook_damaged"),
        (b"a,b\n1,2\n", "roster.csv", 422, "no_header_row"),
        (b"x" * (5 * 1024 * 1024 + 1), "roster.csv", 413, "file_too_large"),
        (b"x" * (6 * 1024 * 1024), "roster.csv", 413, "too_large"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_and_nothing_is_kept(roster_api, data, filename, status, code):
    answer = roster_api.upload(data, filename)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert roster_api.get("/cadets/imports").json["total"] == 0


def test_a_request_without_a_file_is_refused(roster_api):
    assert roster_api.call("POST", "/cadets/imports", data={}).status_code == 422
    assert roster_api.call("POST", "/cadets/imports", json={"file": "x"}).status_code == 422
    assert roster_api.call("POST", "/cadets/imports", data={"file": "a text field"}).status_code == 422


def test_a_csv_is_imported_like_a_workbook(roster_api):
    shown = roster_api.upload(csv_file(row(1), row(2)), "../../etc/MS1\x00.csv").json

    assert (shown["filename"], shown["summary"]["create"]) == ("MS1.csv", 2)


@pytest.mark.parametrize("import_id", ["0", "abc", "999999", "2147483648"])
def test_an_unknown_import_is_not_found(roster_api, neighbours, import_id):
    assert roster_api.get(f"/cadets/imports/{import_id}").status_code == 404
    assert roster_api.apply(import_id).status_code == 404
    assert roster_api.undo(import_id).status_code == 404


def test_an_upload_repeated_with_its_key_makes_one_preview(roster_api):
    data = roster(row(1))
    sent = {"headers": {"Idempotency-Key": "upload-1"}}

    first, second = roster_api.upload(data, **sent), roster_api.upload(data, **sent)

    assert (first.status_code, second.json["id"]) == (201, first.json["id"])
    assert roster_api.get("/cadets/imports").json["total"] == 1


def test_a_key_of_one_upload_is_no_key_of_another_file_name_or_of_more_fields(roster_api):
    sent = {"headers": {"Idempotency-Key": "upload-1"}}
    first = roster_api.upload(roster(row(1)), "monday.xlsx", **sent)

    renamed = roster_api.upload(roster(row(1)), "tuesday.xlsx", **sent)
    more = roster_api.call(
        "POST", "/cadets/imports", data={"file": (io.BytesIO(roster(row(1))), "monday.xlsx"), "term": "2"}, **sent
    )

    assert (first.status_code, first.json["filename"]) == (201, "monday.xlsx")
    assert [(answer.status_code, answer.json["code"]) for answer in (renamed, more)] == [(422, "idempotency_key_reused")] * 2


def test_the_preview_of_a_large_file_asks_the_database_little(roster_api, count_queries):
    data = roster(*(row(number) for number in range(1, 301)))

    with count_queries(roster_api.app) as statements:
        assert roster_api.call("POST", "/cadets/imports", data={"file": (io.BytesIO(data), "r.xlsx")}).status_code == 201

    assert len(statements) <= 6
