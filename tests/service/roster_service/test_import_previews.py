"""What officers do with a preview before it is applied: answer, mend, leave out, download what is refused, discard."""

from __future__ import annotations

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from libs.data.db import reading
from roster_service.models import CadetImport, IdempotencyKey
from roster_service.operations import turns
from roster_service.operations.import_previews import MOST_PREVIEWS
from tests.support.hostile_workbooks import HOSTILE
from tests.support.workbooks import csv_file, row, workbook


def correct(roster_api, shown, change, expect=200, **more):
    answer = roster_api.patch(f"/cadets/imports/{shown['id']}", change, **more)
    assert answer.status_code == expect, answer.json
    return answer.json


def at(number, **change):
    return {"rows": [{"sheet": "r", "row": number, **change}]}


def upload(roster_api, *rows):
    answer = roster_api.upload(csv_file(*rows), "r.csv")
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_mended_row_is_shown_and_applied_as_it_was_mended(roster_api):
    shown = upload(roster_api, row(1, last_name=None), row(2))

    mended = correct(roster_api, shown, at(2, values={"last_name": "dela  Cruz", "email": "ANA@x.ph"}))

    assert (shown["summary"]["invalid"], mended["summary"]["invalid"], mended["summary"]["create"]) == (1, 0, 2)
    first = mended["rows"][0]
    assert (first["name"], first["mended"], first["given"]["last_name"]) == (
        "dela Cruz, Ana Lim",
        ["email", "last_name"],
        "dela Cruz",
    )
    assert roster_api.get(f"/cadets/imports/{shown['id']}").json == mended
    assert roster_api.apply(shown["id"]).json["created"] == 2
    [stored] = roster_api.get("/cadets?search=2026-00001").json["data"]
    assert (stored["last_name"], stored["email"]) == ("dela Cruz", "ana@x.ph")


def test_a_mended_row_can_be_as_the_file_has_it_again(roster_api):
    shown = upload(roster_api, row(1, last_name=None))
    correct(roster_api, shown, at(2, values={"last_name": "Cruz"}))

    back = correct(roster_api, shown, at(2, values=None))

    assert (back["rows"], back["summary"], back["corrections"]["rows"]) == (shown["rows"], shown["summary"], {})


def test_a_row_that_is_left_out_stays_out_until_it_is_taken_back(roster_api):
    shown = upload(roster_api, row(1), row(2))

    left = correct(roster_api, shown, at(2, left_out=True))
    assert [one["action"] for one in left["rows"]] == ["left_out", "create"]
    assert sum(left["summary"].values()) == 2
    assert [one["action"] for one in correct(roster_api, shown, at(2, left_out=False))["rows"]] == ["create", "create"]

    correct(roster_api, shown, at(3, left_out=True))
    assert roster_api.apply(shown["id"]).json["created"] == 1
    assert roster_api.get("/cadets?search=2026-00002").json["total"] == 0
    assert correct(roster_api, shown, at(3, left_out=False), expect=409)["code"] == "import_not_open"


def test_dates_and_hidden_sheets_are_asked_about_and_answered_once(roster_api):
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(*((name, [["USN", "Surname", "Given Name", "Birthday"], [number, "Reyes", "Ana", "04/05/2006"]])
                              for name, number in (("MS1", "2026-1"), ("Old", "2026-2")))))
    )  # fmt: skip
    book["Old"].sheet_state = "hidden"
    raw = io.BytesIO()
    book.save(raw)

    shown = roster_api.upload(raw.getvalue()).json
    assert shown["warnings"]["hidden_sheets"] == ["Old"]
    assert shown["layout"]["dates"] == {"count": 1, "example": "04/05/2006", "order": None}
    assert (len(shown["rows"]), shown["rows"][0]["reasons"][-1]["code"]) == (1, "birthdate_open")

    answered = correct(roster_api, shown, {"sheets": {"Old": True}, "date_order": "day_first"})
    assert [one["changes"]["birthdate"] for one in answered["rows"]] == [[None, "2006-05-04"]] * 2
    assert correct(roster_api, shown, {"date_order": None})["rows"][1]["changes"].get("birthdate") is None


def test_a_preview_that_somebody_changed_meanwhile_is_neither_mended_nor_applied_blindly(roster_api):
    shown = upload(roster_api, row(1), row(2))
    seen = {"headers": {"If-Match": roster_api.get(f"/cadets/imports/{shown['id']}").headers["ETag"]}}
    correct(roster_api, shown, at(2, left_out=True), **seen)

    assert correct(roster_api, shown, at(3, left_out=True), expect=412, **seen)["code"] == "stale_version"
    assert roster_api.apply(shown["id"], **seen).status_code == 412
    assert roster_api.cadets() == {}
    now = {"headers": {"If-Match": roster_api.get(f"/cadets/imports/{shown['id']}").headers["ETag"]}}
    assert roster_api.apply(shown["id"], **now).json["created"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"sheets": {"nobody": True}},
        {"sheets": {"r": "yes"}},
        {"sheets": ["r"]},
        {"date_order": "never"},
        {"rows": [{"sheet": "r", "row": 9, "left_out": True}]},
        {"rows": [{"sheet": "r", "row": 2, "values": {"id": "1"}}]},
        {"rows": [{"sheet": "r", "row": 2, "values": {"last_name": 7}}]},
        {"rows": [{"sheet": "r", "row": 2, "values": {"last_name": None}}]},
        {"rows": [{"sheet": "r", "row": "2", "left_out": True}]},
        {"rows": [{"sheet": "r"}]},
        {"rows": {"r!2": {}}},
        {"filename": "x"},
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_and_nothing_of_it_is_kept(roster_api, change):
    shown = upload(roster_api, row(1))
    sound = {"rows": [{"sheet": "r", "row": 2, "left_out": True}]}

    assert correct(roster_api, shown, {**sound, **change}, expect=422)["code"] == "invalid_fields"
    assert roster_api.get(f"/cadets/imports/{shown['id']}").json == shown


@pytest.mark.requirement("20.5")
def test_refused_rows_are_downloaded_with_their_reasons_and_start_no_formula(roster_api):
    shown = upload(roster_api, row(1), row(2, last_name=None, first_name='=HYPERLINK("http://x")', middle_name="+Lim"), row(1))

    book = openpyxl.load_workbook(io.BytesIO(roster_api.get(f"/cadets/imports/{shown['id']}/refused").data))
    cells = list(book.active.iter_rows())
    answer = roster_api.get(f"/cadets/imports/{shown['id']}/refused?format=csv")
    text = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert answer.headers["Content-Disposition"] == f'attachment; filename="refused-rows-{shown["id"]}.csv"'
    assert {cell.data_type for line in cells for cell in line if cell.value} == {"s"}
    headers, second, third = (dict(zip(text[0], line, strict=True)) for line in text)
    assert second == dict.fromkeys(headers, "") | {
        "Student ID": "2026-00002",
        "First Name": '\'=HYPERLINK("http://x")',
        "Middle Name": "'+Lim",
        "Email": "ana2@student.example",
        "Contact Number": "09170000002",
        "Company": "Alpha",
        "Platoon": "1st Platoon",
        "Reason": "There is no last name.",
        "Stood in sheet": "r",
        "Stood in row": "3",
    }
    assert third["Reason"] == "The same row stands in r!2."


def test_downloaded_rows_are_read_again_once_they_are_mended(roster_api):
    shown = upload(roster_api, row(1, last_name=None))
    book = openpyxl.load_workbook(io.BytesIO(roster_api.get(f"/cadets/imports/{shown['id']}/refused").data))
    column = next(cell.column for cell in book.active[1] if cell.value == "Last Name")
    book.active.cell(2, column).value = "Cruz"
    raw = io.BytesIO()
    book.save(raw)

    again = roster_api.upload(raw.getvalue()).json

    assert (again["summary"]["create"], again["rows"][0]["name"]) == (1, "Cruz, Ana Lim")


def test_a_preview_is_discarded_and_an_applied_import_is_not(roster_api):
    preview, applied = upload(roster_api, row(1)), upload(roster_api, row(2))
    roster_api.apply(applied["id"])

    assert roster_api.delete(f"/cadets/imports/{preview['id']}").status_code == 204
    assert roster_api.get(f"/cadets/imports/{preview['id']}").status_code == 404
    assert roster_api.delete(f"/cadets/imports/{applied['id']}").json["code"] == "import_not_open"


def test_a_preview_is_forgotten_after_a_day_with_the_answer_kept_for_its_repetition(roster_api, as_owner):
    headers = {"Idempotency-Key": "once"}
    assert roster_api.upload(csv_file(row(1)), "r.csv", headers=headers).status_code == 201
    new, applied = upload(roster_api, row(2))["id"], upload(roster_api, row(3))["id"]
    roster_api.apply(applied)
    as_owner(f"UPDATE roster.cadet_import SET created_at = now() - interval '25 hours' WHERE id <> {new}")  # noqa: S608
    as_owner("UPDATE roster.idempotency_key SET created_at = now() - interval '25 hours'")

    answer = roster_api.client.post("/internal/cleanup/imports", headers=roster_api.people.service("tasks", "roster"))

    assert answer.json == {"deleted": 1}
    with roster_api.app.app_context(), reading() as connection:
        assert sorted(connection.execute(CadetImport.__table__.select()).scalars()) == sorted([new, applied])
        assert connection.execute(IdempotencyKey.__table__.select()).all() == []


def test_one_account_cannot_fill_the_database_with_previews(roster_api):
    mine = [upload(roster_api, row(1))["id"] for _ in range(MOST_PREVIEWS)]

    refused = roster_api.upload(csv_file(row(1)), "r.csv")
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_previews")
    assert roster_api.upload(csv_file(row(1)), "r.csv", by=roster_api.people.command(user_id=77)).status_code == 201
    roster_api.delete(f"/cadets/imports/{mine[0]}")
    assert roster_api.upload(csv_file(row(1)), "r.csv").status_code == 201


def test_a_preview_stays_small_however_long_the_texts_of_its_file_are(roster_api):
    answer = roster_api.upload(HOSTILE["one_long_shared_string"]())

    assert answer.status_code == 201
    assert len(answer.data) < 2_000_000
    assert answer.json["summary"]["invalid"] == 1_000


def test_files_that_arrive_together_are_read_one_after_the_other_and_too_many_are_told_so(roster_api):
    headers, data = roster_api.people.admin(), csv_file(*(row(number) for number in range(1, 800)))
    start = threading.Barrier(8)

    def send(number):
        start.wait()
        sent = {"file": (io.BytesIO(data), f"{number}.csv")}
        return roster_api.app.test_client().post("/api/v1/cadets/imports", headers=headers, data=sent)

    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(send, range(8)))

    assert {answer.status_code for answer in answers} == {201, 503}
    assert sum(answer.status_code == 201 for answer in answers) >= turns.MOST_AT_ONCE
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert (busy.json["code"], busy.headers["Retry-After"]) == ("roster_reading_busy", "5")
