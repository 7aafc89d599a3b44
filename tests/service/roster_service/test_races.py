"""Two people at once, and what nobody may make the server do."""

import socket
import threading

from tests.support.workbooks import csv_file, row


def at_once(roster_api, calls):
    """Send (method, path, body, headers) requests at the same moment; return their statuses."""
    start, statuses = threading.Barrier(len(calls)), []
    by = roster_api.people.admin()

    def send(method, path, body, headers):
        client = roster_api.app.test_client()
        start.wait()
        statuses.append(client.open(f"/api/v1{path}", method=method, json=body, headers={**by, **headers}).status_code)

    threads = [threading.Thread(target=send, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_of_two_who_add_the_same_cadet_one_succeeds(roster_api):
    body = {"student_id": "2026-00042", "first_name": "Ana", "last_name": "Reyes"}

    statuses = at_once(roster_api, [("POST", "/cadets", body, {})] * 6)

    assert statuses == [201, 409, 409, 409, 409, 409]
    assert len(roster_api.events()) == 1


def test_of_two_who_take_up_the_record_of_an_undone_import_one_succeeds(roster_api, neighbours):
    shown = roster_api.preview(row(1))
    roster_api.apply(shown["id"])
    roster_api.undo(shown["id"])
    body = {"student_id": "2026-00001", "first_name": "Ana", "last_name": "Reyes1"}

    assert at_once(roster_api, [("POST", "/cadets", body, {})] * 5) == [201, 409, 409, 409, 409]
    assert len(roster_api.cadets()) == 1


def test_changes_of_different_fields_at_once_are_all_kept(roster_api):
    # Legacy defect D11: of sixty changes at once five were lost.
    cadet = roster_api.add_cadet()
    fields = ("address", "religion", "course", "corp_position", "middle_name", "suffix_name")

    statuses = at_once(roster_api, [("PATCH", f"/cadets/{cadet}", {name: name[:20]}, {}) for name in fields])

    stored = roster_api.get(f"/cadets/{cadet}").json
    assert statuses == [200] * 6
    assert [stored[name] for name in fields] == [name[:20] for name in fields]
    assert (stored["version"], len(roster_api.events())) == (7, 6)


def test_of_two_changes_based_on_one_version_one_succeeds(roster_api):
    cadet = roster_api.add_cadet()
    calls = [("PATCH", f"/cadets/{cadet}", {"address": f"Purok {number}"}, {"If-Match": '"1"'}) for number in range(5)]

    assert at_once(roster_api, calls) == [200, 412, 412, 412, 412]


def test_cadets_archived_and_changed_at_once_block_nobody(roster_api):
    cadets = [roster_api.add_cadet() for _ in range(12)]
    calls = [
        ("POST", "/cadets/archive", {"ids": cadets}, {}),
        ("POST", "/cadets/restore", {"ids": cadets[::-1]}, {}),
        *(("PATCH", f"/cadets/{cadet}", {"address": "Purok 1"}, {}) for cadet in cadets[:4]),
    ]

    assert at_once(roster_api, calls) == [200] * 6


def test_two_staff_cannot_get_one_email_address(roster_api):
    body = {"first_name": "Rey", "last_name": "Cruz", "email": "rey@unit.ph"}

    assert at_once(roster_api, [("POST", "/staff", body, {})] * 4) == [201, 409, 409, 409]


def test_no_import_makes_the_server_fetch_an_address(roster_api):
    # Legacy defect D17: anybody who was signed in made the server open any address.
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/roster.xlsx"

        refused = [
            roster_api.call("POST", "/cadets/imports", json={"url": address}),
            roster_api.call("POST", "/cadets/imports", data={"url": address, "file": address}),
            roster_api.upload(address.encode(), "roster.csv"),
        ]
        read = roster_api.upload(csv_file(row(1, last_name=f'=IMPORTDATA("{address}")')), "roster.csv")

        assert [answer.status_code for answer in refused] == [422, 422, 422]
        assert read.status_code == 201
        try:
            trap.accept()
        except BlockingIOError:
            reached = False
        else:
            reached = True
    assert not reached
