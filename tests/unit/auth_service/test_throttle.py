"""When a sign-in attempt has to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.throttle import MAX_DELAY_SECONDS, Failures, Limits, delay_for, judge, rate_limit_subject

LIMITS = Limits()
NOW = 1_000_000.0
TIMES = st.none() | st.floats(min_value=NOW - LIMITS.window + 1, max_value=NOW)


@pytest.mark.requirement("9.6")
def test_the_sixth_try_of_one_account_from_one_address_waits_until_the_first_failure_is_fifteen_minutes_old():
    verdict = judge(Failures(NOW - 600, NOW - 200, 5, None), LIMITS, now=NOW)

    assert (verdict.reason, verdict.retry_after) == ("pair", 300)
    assert not judge(Failures(None, NOW - 200, 4, None), LIMITS, now=NOW).refused


def test_an_address_with_too_many_failures_over_all_accounts_waits():
    verdict = judge(Failures(None, None, 0, NOW - 890), LIMITS, now=NOW)

    assert (verdict.reason, verdict.retry_after) == ("address", 10)


@given(st.integers(min_value=0, max_value=10_000))
def test_an_address_that_never_failed_on_an_account_is_never_delayed_by_the_failures_of_others(account):
    assert not judge(Failures(None, None, account, None), LIMITS, now=NOW).refused


@given(TIMES, TIMES, TIMES, st.integers(min_value=0, max_value=10_000))
def test_no_wait_is_longer_than_the_window(blocking, last, address, account):
    verdict = judge(Failures(blocking, last, account, address), LIMITS, now=NOW)

    assert 0 <= verdict.retry_after <= LIMITS.window
    assert verdict.refused == (verdict.retry_after > 0)


@given(st.integers(min_value=0, max_value=10_000))
def test_the_delay_grows_with_the_failures_of_an_account_and_stays_bounded(failures):
    assert delay_for(failures, LIMITS) <= delay_for(failures + 1, LIMITS) <= MAX_DELAY_SECONDS


def test_an_address_that_failed_on_a_much_attacked_account_waits_between_its_tries():
    assert judge(Failures(None, NOW - 3, 12, None), LIMITS, now=NOW).retry_after == 1
    assert not judge(Failures(None, NOW - 5, 12, None), LIMITS, now=NOW).refused


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
