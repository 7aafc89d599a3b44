"""When two names, and two student numbers, can be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.contracts.student_numbers import number_digits, student_key
from roster_service.domain.same_person import name_words, names_agree


def name(last, first, middle=None, suffix=None):
    return {"last_name": last, "first_name": first, "middle_name": middle, "suffix_name": suffix}


AGREE = [
    (name("Dela Cruz", "Juan"), name("DELA CRUZ", "juan")),
    (name("Peña", "José"), name("Pena", "Jose")),
    (name("D'Oro", "Ana"), name("D’Oro", "Ana")),
    (name("Cruz-Reyes", "Ana"), name("Cruz Reyes", "Ana")),
    (name("Cruz", "Juan Dela"), name("Dela Cruz", "Juan")),
    (name("De la Cruz", "Mary Ann"), name("Dela Cruz", "Maryann")),
    (name("De la Cruz", "Juan"), name("Cruz", "Juan Dela")),
    (name("Juan", "Cruz"), name("Cruz", "Juan")),
    (name("Cruz", "Juan", "M."), name("Cruz", "Juan", "Mendoza")),
    (name("Cruz", "Juan", "Mendoza"), name("Cruz", "Juan")),
    (name("Cruz", "Juan", None, "Jr."), name("Cruz", "Juan")),
    (name("Cruz Jr.", "Juan"), name("Cruz", "Juan", None, "JR")),
    (name("Cruz", "Juan L. Dela"), name("Dela Cruz", "Juan")),
    (name("Cruz", "Maria", "Clara"), name("Cruz", "Maria Clara", "Lim")),
    (name("李", "小龙"), name("李", "小龙")),
]
DISAGREE = [
    (name("Santos", "Maria"), name("Dela Cruz", "Juan")),
    (name("Cruz", "Maria"), name("Reyes", "Maria")),
    (name("Cruz", "Maria", "Santos"), name("Reyes", "Maria", "Cruz")),
    (name("Cruz", "Maria"), name("Reyes", "Maria", "Cruz")),
    (name("Cruz", "Maria"), name("Cruz-Reyes", "Maria")),
    (name("Cruz", "Maria", "Santos"), name("Santos", "Maria", "Cruz")),
    (name("Cruz", "Juan", "Lim"), name("Cruz", "Juan", "Tan")),
    (name("Cruz", "Juan", None, "Jr."), name("Cruz", "Juan", None, "III")),
    (name("Cruz", "Maria Clara"), name("Cruz", "Maria Luisa")),
    (name("Cruz", "Maria Clara"), name("Cruz", "Maria")),
    (name("Dela Cruz", "J."), name("Dela Cruz", "Juan")),
    (name("李", "小龙"), name("王", "明")),
    (name("?", "!"), name("?", "!")),
]


@pytest.mark.parametrize(("one", "other", "agree"), [(*pair, True) for pair in AGREE] + [(*pair, False) for pair in DISAGREE])
def test_names_agree_in_what_a_clerk_would_overlook_and_in_nothing_more(one, other, agree):
    assert names_agree(one, other) is agree
    assert names_agree(other, one) is agree


words = st.text("abcñé -.李", min_size=1, max_size=8)


@given(words, words, words, words)
def test_a_name_agrees_with_itself_in_either_order_however_it_is_written(last, first, middle, other):
    person = name(last, first, middle)
    named = bool(name_words(last) or name_words(first))

    assert names_agree(person, name(last.upper(), first, middle)) is named
    assert names_agree(person, name(first, last, middle)) is named
    assert names_agree(person, name(other, first)) is names_agree(name(other, first), person)


@pytest.mark.parametrize("text", ["2025-00123", "202500123", "2025 00123", "2025–00123", "２０２５－００１２３"])
def test_a_student_number_is_its_digits(text):
    assert student_key(text) == number_digits(text) == "202500123"


@pytest.mark.parametrize("text", ["ana", "AB-1", "2025-00123x", "ana@x.ph", "2025.1", "-1", ""])
def test_what_is_no_number_is_its_own_text(text):
    assert number_digits(text) is None
    assert student_key(text) == text.lower()
