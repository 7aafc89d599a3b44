"""What was acknowledged is there afterwards, whatever was killed; the event arrives late but arrives."""

from __future__ import annotations

import json
import threading
import time
from contextlib import closing

import pytest
import urllib3
import websocket

from cli.local.ports import is_free
from cli.local.runner import LocalStack
from tests.support.rgms_api import RgmsApi, mark
from tests.support.waiting import until

VICTIMS = ("grading", "gateway", "roster", "auth", "media", "realtime", "tasks", "sockets", "worker", "beat", "redis", "postgres")


class Marker(threading.Thread):
    """A phone that keeps sending marks of its cadet, repeats what was not acknowledged, and remembers what was."""

    def __init__(self, api: RgmsApi, day: int, cadet: int) -> None:
        super().__init__(daemon=True)
        self.api, self.day, self.cadet = api, day, cadet
        self.acknowledged: list[dict] = []
        self.finish = threading.Event()

    def run(self) -> None:
        """Send marks until told to finish."""
        seq = 0
        while not self.finish.is_set():
            seq += 1
            record = mark(self.day, self.cadet, ("present", "late", "absent")[seq % 3], seq)
            # To the end: one that was stored unheard would be newer than the last acknowledged.
            while not self._sent(record):
                time.sleep(0.1)

    def _sent(self, record: dict) -> bool:
        try:
            answer = self.api.post("/api/v1/attendance/marks", {"marks": [record]})
        except urllib3.exceptions.HTTPError:
            return False
        if answer.status != 200 or record["id"] not in answer.body["stored"] + answer.body["duplicates"]:
            return False
        self.acknowledged.append(record)
        return True


def frames(socket: websocket.WebSocket, wanted: set[str], seconds: float = 30) -> set[str]:
    """Return the records announced on `socket` once all of `wanted` were; fail when they were not within `seconds`."""
    seen: set[str] = set()

    def more() -> bool:
        try:
            frame = json.loads(socket.recv())
        except websocket.WebSocketTimeoutException:
            return False
        for record in frame["data"].get("marks", []):
            seen.add(record["id"])
        return wanted <= seen

    socket.settimeout(0.5)
    until(more, seconds=seconds, what="every event")
    return seen


@pytest.fixture(scope="module")
def drill(stack):
    """A term with one training day and a small platoon, and its administrator."""
    api = RgmsApi(stack.url)
    api.sign_in()
    term, days = api.term(days=1)
    cadets = [api.cadet(91000 + number)["id"] for number in range(4)]
    return api, term, days[0], cadets


@pytest.mark.requirement("1.3")
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_killed_process_comes_back_and_nothing_acknowledged_is_lost(stack: LocalStack, drill, victim):
    api, _term, day, cadets = drill
    # The killed process of the test before may still be starting.
    until(api.sign_in, seconds=60, what="sign-in")
    # Several at once, so that what dies is busy with the marks of more than one.
    phones = [Marker(RgmsApi(stack.url, timeout=3), day, cadet) for cadet in cadets]
    before = stack.pid(victim)
    for phone in phones:
        phone.api.token = api.token
        phone.start()

    def everybody_marks(more: int) -> None:
        wanted = [(phone, len(phone.acknowledged) + more) for phone in phones]
        until(lambda: all(len(phone.acknowledged) >= count for phone, count in wanted), seconds=40, what="everybody's marks")

    everybody_marks(5)
    stack.kill(victim)
    until(lambda: stack.pid(victim) not in (None, before), seconds=30, what=f"{victim} restarted")
    everybody_marks(5)
    for phone in phones:
        phone.finish.set()
    for phone in phones:
        phone.join(10)

    until(lambda: api.get("/api/health").status == 200, seconds=60, what="a healthy system")
    roll = {
        row["cadet_id"]: row["status"] for row in api.get(f"/api/v1/attendance?training_day_id={day}&page_size=100").ok()["data"]
    }
    assert {phone.cadet: roll[phone.cadet] for phone in phones} == {
        phone.cadet: phone.acknowledged[-1]["status"] for phone in phones
    }
    for phone in phones:
        # Each is known: sent again, it is no news.
        ids = {record["id"] for record in phone.acknowledged[-500:]}
        again = api.post("/api/v1/attendance/marks", {"marks": phone.acknowledged[-500:]}).ok()
        assert set(again["duplicates"]) == ids


@pytest.mark.parametrize("victim", ["redis", "sockets", "grading"])
def test_an_event_of_a_killed_process_arrives_late_but_arrives(stack: LocalStack, drill, victim):
    api, _term, day, cadets = drill
    # The killed process of the test before may still be starting.
    until(api.sign_in, seconds=60, what="sign-in")
    address = stack.url.replace("http", "ws") + "/ws/updates/"
    with closing(websocket.create_connection(f"{address}?token={api.token}", timeout=10)) as socket:
        position = json.loads(socket.recv())["position"]
        record = mark(day, cadets[0])

        stack.kill(victim)
        until(lambda: api.post("/api/v1/attendance/marks", {"marks": [record]}).status == 200, seconds=40, what="the mark stored")

        def announced() -> bool:
            # Who stayed connected hears of it after the order to reload; a newcomer of before the restart is only told to reload.
            if victim == "redis":
                return record["id"] in frames(socket, {record["id"]}, seconds=5)
            try:
                with closing(websocket.create_connection(f"{address}?token={api.token}&position={position}", timeout=5)) as again:
                    return record["id"] in frames(again, {record["id"]}, seconds=5)
            except (OSError, websocket.WebSocketException):
                return False

        until(announced, seconds=60, what="the late event")


def test_a_stopped_system_leaves_no_process_and_starts_again_with_its_data(stack: LocalStack, drill):
    api, term, *_ = drill
    ports = [stack.port + offset for offset in range(8)]

    stack.stop()
    assert all(is_free(port) for port in ports)
    stack.start()

    until(api.sign_in, seconds=60, what="sign-in")
    assert api.get(f"/api/v1/terms/{term}").ok()["id"] == term
