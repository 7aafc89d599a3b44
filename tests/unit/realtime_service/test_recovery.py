"""A client that was away: it gets exactly what it missed, or is told to reload; never a silent gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.streams import Entry, Gap, Position
from realtime_service.sockets.recovery import MAX_REPLAY, recover

EPOCH = "0123456789abcdef"


def at(number: int, epoch: str = EPOCH) -> Position:
    return Position(epoch, f"{number}-0")


class Stream:
    """A stream of entries 1..newest of which those up to `trimmed` are gone."""

    def __init__(self, newest: int, trimmed: int = 0) -> None:
        self.newest, self.trimmed = newest, trimmed

    def read(self, after: Position, until: Position, count: int) -> list[Entry]:
        first = after.order[0]
        if first <= self.trimmed and first < self.newest and self.trimmed:
            raise Gap("trimmed")
        numbers = range(first + 1, min(until.order[0], self.newest) + 1)
        return [Entry(at(number), "", b"{}") for number in numbers][:count]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_client_gets_every_missed_event_in_order_or_is_told_to_reload(asked, newest, trimmed):
    stream = Stream(newest, min(trimmed, newest))

    result = recover(str(at(asked)), at(newest), stream.read)

    if result.reset:
        assert asked < newest
        assert 0 < stream.trimmed >= asked
    else:
        assert [entry.position.order[0] for entry in result.entries] == list(range(asked + 1, newest + 1))


@given(st.text())
def test_an_unreadable_position_means_reload(text):
    assert recover(text, at(5), Stream(5).read).reset or Position.parse(text) is not None


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("nonsense", "position_invalid"),
        (str(at(3, "f" * 16)), "stream_restarted"),
        (str(at(2)), "position_too_old"),
    ],
)
def test_a_reset_says_why(asked, reason):
    assert recover(asked, at(9), Stream(9, trimmed=4).read).reason == reason


def test_a_client_that_was_away_too_long_reloads_instead_of_replaying_everything():
    assert recover(str(at(1)), at(MAX_REPLAY + 2), Stream(MAX_REPLAY + 2).read).reason == "position_too_old"
    assert len(recover(str(at(2)), at(MAX_REPLAY + 2), Stream(MAX_REPLAY + 2).read).entries) == MAX_REPLAY
