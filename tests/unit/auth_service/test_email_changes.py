"""When another address becomes the one by which a password is reset."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auth_service.domain.email_changes import Account, Step, judge, may_undo, same

ADDRESSES = st.sampled_from([None, "ana@unit.ph", "ANA@unit.ph", "ana@home.ph", "thief@evil.ph"])
WAITING = st.sampled_from(["", "ana@home.ph", "thief@evil.ph"])
ACCOUNTS = st.builds(Account, email=ADDRESSES, activated=st.booleans(), waiting=WAITING, rejected=WAITING)


@given(ACCOUNTS, ADDRESSES)
def test_nobody_but_the_owner_moves_the_address_of_an_account_that_has_one_or_is_in_use(account, given_address):
    step = judge(account, given_address, by_owner=False)

    assert step is not Step.APPLY
    if account.email or account.activated:
        assert step is not Step.TAKE


@given(ACCOUNTS, ADDRESSES)
def test_what_was_not_wanted_once_does_not_come_again_by_itself(account, given_address):
    if account.rejected and same(account.rejected, given_address) and (account.email or account.activated):
        assert judge(account, given_address, by_owner=False) in {Step.NOTHING, Step.WITHDRAW}


@given(ACCOUNTS, ADDRESSES)
def test_an_owner_s_other_address_counts_at_once_and_the_same_one_changes_nothing(account, given_address):
    step = judge(account, given_address, by_owner=True)
    assert (step is Step.APPLY) == (not same(account.email, given_address))


@given(ACCOUNTS)
def test_going_back_to_the_address_that_counts_takes_a_waiting_one_away(account):
    assert judge(account, account.email, by_owner=False) is (Step.WITHDRAW if account.waiting else Step.NOTHING)


@given(st.integers(min_value=0, max_value=20 * 86_400))
def test_a_change_can_be_undone_for_seven_days(seconds):
    applied = datetime(2026, 11, 1, tzinfo=UTC)
    assert may_undo(applied, applied + timedelta(seconds=seconds)) == (seconds < 7 * 86_400)
