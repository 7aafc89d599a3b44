"""What other services read of the roster, through the client they use."""

import threading

import pytest
from werkzeug.serving import make_server

from libs.clients.roster import RosterClient
from libs.web.errors import UpstreamDown


@pytest.fixture
def roster_client(roster_api, make_settings):
    """A RosterClient that talks to the service over a real socket."""
    server = make_server("127.0.0.1", 0, roster_api.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield RosterClient(make_settings("grading", ROSTER_URL=f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_reads_one_cadet_archived_or_not(roster_api, roster_client):
    cadet = roster_api.add_cadet(is_archived=True, address="Purok 1")

    found = roster_client.get_cadet(cadet)

    assert (found["id"], found["is_archived"], found["company"]) == (cadet, True, "Alpha")
    assert "address" not in found
    assert roster_client.get_cadet(999_999) is None
    assert roster_client.get_cadets({cadet, 999_999}) == [found]


def test_a_service_reads_everybody_page_by_page(roster_api, roster_client):
    cadets = [roster_api.add_cadet(is_archived=number % 2 == 0) for number in range(5)]
    staff = roster_api.add_staff()

    first, cursor = roster_client.list_cadets(limit=2)
    second, _ = roster_client.list_cadets(cursor, limit=10)

    assert [cadet["id"] for cadet in first + second] == cadets
    assert [cadet["id"] for cadet in roster_client.each_cadet()] == cadets
    assert [member["id"] for member in roster_client.each_staff()] == [staff]
    assert roster_client.get_staff(staff)["position"] == "Instructor"
    assert roster_client.get_staff(999_999) is None


def test_the_snapshot_equals_what_the_events_say(roster_api, roster_client):
    cadet = roster_api.post("/cadets", {"student_id": "2026-1", "first_name": "A", "last_name": "B"}).json["id"]

    [(_, data)] = roster_api.events()

    found = roster_client.get_cadet(cadet)
    assert {name: found[name] for name in data["cadet"]} == data["cadet"]


def test_a_roster_that_does_not_answer_is_told_as_such(make_settings):
    client = RosterClient(make_settings("grading", ROSTER_URL="http://127.0.0.1:9"))

    with pytest.raises(UpstreamDown):
        client.get_cadet(1)


@pytest.mark.parametrize(
    "query", ["cursor=abc", "cursor=-1", "limit=0", "limit=abc", "limit=100000", "cursor=99999999999999999999"]
)
def test_a_feed_query_that_makes_no_sense_is_refused(roster_api, people, query):
    assert roster_api.client.get(f"/internal/cadets?{query}", headers=people.service("auth", "roster")).status_code == 422
