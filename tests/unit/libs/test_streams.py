"""Positions in the stream: what counts as one, and which comes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.streams import Position

numbers = st.integers(0, 2**64 - 1)
epochs = st.text("0123456789abcdef", min_size=8, max_size=32)


@given(epochs, numbers, numbers)
def test_a_position_reads_back_as_it_was_written(epoch, first, second):
    position = Position(epoch, f"{first}-{second}")

    assert Position.parse(str(position)) == position
    assert position.order == (first, second)


@given(st.one_of(st.text(), st.none(), st.integers(), st.binary(), st.lists(st.text())))
def test_anything_else_is_no_position_and_raises_nothing(value):
    parsed = Position.parse(value)

    assert parsed is None or str(parsed) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "abc", "0123456789abcdef:1", "0123456789abcdef:-1-0", "0123456789ABCDEF:1-0", "0123456789abcdef:1-0 ",
        f"0123456789abcdef:{2**64}-0", "0123456789abcdef:$", "0123456789abcdef:١-0", "\x00", "0123456789abcdef:1-0\n",
    ],
)  # fmt: skip
def test_a_hostile_position_is_refused(text):
    assert Position.parse(text) is None


def test_positions_order_as_numbers_not_as_text():
    assert Position("0" * 16, "9-0").order < Position("0" * 16, "10-0").order
