"""Calls that wait for the same piece of work go together, and each gets its own answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading_service.ledger.group_commit import GroupCommit
from tests.support.waiting import until

LONG = 10.0
CALLERS = 12


class Refused(Exception):
    """What the work says of an item that it cannot take."""


class HeldWork:
    """Work that notes its rounds and can be held back at any of them."""

    def __init__(self, refuse: Sequence[Any] = (), *, patience: float = LONG, most: int = 100) -> None:
        self.rounds: list[list[Any]] = []
        self.held: dict[Any, threading.Event] = {}
        self.begun: dict[Any, threading.Event] = {}
        self.refuse = refuse
        self.call = GroupCommit(self._work, keys=lambda item: item, most=most, patience=patience)
        self.callers = ThreadPoolExecutor(CALLERS)

    def _work(self, items: Sequence[Any]) -> dict[Any, str]:
        for item in items:
            if item in self.begun:
                self.begun[item].set()
                assert self.held[item].wait(LONG)
        if any(item in self.refuse for item in items):
            raise Refused(items)
        self.rounds.append(list(items))
        return {item: f"done {item}" for item in items}

    def send(self, item: Any) -> Future:
        """Call from another thread."""
        return self.callers.submit(self.call, item)

    def hold(self, item: Any) -> Callable[[], None]:
        """Send `item`, see it begin, and return what lets it go on."""
        self.begun[item], self.held[item] = threading.Event(), threading.Event()
        self.first = self.send(item)
        assert self.begun[item].wait(LONG)
        return self.held[item].set

    def queue(self, *items: Any) -> list[Future]:
        """Send these, in order, and see that they wait."""
        futures = []
        for item in items:
            futures.append(self.send(item))
            until(lambda item=item: any(caller.item == item for caller in self.call._waiting))
        return futures


def test_a_call_that_finds_nothing_under_way_goes_alone() -> None:
    work = HeldWork()
    assert [work.call(item)[item] for item in ("a", "b")] == ["done a", "done b"]
    assert work.rounds == [["a"], ["b"]]


def test_calls_that_come_meanwhile_go_together_in_the_next_round() -> None:
    work = HeldWork()
    go_on = work.hold("a")
    others = work.queue("b", "c", "d")
    go_on()
    assert [future.result(LONG)[item] for item, future in zip("bcd", others, strict=True)] == ["done b", "done c", "done d"]
    assert work.rounds == [["a"], ["b", "c", "d"]]


def test_what_shares_a_key_waits_for_another_round() -> None:
    work = HeldWork()
    go_on = work.hold("a")
    others = work.queue("bc", "cd", "e")
    go_on()
    for future in others:
        future.result(LONG)
    assert work.rounds == [["a"], ["bc", "e"], ["cd"]]


def test_a_round_weighs_no_more_than_the_most_and_a_heavy_item_goes_by_itself() -> None:
    work = HeldWork(most=4)
    go_on = work.hold("a")
    others = work.queue("bcdefg", "hij", "kl", "m")
    go_on()
    for future in others:
        future.result(LONG)
    assert work.rounds == [["a"], ["bcdefg"], ["hij", "m"], ["kl"]]


def test_one_that_fails_spoils_nobody_elses_call(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    work = HeldWork(refuse=["c"])
    go_on = work.hold("a")
    b, c, d = work.queue("b", "c", "d")
    go_on()
    assert (b.result(LONG), d.result(LONG)) == ({"b": "done b"}, {"d": "done d"})
    with pytest.raises(Refused) as refused:
        c.result(LONG)
    assert refused.value.args == (["c"],)
    told = [record for record in caplog.records if record.name == GroupCommit.__module__]
    assert [(record.callers, record.reason) for record in told] == [(3, "Refused")]


def test_a_round_that_is_stuck_holds_up_nobody_for_long() -> None:
    work = HeldWork(patience=0.01)
    go_on = work.hold("a")
    assert work.send("b").result(LONG) == {"b": "done b"}
    go_on()
    assert work.first.result(LONG) == {"a": "done a"}
    assert work.call("c") == {"c": "done c"}


def test_a_leader_whose_thread_is_ended_leaves_the_others_their_answers() -> None:
    class Ended(BaseException):
        pass

    calls: list[list[str]] = []
    gate = threading.Event()

    def work(items: Sequence[str]) -> list[str]:
        calls.append(list(items))
        if len(calls) == 1:
            assert gate.wait(LONG)
        if len(items) > 1:
            raise Ended
        return list(items)

    call = GroupCommit(work, keys=lambda item: item, most=100, patience=LONG)
    with ThreadPoolExecutor(3) as callers:
        first = callers.submit(call, "a")
        until(lambda: bool(calls))
        leader = callers.submit(call, "b")
        until(lambda: len(call._waiting) == 1)
        other = callers.submit(call, "c")
        until(lambda: len(call._waiting) == 2)
        gate.set()
        assert (first.result(LONG), other.result(LONG)) == (["a"], ["c"])
        with pytest.raises(Ended):
            leader.result(LONG)
        assert call("d") == ["d"]


@given(
    st.lists(st.frozensets(st.integers(0, 8), min_size=1, max_size=3), min_size=1, max_size=CALLERS),
    st.frozensets(st.integers(0, 8), max_size=2),
    st.sampled_from([0.0005, LONG]),
    st.integers(1, 6),
)
def test_whoever_comes_with_whom_each_is_answered_and_done_once(
    items: list[frozenset[int]], bad: frozenset[int], patience: float, most: int
) -> None:
    done: list[int] = []
    shared: list[list[frozenset[int]]] = []

    def work(round_: Sequence[tuple[int, frozenset[int]]]) -> set[int]:
        if len({key for _, keys in round_ for key in keys}) < sum(len(keys) for _, keys in round_):
            shared.append([keys for _, keys in round_])
        if any(keys & bad for _, keys in round_):
            raise Refused
        done.extend(number for number, _ in round_)
        return {number for number, _ in round_}

    call = GroupCommit(work, keys=lambda item: item[1], most=most, patience=patience)
    gate = threading.Barrier(len(items))

    def send(item: tuple[int, frozenset[int]]) -> bool:
        gate.wait(LONG)
        try:
            return item[0] in call(item)
        except Refused:
            return False

    with ThreadPoolExecutor(len(items)) as callers:
        answers = list(callers.map(send, enumerate(items), timeout=LONG))
    expected = [not keys & bad for keys in items]
    assert answers == expected
    assert sorted(done) == [number for number, good in enumerate(expected) if good]
    assert shared == []
