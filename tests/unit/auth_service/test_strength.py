"""A password is refused when a guesser who knows the unit and the owner would find it soon."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auth_service.strength import UNIT_WORDS, weaknesses

OWNER = ("2026-10482", "Juan S. Dela Cruz")
KNOWN = (*UNIT_WORDS, "juan", "dela", "cruz", "2026-10482", "202610482", "ROTC", "Juan", "DelaCruz")


@pytest.mark.parametrize(
    "password",
    [
        "password12345678",
        "2026-10482!",
        "JuanDelaCruz1",
        "msusndrotc2026",
        "Rotc-msu-2026",
        "rotcmsusndcadet!",
        "qwertyuiop123",
        "Naawan2026!",
        "juan10482cruz",
    ],
)
def test_what_everyone_or_anyone_here_would_try_is_refused_with_a_reason(password):
    (reason,) = weaknesses(password, own=OWNER)
    assert len(reason) > 20


@pytest.mark.parametrize(
    "password", ["ang bayan kong sinilangan", "seven green chairs", "Muster-at-0700", "rotc seven green chairs", "tG7#kq9zLw"]
)
def test_a_few_words_of_ones_own_are_enough(password):
    assert weaknesses(password, own=OWNER) == []


@settings(max_examples=60, deadline=None)
@example(["2026-10482", "2026-10482", "202610482", "2026-10482"], "_", "")
@given(
    st.lists(st.sampled_from(KNOWN), min_size=1, max_size=5),
    st.sampled_from(["", "-", "_", " "]),
    st.sampled_from(["", "1", "123", "2026", "!"]),
)
def test_no_joining_of_known_words_makes_them_enough(words, between, end):
    assert weaknesses(between.join(words) + end, own=OWNER)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=256), st.text(max_size=150), st.text(max_size=200))
def test_any_text_is_judged(password, username, name):
    assert isinstance(weaknesses(password, own=(username, name)), list)


def test_a_long_password_costs_no_more_than_a_short_one():
    started = time.process_time()
    weaknesses("@4sS0" * 51, own=OWNER)
    assert time.process_time() - started < 0.5
