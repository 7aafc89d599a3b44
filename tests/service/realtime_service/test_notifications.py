"""Notifications over HTTP, and the whole way from a commit to a frame."""

from __future__ import annotations

from uuid import uuid4

import pytest

from libs.contracts import events
from libs.ids import uuid7
from libs.web.app import start_background, stop_background
from tests.service.realtime_service.conftest import STAFF, Sockets, cadet

LIST = "/api/v1/notifications"


@pytest.fixture
def client(client_of):
    return client_of("realtime")


@pytest.fixture
def notify(client, people):
    """A function (user_id, message, **more) -> the answer to another service's request to tell somebody something."""

    def send(user_id: int, message: str = "Muster at 0700", **more):
        note = {"id": str(uuid7()), "user_id": user_id, "message": message, "kind": "muster", **more}
        return client.post(
            "/internal/notifications", json={"notifications": [note]}, headers=people.service("grading", "realtime")
        )

    return send


def test_a_person_lists_their_own_notifications_newest_first_and_nobody_elses(client, people, notify):
    for number in range(3):
        notify(1001, f"note {number}")
    notify(1002, "for another")

    body = client.get(LIST, headers=people.cadet(1)).json

    assert [row["message"] for row in body["data"]] == ["note 2", "note 1", "note 0"]
    assert (body["total"], body["page"], body["limit"], body["next_cursor"]) == (3, 1, 20, None)


def test_a_long_list_is_walked_by_cursor_without_a_gap_or_a_repetition(client, people, notify):
    for number in range(25):
        notify(1001, f"note {number}")
    seen, cursor = [], None

    while True:
        query = {"page_size": 10} | ({"cursor": cursor} if cursor else {})
        body = client.get(LIST, query_string=query, headers=people.cadet(1)).json
        seen += [row["message"] for row in body["data"]]
        if not (cursor := body["next_cursor"]):
            break

    assert seen == [f"note {number}" for number in reversed(range(25))]


def test_reading_one_and_all(client, people, notify):
    first, second = notify(1001).json["stored"][0], notify(1001).json["stored"][0]
    headers = people.cadet(1)
    assert client.get(f"{LIST}/unread-count", headers=headers).json == {"unread": 2}

    once = client.post(f"{LIST}/{first}/read", headers=headers).json
    again = client.post(f"{LIST}/{first}/read", headers=headers).json

    assert once["read_at"] == again["read_at"] is not None
    assert client.get(LIST, query_string={"unread": "true"}, headers=headers).json["data"][0]["id"] == second
    assert client.post(f"{LIST}/read-all", headers=headers).json == {"read": 1}
    assert client.get(f"{LIST}/unread-count", headers=headers).json == {"unread": 0}


@pytest.mark.parametrize("role", ["cadet", "staff", "admin"])
def test_nobody_reads_or_marks_another_persons_notification(client, people, notify, role):
    stored = notify(1002).json["stored"][0]
    headers = getattr(people, role)()

    assert client.post(f"{LIST}/{stored}/read", headers=headers).status_code == 404
    assert client.get(LIST, headers=headers).json["data"] == []


def test_the_same_id_is_told_once(client, people, notify):
    note_id = str(uuid4())

    first, second = notify(1001, id=note_id), notify(1001, id=note_id)

    assert first.json == {"stored": [note_id], "duplicates": []}
    assert second.json == {"stored": [], "duplicates": [note_id]}
    assert client.get(LIST, headers=people.cadet(1)).json["total"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": 0}, {"user_id": 2**40}, {"user_id": "x"}, {"message": ""}, {"message": "a\x00b"}, {"message": "x" * 501},
        {"priority": "whenever"}, {"kind": "Not A Kind"}, {"id": "no-uuid"}, {"data": {"text": "a\x00b"}},
        {"data": {"a": "x" * 5000}}, {"data": []}, {"unknown": 1},
    ],
)  # fmt: skip
def test_a_bad_notification_is_refused_by_field(notify, change):
    answer = notify(**{"user_id": 1001} | change)

    assert answer.status_code == 422
    assert answer.json["code"] == "invalid_fields"


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"cursor": "WzEsMl0"}, {"cursor": "WyIyMDI2LTAxLTAxIiwieCJd"}, {"page_size": 0}]
)
def test_a_bad_page_is_refused(client, people, query):
    assert client.get(LIST, query_string=query, headers=people.cadet(1)).status_code == 422


def test_only_a_service_may_make_notifications(client, people):
    for headers in ({}, people.admin(), people.service("grading", "roster")):
        assert client.post("/internal/notifications", json={"notifications": []}, headers=headers).status_code == 401


def test_a_list_costs_one_statement(client, people, notify, service_app, count_queries):
    for _ in range(5):
        notify(1001)

    with count_queries(service_app("realtime")) as statements:
        client.get(LIST, headers=people.cadet(1))

    assert len(statements) == 1


@pytest.mark.requirement("12.2", "12.3", "26.1", "26.2")
def test_a_created_notification_arrives_as_a_frame_on_every_socket_of_its_person(service_app, notify, sockets: Sockets):
    app = service_app("realtime")
    phone, laptop = sockets.connect(cadet(1), "notifications"), sockets.connect(cadet(1), "updates")
    other = sockets.connect(cadet(2), "notifications")
    start_background(app)
    try:
        stored = notify(1001, "Your excuse was accepted", priority="high").json["stored"][0]
        notify(1002, "for cadet 2")
        frames = [phone.next(), laptop.next()]
        assert other.next()["data"]["message"] == "for cadet 2"
    finally:
        stop_background(app)

    for frame in frames:
        assert frame["type"] == events.messaging.NOTIFICATION_CREATED
        assert (
            frame["data"].items()
            >= {"id": stored, "user_id": 1001, "message": "Your excuse was accepted", "priority": "high"}.items()
        )
        assert frame["timestamp"] == frame["data"]["timestamp"]


def test_a_ticket_opens_one_socket_once_as_its_owner(client, people, sockets: Sockets):
    ticket = client.post("/api/v1/realtime/tickets", headers=people.staff()).json
    assert ticket["expires_in"] == 30

    opened = sockets.open(ticket=ticket["ticket"])
    assert opened.next()["data"]["user_id"] == STAFF.user_id

    again = sockets.open(ticket=ticket["ticket"])
    assert again.closing() == (4401, "ticket_invalid")


def test_a_ticket_needs_a_token_and_is_not_stored_in_the_clear(client, people, redis_client):
    assert client.post("/api/v1/realtime/tickets").status_code == 401

    ticket = client.post("/api/v1/realtime/tickets", headers=people.cadet(1)).json["ticket"]

    assert not any(ticket.encode() in key for key in redis_client.scan_iter("rgms:ticket:*"))
    assert [redis_client.ttl(key) <= 30 for key in redis_client.scan_iter("rgms:ticket:*")] == [True]
