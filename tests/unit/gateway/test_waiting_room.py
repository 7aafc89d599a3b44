"""Waiting has an end, and so has the number of those who wait."""

from __future__ import annotations

import time

import gevent

from gateway.request_context import RequestContext
from gateway.waiting_room import SPREAD_SECONDS, WaitingRoom
from libs.web.devices import Device


def request(address: str, device: str = "") -> RequestContext:
    return RequestContext(address, "https", "id", time.perf_counter(), device=Device(device) if device else None)


def test_one_request_waits_so_long_and_no_longer_all_its_turns_together() -> None:
    room, one = WaitingRoom(patience=1.0), request("203.0.113.7")
    assert not room.wait(one, 1.1)
    started, turns = time.monotonic(), 0
    while room.wait(one, 0.2):
        turns += 1
    assert 1 <= turns <= 5
    assert time.monotonic() - started < 1.0 + SPREAD_SECONDS + 0.5


def test_so_many_of_one_address_wait_and_so_many_in_all_and_places_are_given_back() -> None:
    room = WaitingRoom(at_once=3, each=2)

    def waiting(address: str, device: str = "") -> gevent.Greenlet:
        return gevent.spawn(room.wait, request(address, device), 0.2)

    crowd = [waiting(address) for address in ("a", "a", "a", "b", "c")]
    gevent.joinall(crowd)
    assert [each.value for each in crowd] == [True, True, False, True, False]
    later = [waiting("a"), waiting("a"), waiting("a", "my-tablet")]
    gevent.joinall(later)
    assert [each.value for each in later] == [True] * 3
