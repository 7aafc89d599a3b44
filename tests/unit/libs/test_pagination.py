"""Lists: twenty by default, a hundred at most, one shape, cursors that only we make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.web.errors import Invalid
from libs.web.jsonio import loads
from libs.web.pagination import decode_cursor, encode_cursor, list_bytes, page_of
from libs.web.schemas import PageArgs


def page(**query):
    return page_of(PageArgs().load(query))


@pytest.mark.requirement("22.1", "22.2")
def test_a_page_is_twenty_by_default_and_a_hundred_at_most():
    assert page().limit == 20
    assert page(page_size="50").limit == 50
    assert page(page_size="100000").limit == page(page_size="9" * 40).limit == 100


@pytest.mark.requirement("22.4")
def test_a_page_number_moves_the_offset():
    assert page(page="3", page_size="10").offset == 20


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"page_size": "-1"}, {"page_size": "1.5"}, {"page": "9" * 30}])
def test_a_nonsense_page_is_refused(query):
    assert PageArgs().validate(query)


@pytest.mark.requirement("22.3")
def test_rows_made_by_the_database_stand_in_the_one_list_shape():
    assert loads(list_bytes(b'[{"id":1}]', page(), 1, "c")) == {
        "data": [{"id": 1}],
        "page": 1,
        "limit": 20,
        "total": 1,
        "next_cursor": "c",
    }


@pytest.mark.requirement("22.5")
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))) | st.integers(-(2**53), 2**53) | st.none()
    )
)
def test_a_cursor_comes_back_as_it_was(values):
    assert decode_cursor(encode_cursor(values)) == tuple(values)


@given(st.text(max_size=40))
def test_a_made_up_cursor_is_refused_or_harmless(text):
    try:
        values = decode_cursor(text)
    except Invalid:
        return
    assert isinstance(values, tuple)
