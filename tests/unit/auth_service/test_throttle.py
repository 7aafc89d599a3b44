"""When a sign-in attempt has to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.throttle import (
    MAX_DELAY_SECONDS,
    Failures,
    Limits,
    Visitor,
    delay_for,
    judge,
    lines_of,
    rate_limit_subject,
)

LIMITS = Limits()
NOW = 1_000_000.0
TIMES = st.none() | st.floats(min_value=NOW - LIMITS.window + 1, max_value=NOW)
COUNTS = st.integers(min_value=0, max_value=10_000)
STRANGER, KNOWN = Visitor("203.0.113.7"), Visitor("203.0.113.7", "tablet")


def judged(failures: Failures, visitor: Visitor = STRANGER):
    return judge(failures, LIMITS, visitor, now=NOW)


@pytest.mark.requirement("9.6")
def test_the_sixth_try_of_one_account_from_one_place_waits_until_the_first_failure_is_fifteen_minutes_old():
    for visitor in (STRANGER, KNOWN):
        verdict = judged(Failures(NOW - 600, NOW - 200, 5, 0), visitor)
        assert (verdict.reason, verdict.retry_after, verdict.again) == ("pair", 300, None)


@given(account=COUNTS, address=COUNTS)
def test_strangers_stand_in_the_lines_of_a_guessed_account_and_of_a_crowded_address_and_nowhere_else(account, address):
    lines = lines_of(Failures(None, None, account, address), LIMITS, STRANGER)

    assert lines == ["account"] * (account >= 30) + ["address"] * (address >= 300)


@given(account=COUNTS, address=COUNTS, last=TIMES)
def test_nothing_that_strangers_do_keeps_a_known_device_waiting(account, address, last):
    failures = Failures(None, last, account, address)

    assert lines_of(failures, LIMITS, KNOWN) == []
    assert not judged(failures, KNOWN).refused


@given(account=COUNTS, address=COUNTS)
def test_an_address_that_never_failed_on_an_account_is_never_delayed_by_the_failures_of_others(account, address):
    assert not judged(Failures(None, None, account, address)).refused


@given(TIMES, TIMES, COUNTS, COUNTS, st.sampled_from([STRANGER, KNOWN]))
def test_no_wait_is_longer_than_the_window(blocking, last, account, address, visitor):
    verdict = judged(Failures(blocking, last, account, address), visitor)

    assert 0 <= verdict.retry_after <= LIMITS.window
    assert verdict.refused == (verdict.retry_after > 0)


@given(TIMES, TIMES, COUNTS)
def test_the_owner_is_told_from_the_thirtieth_failure_of_strangers_on(blocking, last, account):
    assert judged(Failures(blocking, last, account, 0)).guessed == (account >= 30)


@given(COUNTS)
def test_the_delay_grows_with_the_failures_of_an_account_and_stays_bounded(failures):
    assert delay_for(failures, LIMITS) <= delay_for(failures + 1, LIMITS) <= MAX_DELAY_SECONDS


def test_an_address_that_failed_on_a_much_attacked_account_waits_between_its_tries():
    assert judged(Failures(None, NOW - 3, 12, 0)).retry_after == 1
    assert not judged(Failures(None, NOW - 5, 12, 0)).refused


def test_all_addresses_of_one_ipv6_network_count_as_one():
    assert (
        rate_limit_subject("2001:db8:1:2::1")
        == rate_limit_subject("2001:db8:1:2:ffff:ffff:ffff:ffff")
        != rate_limit_subject("2001:db8:1:3::1")
    )
    assert rate_limit_subject("::ffff:203.0.113.7") == rate_limit_subject("203.0.113.7") == "203.0.113.7"
    assert rate_limit_subject("unknown") == "unknown"


@given(st.text(max_size=64))
def test_anything_in_the_place_of_an_address_has_a_place(address):
    assert isinstance(rate_limit_subject(address), str)


@given(st.text(max_size=64), st.text(min_size=1, max_size=64))
def test_no_address_has_the_place_of_a_device(address, device):
    assert Visitor(address, device).place != Visitor(address).place or address == f"device {device}"
