"""The limiter used while Redis is away: the same rule, in memory, bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.limits import WINDOW, LocalLimiter


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 300))
def test_exactly_the_limit_passes_at_once_and_the_next_is_told_how_long_to_wait(limit: int) -> None:
    clock = Clock()
    limiter = LocalLimiter(clock)
    assert [limiter.verdict([("user:1", limit)]) for _ in range(limit)] == [0] * limit
    wait = limiter.verdict([("user:1", limit)])
    assert 0 < wait <= WINDOW / limit * 1000 + 1
    clock.now += wait / 1000
    assert limiter.verdict([("user:1", limit)]) == 0


def test_subjects_do_not_disturb_each_other() -> None:
    limiter = LocalLimiter(Clock())
    assert limiter.verdict([("user:1", 1)]) == 0
    assert limiter.verdict([("user:1", 1)]) > 0
    assert limiter.verdict([("user:2", 1)]) == 0


def test_a_refused_request_counts_against_nobody() -> None:
    limiter = LocalLimiter(Clock())
    limiter.verdict([("user:1", 1), ("address:a", 2)])
    for _ in range(5):
        assert limiter.verdict([("user:1", 1), ("address:a", 2)]) > 0
    assert limiter.verdict([("user:2", 1), ("address:a", 2)]) == 0


def test_memory_is_bounded() -> None:
    limiter = LocalLimiter(Clock(), remembered=100)
    for number in range(1000):
        limiter.verdict([(f"user:{number}", 5)])
    assert len(limiter._earned) == 100
