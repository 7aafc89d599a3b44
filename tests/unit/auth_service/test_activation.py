"""Activation codes that people copy from a card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain import activation

CODES = st.lists(st.integers(0, len(activation.ALPHABET) - 1), min_size=9, max_size=9).map(activation.code_from)


@given(CODES, st.booleans())
def test_a_printed_code_is_understood_in_any_case_with_spaces_and_dashes(code, lower):
    typed = activation.printable(code).replace("-", " - ")

    assert activation.normalise(typed.lower() if lower else typed) == code


@given(CODES, st.integers(0, 9), st.sampled_from(activation.ALPHABET))
def test_every_single_mistyped_letter_is_noticed(code, place, letter):
    typed = code[:place] + letter + code[place + 1 :]

    assert activation.normalise(typed) == (code if typed == code else None)


@given(CODES, st.integers(0, 8))
def test_every_swap_of_neighbours_is_noticed(code, place):
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert activation.normalise(typed) == (code if typed == code else None)


@given(st.text(max_size=60))
def test_any_text_is_either_a_code_or_refused(typed):
    code = activation.normalise(typed)

    assert code is None or activation.normalise(code) == code


def test_no_letter_of_a_code_can_be_taken_for_another():
    assert not set(activation.ALPHABET) & set("01OIL")
    assert len(set(activation.ALPHABET)) == 31


def test_a_code_is_made_of_nine_numbers():
    with pytest.raises(ValueError):
        activation.code_from([1, 2, 3])
