"""The shared fields: what is not clean text, a fitting id or a zoned instant never reaches an operation."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from libs.web.schemas import Day, Id, Instant, Schema, Text, Whole, exact


class Sample(Schema):
    name = Text(20, low=1)
    note = Text(100, multiline=True, blank_as_none=True)
    id = Id()
    at = Instant()
    day = Day()
    size = Whole(1, 10, strict=False)


def problems(**data) -> set[str]:
    return set(Sample().validate(data))


@pytest.mark.requirement("20.1")
@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 21),
        ("name", 5),
        ("name", None),
        ("name", ["x"]),
        ("name", "a\x00b"),
        ("name", "\ud800"),
        ("name", "abc\u202edef"),
        ("id", 0),
        ("id", 2**31),
        ("id", "x"),
        ("id", True),
        ("id", 1.5),
        ("at", "2026-01-01T08:00:00"),
        ("at", "yesterday"),
        ("at", 5),
        ("at", "1999-12-31T00:00:00Z"),
        ("day", "2026-13-01"),
        ("day", "01/02/2026"),
        ("day", 20260101),
        ("size", "ten"),
        ("size", "99999999999999999999"),
    ],
)
def test_a_wrong_value_is_refused_by_field(field, bad):
    assert problems(**{field: bad}) == {field}


@pytest.mark.parametrize("pasted", ["a\tb", "a\r\nb", "a\n\n\u2028b\n", "\ta\rb "])
def test_a_line_break_or_tab_in_one_line_of_text_becomes_a_space(pasted):
    assert Sample().load({"name": pasted}, partial=True)["name"] == "a b"


def test_an_unknown_field_is_refused():
    assert problems(nick="x") == {"nick"}


def test_text_is_trimmed_and_composed_and_hostile_text_stays_plain_text():
    loaded = Sample().load({"name": "  Ordon\u0303ez ", "note": "<script>alert(1)</script>\n'; DROP TABLE cadet;--"})

    assert loaded == {"name": "Ordoñez", "note": "<script>alert(1)</script>\n'; DROP TABLE cadet;--"}


@given(st.text(max_size=40))
def test_any_text_is_either_refused_or_safe_to_store(text):
    try:
        loaded = Sample().load({"note": text})["note"]
    except ValidationError:
        return
    assert loaded is None or (loaded and "\x00" not in loaded and loaded.encode())


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.text(max_size=12) | st.floats() | st.booleans() | st.none())
def test_an_exact_number_keeps_its_value_or_is_refused(value):
    given_value = str(value) if isinstance(value, Decimal) else value
    try:
        number = exact(given_value, places=2, low=Decimal(0), high=Decimal(100))
    except ValidationError:
        return
    assert 0 <= number <= 100
    assert number == Decimal(str(given_value).strip())
