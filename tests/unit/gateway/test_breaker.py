"""A service that does not answer is left alone for a while, then tried by one request."""

from __future__ import annotations

import pytest

from gateway.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker
from libs.web.errors import UpstreamDown


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("roster", in_flight=3, clock=clock)


def fail(breaker: Breaker, times: int = FAILURES) -> None:
    for _ in range(times):
        trying = breaker.enter()
        breaker.fail()
        breaker.leave(trying)


def test_a_few_failures_are_borne(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    breaker.enter()
    breaker.succeed()
    assert breaker.state == "closed"


def test_repeated_failures_open_it_and_the_refusal_says_when_to_return(breaker: Breaker) -> None:
    fail(breaker)
    with pytest.raises(UpstreamDown) as refusal:
        breaker.enter()
    assert breaker.state == "open"
    assert refusal.value.status == 503
    assert refusal.value.retry_after >= 1


def test_after_the_pause_one_request_tries_and_the_others_wait_for_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker)
    clock.now += FIRST_PAUSE
    assert breaker.state == "half-open"
    breaker.enter()
    with pytest.raises(UpstreamDown):
        breaker.enter()
    breaker.succeed()
    assert breaker.state == "closed"
    breaker.enter()


def test_each_failed_try_doubles_the_pause_up_to_a_bound(breaker: Breaker, clock: Clock) -> None:
    fail(breaker)
    for _ in range(8):
        clock.now += LONGEST_PAUSE
        trying = breaker.enter()
        breaker.fail()
        breaker.leave(trying)
    with pytest.raises(UpstreamDown) as refusal:
        breaker.enter()
    assert refusal.value.retry_after == LONGEST_PAUSE


def test_a_client_that_goes_away_during_the_try_does_not_block_the_next(breaker: Breaker, clock: Clock) -> None:
    fail(breaker)
    clock.now += FIRST_PAUSE
    breaker.leave(breaker.enter())
    breaker.enter()


def test_a_stuck_service_cannot_take_every_connection(breaker: Breaker) -> None:
    for _ in range(3):
        breaker.enter()
    with pytest.raises(UpstreamDown) as refusal:
        breaker.enter()
    assert refusal.value.code == "upstream_busy"
    breaker.succeed()
    with pytest.raises(UpstreamDown):
        breaker.enter()
    breaker.leave(False)
    breaker.enter()
